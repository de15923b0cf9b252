import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { PorchlightError } from '../model/errors.ts';
import { contentHash, type Archive, type ArchiveFile } from './archive.ts';

/** "Made on Unix": the upper half of the attributes is then the mode of the file. */
const unix = 3;
/** What is compressed before others get their turn: some milliseconds. */
const portionBytes = 256 * 1024;

/**
 * An archive as a ZIP file. The same content gives the same bytes on every machine: order, times and modes are fixed,
 * and the compression is JavaScript, as zlib's output differs between its builds. Clouds want files that others can
 * read. A file that changed since it was hashed makes the plan outdated. The host serves on meanwhile.
 */
export async function zipArchive(archive: Archive, signal?: AbortSignal): Promise<Uint8Array> {
  // The earliest time a ZIP file can state. It states local time: this is the same in every zone.
  const mtime = new Date(1980, 0, 1);
  const chunks: Uint8Array[] = [];
  let failure: Error | undefined;
  const zip = new Zip((error, chunk) => {
    if (error) failure = error;
    else chunks.push(chunk);
  });
  for (const file of archive.files) {
    const bytes = await contentOf(file);
    const entry =
      bytes.length === 0 ? new ZipPassThrough(file.path) : new ZipDeflate(file.path, { level: 6 });
    entry.mtime = mtime;
    entry.os = unix;
    entry.attrs = ((file.executable ? 0o100755 : 0o100644) << 16) >>> 0;
    zip.add(entry);
    for (let at = 0; at === 0 || at < bytes.length; at += portionBytes) {
      signal?.throwIfAborted();
      entry.push(bytes.subarray(at, at + portionBytes), at + portionBytes >= bytes.length);
      await nextTurn();
    }
  }
  zip.end();
  if (failure) throw failure;
  return Buffer.concat(chunks);
}

/** The bytes that were hashed. */
async function contentOf({ content, sha256 }: ArchiveFile): Promise<Uint8Array> {
  const bytes = 'data' in content ? content.data : await readFile(content.file);
  if (contentHash(bytes) !== sha256) throw new PorchlightError('PLAN_UNKNOWN');
  return bytes;
}
