import type { InvocationRecord, InvocationSummary } from '../model/invocationRecord.ts';
import { PorchlightError } from '../model/errors.ts';
import type { QueryParams } from '../protocol/control/messages.ts';
import { systemClock, type Clock } from '../support/clock.ts';
import { RecordDatabase, type PendingRecord } from './recordDatabase.ts';
import { recordBytes } from './recordRow.ts';

/** What is kept at most: records, bytes of bodies and logs, milliseconds of age. */
export interface HistoryLimits {
  records: number;
  bytes: number;
  ageMs: number;
}

/** Limits of a history on a developer's machine. */
export const defaultHistoryLimits: HistoryLimits = {
  records: 10_000,
  bytes: 256 * 1024 * 1024,
  ageMs: 30 * 24 * 3600_000,
};

/** The store of invocation records. Adding is a push to a list; writing happens in small portions between other work. */
export interface History {
  /**
   * An invocation was accepted. When it is still running at the next writing, its snapshot is written, so that it is
   * known as `interrupted` should the host die.
   */
  begin(id: string, snapshot: () => InvocationRecord): void;
  /** A finished record. It must not change afterwards. */
  add(record: InvocationRecord): void;
  /** Finished records and those that were running at the last writing; newest first. */
  query(params: QueryParams): Promise<InvocationSummary[]>;
  get(id: string): Promise<InvocationRecord | undefined>;
  clear(): Promise<void>;
  /** Writes what is left. */
  close(): Promise<void>;
}

export interface HistoryOptions {
  limits?: HistoryLimits;
  clock?: Clock;
  /** Told in a sentence when the file had to be put aside or cannot be written. */
  onNotice?: (text: string) => void;
}

/** Milliseconds between portions, and the time one may take: under constant load writing gets a tenth of the thread. */
const pauseMs = 50;
const portionMs = 5;

/** Unwritten bytes above which writing goes before other work, and above which old records are dropped. */
const hurryBytes = 32 * 1024 * 1024;
const mostPendingBytes = 256 * 1024 * 1024;

/** How often a locked file is tried when somebody waits, every `pauseMs`. */
const lockedTries = 100;

/** Opens a history. The file and the database engine are loaded at first use, after start-up. */
export function openHistory(file: string, options: HistoryOptions = {}): History {
  return new BufferedHistory(file, options);
}

class BufferedHistory implements History {
  readonly #file: string;
  readonly #limits: HistoryLimits;
  readonly #clock: Clock;
  readonly #onNotice: (text: string) => void;
  #database: Promise<RecordDatabase> | undefined;
  readonly #pending = new Map<string, PendingRecord>();
  #pendingBytes = 0;
  readonly #running = new Map<string, () => InvocationRecord>();
  #cancelTimer: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;
  /** Reasons that were told: one that lasts would be told at every portion. */
  readonly #told = new Set<string>();

  constructor(file: string, options: HistoryOptions) {
    this.#file = file;
    this.#limits = options.limits ?? defaultHistoryLimits;
    this.#clock = options.clock ?? systemClock;
    this.#onNotice = options.onNotice ?? (() => {});
  }

  begin(id: string, snapshot: () => InvocationRecord): void {
    this.#running.set(id, snapshot);
    this.#schedule();
  }

  add(record: InvocationRecord): void {
    this.#running.delete(record.id);
    this.#enqueue({ record, bytes: recordBytes(record), owner: null });
    this.#schedule();
  }

  async query(params: QueryParams): Promise<InvocationSummary[]> {
    await this.#flush();
    return this.#untilUnlocked((database, now) => database.query(params, now));
  }

  async get(id: string): Promise<InvocationRecord | undefined> {
    const pending = this.#pending.get(id)?.record ?? this.#running.get(id)?.();
    if (pending) return pending;
    return (await this.#untilUnlocked((database, now) => database.get(id, now))) ?? undefined;
  }

  async clear(): Promise<void> {
    this.#pending.clear();
    this.#pendingBytes = 0;
    await this.#untilUnlocked((database, now) => database.clear(now) || undefined);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer?.();
    try {
      if (this.#pending.size > 0) await this.#flush();
    } finally {
      if (this.#database) (await this.#database).close();
    }
  }

  #enqueue(pending: PendingRecord): void {
    const { id } = pending.record;
    // A record goes to the end also when it replaces its own snapshot.
    this.#dequeue(id);
    this.#pending.set(id, pending);
    this.#pendingBytes += pending.bytes;
    // More than are kept would be written only to be deleted.
    while (this.#pending.size > this.#limits.records || this.#pendingBytes > mostPendingBytes) {
      const oldest = this.#pending.keys().next().value;
      if (oldest === undefined || oldest === id) break;
      this.#dequeue(oldest);
    }
  }

  #dequeue(id: string): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    this.#pendingBytes -= pending.bytes;
  }

  #schedule(): void {
    if (this.#cancelTimer || this.#closed) return;
    this.#cancelTimer = this.#clock.after(this.#pendingBytes > hurryBytes ? 0 : pauseMs, () => {
      this.#cancelTimer = undefined;
      this.#takeSnapshots();
      this.#write(portionMs).then(
        () => {
          if (this.#pending.size > 0) this.#schedule();
        },
        (error: unknown) => this.#giveUp(error),
      );
    });
  }

  #takeSnapshots(): void {
    for (const [id, snapshot] of this.#running) {
      const record = snapshot();
      this.#running.delete(id);
      this.#enqueue({ record, bytes: recordBytes(record), owner: process.pid });
    }
  }

  /** Writes one portion; portions never overlap. */
  #write(budgetMs: number): Promise<void> {
    const portion = this.#writing.then(async () => {
      if (this.#pending.size === 0) return;
      const database = await this.#opened();
      const batch = [...this.#pending.values()];
      const written = database.write(batch, budgetMs, this.#clock.epochMs()) ?? 0;
      for (const { record } of batch.slice(0, written)) {
        if (this.#pending.get(record.id)?.record === record) this.#dequeue(record.id);
      }
    });
    // A failed portion is reported to who asked for it, and must not fail the next one.
    this.#writing = portion.catch(() => {});
    return portion;
  }

  async #flush(): Promise<void> {
    for (let tries = 0; this.#pending.size > 0 && tries < lockedTries; tries++) {
      const before = this.#pending.size;
      await this.#write(Infinity);
      if (this.#pending.size === before) await this.#pause();
    }
  }

  async #untilUnlocked<T>(action: (database: RecordDatabase, now: number) => T | undefined): Promise<T> {
    const database = await this.#opened();
    for (let tries = 0; tries < lockedTries; tries++) {
      const result = action(database, this.#clock.epochMs());
      if (result !== undefined) return result;
      await this.#pause();
    }
    throw new PorchlightError('INTERNAL', {
      detail: `The history in ${this.#file} is locked by another process.`,
    });
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, pauseMs));
  }

  #opened(): Promise<RecordDatabase> {
    this.#database ??= import('node-sqlite3-wasm').then((imported) => {
      // CommonJS: its exports are the default export, which its types do not know.
      const { Database } = (imported as unknown as { default: typeof imported }).default;
      return new RecordDatabase(Database, this.#file, this.#limits, this.#onNotice);
    });
    return this.#database;
  }

  #giveUp(error: unknown): void {
    const lost = this.#pending.size;
    this.#pending.clear();
    this.#pendingBytes = 0;
    const reason = error instanceof Error ? error.message : String(error);
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    this.#onNotice(`${lost} invocations could not be written to the history in ${this.#file}: ${reason}`);
  }
}
