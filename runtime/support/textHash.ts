import { createHash } from 'node:crypto';

/** Identifies a text, whatever its line ends and whether a byte order mark stands before it. */
export function textHash(text: string): string {
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  return createHash('sha256').update(plain).digest('hex').slice(0, 16);
}
