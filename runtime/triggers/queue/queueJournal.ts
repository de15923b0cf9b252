import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readChange, type QueueChange } from './queueChange.ts';

/** A journal is written anew when it has this many lines, and several times as many as the queue has messages. */
const rewriteAfter = 2000;
/** Or this many bytes, and more than twice what it had when it was written anew. */
const rewriteBytes = 8 * 1024 * 1024;

/** What a journal says about its queue, in its first line. */
export interface JournalHead {
  queue: string;
  [fact: string]: unknown;
}

/** What was read of a journal. */
export interface ReadJournal {
  head: JournalHead | undefined;
  changes: QueueChange[];
  /** Lines that are no changes: a crash cut the last one, or somebody wrote into the file. */
  damaged: number;
}

/** Reads a journal; nothing when there is none. */
export function readJournal(file: string): ReadJournal {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { head: undefined, changes: [], damaged: 0 };
  }
  const [first = '', ...lines] = text.split('\n');
  const head = readHead(first);
  const written = (head ? lines : [first, ...lines]).filter((line) => line !== '');
  const changes = written.flatMap((line) => readChange(line) ?? []);
  return { head, changes, damaged: written.length - changes.length };
}

function readHead(line: string): JournalHead | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const named = typeof value === 'object' && value !== null && 'queue' in value;
    return named && typeof value.queue === 'string' ? (value as JournalHead) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps the changes of a queue, a line each, written before whoever asked for them is answered: what was written is in the
 * system's page cache and outlives this process. `snapshot` gives the changes that make the queue of now.
 */
export class QueueJournal {
  readonly #file: string;
  readonly #snapshot: () => { head: JournalHead; changes: QueueChange[] };
  #descriptor: number | undefined;
  #lines = 0;
  #bytes = 0;
  /** What it had when it was written anew last. */
  #least = 0;
  #leastBytes = 0;

  constructor(file: string, snapshot: () => { head: JournalHead; changes: QueueChange[] }) {
    this.#file = file;
    this.#snapshot = snapshot;
  }

  append(change: QueueChange): void {
    if (this.#descriptor === undefined) return this.rewrite();
    const line = `${JSON.stringify(change)}\n`;
    this.#write(line);
    const many = this.#lines > rewriteAfter && this.#lines > 4 * this.#least;
    const large = this.#bytes > rewriteBytes && this.#bytes > 2 * this.#leastBytes;
    if (many || large) this.rewrite();
  }

  /** Writes the file anew with what makes the queue of now. */
  rewrite(): void {
    this.close();
    mkdirSync(dirname(this.#file), { recursive: true });
    const { head, changes } = this.#snapshot();
    const draft = `${this.#file}.new`;
    // Messages are for nobody else's eyes.
    const descriptor = openSync(draft, 'w', 0o600);
    try {
      this.#descriptor = descriptor;
      this.#lines = 0;
      this.#bytes = 0;
      this.#write(`${JSON.stringify(head)}\n`);
      for (const change of changes) this.#write(`${JSON.stringify(change)}\n`);
    } finally {
      closeSync(descriptor);
      this.#descriptor = undefined;
    }
    renameSync(draft, this.#file);
    this.#descriptor = openSync(this.#file, 'a', 0o600);
    this.#least = this.#lines;
    this.#leastBytes = this.#bytes;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** Closes it and removes the file. */
  remove(): void {
    this.close();
    rmSync(this.#file, { force: true });
  }

  #write(line: string): void {
    const bytes = Buffer.from(line);
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.#descriptor!, bytes, written);
    }
    this.#lines++;
    this.#bytes += bytes.length;
  }
}
