import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { decodeEntry, type JournalEntry } from './journalEntry.ts';

/** A longer line is no entry: bodies, log lines and their number are bounded when they are recorded. */
const longestLine = 256 * 1024 * 1024;

const lineBreak = 0x0a;

/** What one reading gives. */
export interface JournalPortion {
  entries: JournalEntry[];
  /** Where the next reading begins: behind the last whole line. */
  offset: number;
  /** Lines that are no entries. */
  rubbish: number;
}

/** Bytes of a journal; undefined when it is gone. */
export function journalSize(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

/**
 * Reads whole lines from an offset: about `bytes`, or one line when that is longer. An offset that does not move is
 * the end: nothing more has been written, or the rest is a line that was cut off. Undefined when the file is gone.
 */
export function readJournal(file: string, offset: number, bytes: number): JournalPortion | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    for (let size = bytes; ; size *= 4) {
      const buffer = Buffer.allocUnsafe(size);
      const length = readSync(descriptor, buffer, 0, size, offset);
      const end = buffer.subarray(0, length).lastIndexOf(lineBreak);
      if (end >= 0) return decode(buffer.subarray(0, end), offset + end + 1);
      if (length < size) return { entries: [], offset, rubbish: 0 };
      if (size > longestLine) return { entries: [], offset: offset + length, rubbish: 1 };
    }
  } finally {
    closeSync(descriptor);
  }
}

function decode(text: Buffer, offset: number): JournalPortion {
  const entries: JournalEntry[] = [];
  let rubbish = 0;
  for (let start = 0; start <= text.length;) {
    let end = text.indexOf(lineBreak, start);
    if (end < 0) end = text.length;
    const entry = decodeEntry(text.toString('utf8', start, end));
    if (entry) entries.push(entry);
    // A writer that failed in the middle of a line ends it before it goes on.
    else if (end > start) rubbish++;
    start = end + 1;
  }
  return { entries, offset, rubbish };
}

/** Where the newest `most` lines begin that lie at or behind `offset`, and how many there are. */
export function newestLines(file: string, offset: number, most: number): { offset: number; lines: number } {
  const step = 1024 * 1024;
  const starts: number[] = [];
  let lines = 0;
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(step);
    let start = offset;
    for (let at = offset; ;) {
      const length = readSync(descriptor, buffer, 0, step, at);
      if (length === 0) break;
      const chunk = buffer.subarray(0, length);
      for (let index = chunk.indexOf(lineBreak); index >= 0; index = chunk.indexOf(lineBreak, index + 1)) {
        starts[lines++ % most] = start;
        start = at + index + 1;
      }
      at += length;
    }
  } finally {
    closeSync(descriptor);
  }
  if (lines <= most) return { offset, lines };
  return { offset: starts[lines % most]!, lines: most };
}
