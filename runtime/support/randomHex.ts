import { randomBytes } from 'node:crypto';

/** Bytes drawn at a time: asking the system for a few at every call costs more than using them. */
const drawn = 4096;
let digits = '';
let used = 0;

/** Random hexadecimal digits, for ids that must not repeat; at most 8192 of them. */
export function randomHex(length: number): string {
  if (used + length > digits.length) {
    digits = randomBytes(drawn).toString('hex');
    used = 0;
  }
  used += length;
  return digits.slice(used - length, used);
}
