import { closeSync, existsSync, openSync, readSync, unwatchFile, watchFile, writeFileSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** Copies what others append to a file to a stream, as it comes. The returned function copies the rest and stops. */
export function followFile(path: string, to: Writable): () => void {
  if (!existsSync(path)) writeFileSync(path, '');
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(65_536);
  const copy = () => {
    for (let length = 1; length > 0;) {
      length = readSync(file, buffer);
      if (length > 0) to.write(Buffer.from(buffer.subarray(0, length)));
    }
  };
  copy();
  // Polling works on every file system, and half a second is soon enough for a reader.
  watchFile(path, { interval: 500 }, copy);
  let following = true;
  return () => {
    if (!following) return;
    following = false;
    unwatchFile(path, copy);
    copy();
    closeSync(file);
  };
}
