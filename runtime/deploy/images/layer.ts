import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Gzip } from 'fflate';
import type { Blob } from './registry/blobs.ts';
import { digestOf } from './registry/manifest.ts';
import { tarOf, type TarFile } from './tar.ts';

/** What is compressed before others get their turn: some milliseconds. */
const portionBytes = 256 * 1024;

/** A layer of an image, compressed. */
export interface Layer {
  /** What it holds, for the image's history. */
  title: string;
  /** Digest of what is compressed in it. */
  diffId: string;
  blob: Blob & { content: { bytes: Uint8Array } };
}

/**
 * Packs files as a layer: the same files give the same bytes on every machine, as the compression is JavaScript (zlib's output
 * differs between its builds). The host serves on meanwhile.
 */
export async function packLayer(
  title: string,
  files: readonly TarFile[],
  signal: AbortSignal,
): Promise<Layer> {
  const chunks: Uint8Array[] = [];
  const content = createHash('sha256');
  const gzip = new Gzip({ level: 6, mtime: 0 }, (chunk) => chunks.push(chunk));
  for await (const bytes of tarOf(files)) {
    content.update(bytes);
    for (let at = 0; at < bytes.byteLength; at += portionBytes) {
      signal.throwIfAborted();
      gzip.push(bytes.subarray(at, at + portionBytes));
      if (bytes.byteLength > portionBytes) await nextTurn();
    }
  }
  gzip.push(new Uint8Array(0), true);
  const packed = Buffer.concat(chunks);
  return {
    title,
    diffId: `sha256:${content.digest('hex')}`,
    blob: { digest: digestOf(packed), size: packed.length, content: { bytes: packed } },
  };
}
