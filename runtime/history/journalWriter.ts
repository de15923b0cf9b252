import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryLimits } from './historyLimits.ts';
import { segmentName } from './journalFolder.ts';

/** The file system as the journal needs it; tests pass one that fails. */
export interface JournalFiles {
  makeFolder(folder: string): void;
  /** Opens a new file for writing. */
  open(file: string): number;
  /** Returns how many bytes were written: fewer when the disk is full. */
  write(descriptor: number, text: string): number;
  close(descriptor: number): void;
  remove(file: string): void;
}

const realFiles: JournalFiles = {
  makeFolder: (folder) => mkdirSync(folder, { recursive: true }),
  // Records hold what the user's functions were given: for nobody else's eyes.
  open: (file) => openSync(file, 'wx', 0o600),
  write: (descriptor, text) => writeSync(descriptor, text),
  close: closeSync,
  remove: (file) => rmSync(file, { force: true }),
};

/** Bytes after which the next segment begins, so that what has been taken into the database can go. */
const segmentBytes = 8 * 1024 * 1024;

/** After a failure the disk is left alone this long. */
const retryMs = 1000;

interface Segment {
  file: string;
  descriptor: number;
  entries: number;
  bytes: number;
}

/**
 * Appends to a session's journal, synchronously: what `write` took is in the system's page cache and outlives this
 * process, not a power cut. Begins with the first write.
 */
export class JournalWriter {
  readonly #folder: string;
  readonly #session: string;
  readonly #limits: HistoryLimits;
  readonly #files: JournalFiles;
  readonly #segmentBytes: number;
  readonly #now: () => number;
  #number = 0;
  #open: Segment | undefined;
  /** Closed segments that may not have been taken yet, oldest first. */
  #closed: Segment[] = [];
  #failedAt: number | undefined;

  constructor(
    folder: string,
    session: string,
    limits: HistoryLimits,
    { files = realFiles, bytes = segmentBytes, now = () => performance.now() } = {},
  ) {
    this.#folder = folder;
    this.#session = session;
    this.#limits = limits;
    this.#files = files;
    this.#segmentBytes = bytes;
    this.#now = now;
  }

  /** Whether anything has been written. */
  get begun(): boolean {
    return this.#number > 0;
  }

  /**
   * Writes whole lines. Throws when they could not be written as a whole; until `retryMs` later it then returns false
   * without trying. Lines may be written again: the latest of an id counts.
   */
  write(text: string, entries: number): boolean {
    if (this.#failedAt !== undefined && this.#now() - this.#failedAt < retryMs) return false;
    try {
      const open = (this.#open ??= this.#next());
      const bytes = Buffer.byteLength(text);
      const written = this.#files.write(open.descriptor, text);
      if (written < bytes) throw new Error(`only ${written} of ${bytes} bytes could be written`);
      open.entries += entries;
      open.bytes += bytes;
      this.#failedAt = undefined;
      if (open.bytes >= this.#segmentBytes) this.#endSegment();
      return true;
    } catch (error) {
      this.#failedAt = this.#now();
      // What follows must not be appended to half a line.
      this.#endSegment();
      throw error;
    }
  }

  close(): void {
    if (this.#open) this.#files.close(this.#open.descriptor);
    this.#open = undefined;
  }

  #next(): Segment {
    this.#files.makeFolder(this.#folder);
    const file = join(this.#folder, segmentName(this.#session, this.#number));
    const descriptor = this.#files.open(file);
    this.#number++;
    return { descriptor, file, entries: 0, bytes: 0 };
  }

  #endSegment(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    this.#closed.push(open);
    this.#files.close(open.descriptor);
    this.#dropOld();
  }

  /** Segments before so much newer that all of theirs would be forgotten at once: nobody may ever have taken them. */
  #dropOld(): void {
    let entries = 0;
    let bytes = 0;
    for (let index = this.#closed.length - 1; index >= 0; index--) {
      if (entries >= this.#limits.records * 2 || bytes >= this.#limits.bytes * 2) {
        for (const { file } of this.#closed.splice(0, index + 1)) this.#files.remove(file);
        return;
      }
      entries += this.#closed[index]!.entries;
      bytes += this.#closed[index]!.bytes;
    }
  }
}
