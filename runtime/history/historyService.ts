import { setTimeout as wait } from 'node:timers/promises';
import type { InvocationRecord, InvocationSummary } from '../model/invocationRecord.ts';
import type { LineValues, LineValuesParams, QueryParams } from '../protocol/control/messages.ts';
import type { HistoryLimits } from './historyLimits.ts';
import { journalFolder, sessionSystem } from './journalFolder.ts';
import { JournalIntake, portionOfLines, type IntakeTarget } from './journalIntake.ts';
import { limitOf } from './querySql.ts';
import { RecordDatabase, recordsInMemory, type DatabaseClass, type HistoryNotice } from './recordDatabase.ts';
import type { Records } from './records.ts';

/** What the worker is told when it starts. */
export interface ServiceOptions {
  file: string;
  session: string;
  limits: HistoryLimits;
  /** When the process began, in milliseconds since the epoch. */
  startedAt: number;
}

/** What is asked of the worker. `now` is milliseconds since the epoch; `lines` could not be written to the journal. */
export type HistoryRequest = { now: number; lines?: string[] } & (
  | { do: 'take' }
  | { do: 'query'; params: QueryParams }
  | { do: 'lineValues'; params: LineValuesParams }
  | { do: 'get'; invocation: string }
  | { do: 'clear' }
  | { do: 'rest' }
  | { do: 'close' }
);

/** How long a locked file is waited for, and how often it is tried. */
const lockedTries = 100;
const lockedPauseMs = 50;

/** Without anybody waiting, taking journals rests this many times as long as it works, up to a bound: under load the journal grows instead. */
const restFactor = 14;
const longestRestMs = 2000;

/** After the file could not be written, it is left alone this long. */
const retryMs = 5000;

/** Lines without a journal that are kept while the file cannot be written, in characters. */
const mostKeptLines = 64 * 1024 * 1024;

/** What the file does not take at the moment, in memory. */
interface Overflow {
  records: Records;
  intake: JournalIntake;
  retryAt: number;
  /** How many of the lines without a journal it has. */
  lines: number;
}

/** Owns the database: takes journals into it and answers queries, one thing at a time. Lives in the worker. */
export class HistoryService {
  readonly #options: ServiceOptions;
  readonly #Database: DatabaseClass;
  readonly #onNotice: (notice: HistoryNotice) => void;
  readonly #database: RecordDatabase;
  readonly #intake: JournalIntake;
  #overflow: Overflow | undefined;
  #lines: string[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #taking = false;
  #closed = false;

  constructor(options: ServiceOptions, Database: DatabaseClass, onNotice: (notice: HistoryNotice) => void) {
    this.#options = options;
    this.#Database = Database;
    this.#onNotice = onNotice;
    this.#database = new RecordDatabase(Database, options.file, options.limits, onNotice);
    this.#intake = this.#createIntake(this.#database);
  }

  /** Answers one request. Queries see everything that was written before they were asked. */
  handle(request: HistoryRequest): Promise<unknown> {
    this.#keepLines(request.lines);
    if (request.do === 'take') {
      if (!this.#taking) void this.#takeSlowly(request.now);
      return Promise.resolve();
    }
    this.#waiting++;
    return this.#exclusive(async () => {
      this.#waiting--;
      switch (request.do) {
        case 'query':
          await this.#catchUp(request.now);
          return this.#query(request.params);
        case 'lineValues':
          await this.#catchUp(request.now);
          return this.#lineValues(request.params);
        case 'get':
          await this.#catchUp(request.now);
          return this.#get(request.invocation);
        case 'clear':
          return this.#clear();
        case 'rest':
          return this.#rest();
        case 'close':
          return this.#close(request.now);
      }
    });
  }

  #exclusive<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Takes what was written, resting in between: functions want the processor more than the history does. */
  async #takeSlowly(now: number): Promise<void> {
    this.#taking = true;
    try {
      for (let done = false; !done;) {
        const start = performance.now();
        // A step after closing would open the file again.
        done = await this.#exclusive(() => Promise.resolve(this.#closed || this.#step(now) === 'done'));
        if (done) break;
        const restMs = Math.min(longestRestMs, restFactor * (performance.now() - start));
        if (this.#waiting === 0) await wait(restMs);
      }
    } catch (error) {
      this.#sayUnwritable(error);
    } finally {
      this.#taking = false;
    }
  }

  async #catchUp(now: number): Promise<void> {
    // Taking slowly may have begun before the latest journals did.
    this.#intake.lookAgain();
    this.#overflow?.intake.lookAgain();
    for (let tries = 0; ;) {
      const step = this.#step(now);
      if (step === 'done') return;
      if (step === 'more') continue;
      if (++tries >= lockedTries) throw this.#locked();
      await wait(lockedPauseMs);
    }
  }

  #step(now: number): 'more' | 'done' | 'locked' {
    const overflow = this.#overflow;
    if (!overflow || performance.now() >= overflow.retryAt) {
      try {
        if (!this.#writeLines(this.#database, now)) return 'locked';
        const step = this.#intake.step(now);
        if (overflow && step !== 'locked') {
          overflow.records.close();
          this.#overflow = undefined;
        }
        return step;
      } catch (error) {
        this.#sayUnwritable(error);
        if (overflow) overflow.retryAt = performance.now() + retryMs;
      }
    }
    const { records, intake, lines } = (this.#overflow ??= this.#createOverflow());
    for (const text of this.#lines.slice(lines)) {
      records.write(portionOfLines(text, this.#options.session), now);
      this.#overflow.lines++;
    }
    return intake.step(now);
  }

  #writeLines(database: RecordDatabase, now: number): boolean {
    while (this.#lines.length > 0) {
      const portion = portionOfLines(this.#lines[0]!, this.#options.session);
      const written = database.attempt((records) => {
        records.write(portion, now);
        return true;
      });
      if (!written) return false;
      this.#lines.shift();
    }
    return true;
  }

  #keepLines(lines: string[] | undefined): void {
    if (!lines) return;
    this.#lines.push(...lines);
    let size = this.#lines.reduce((sum, text) => sum + text.length, 0);
    while (size > mostKeptLines && this.#lines.length > 1) {
      size -= this.#lines.shift()!.length;
      if (this.#overflow && this.#overflow.lines > 0) this.#overflow.lines--;
    }
  }

  #createOverflow(): Overflow {
    const records = recordsInMemory(this.#Database, this.#options.limits);
    // What the file has already need not be there twice.
    records.clear(this.#tryFile((file) => file.intakeState().taken) ?? new Map<string, number>());
    const target: IntakeTarget = { attempt: (action) => ({ value: action(records) }), durable: false };
    return { records, intake: this.#createIntake(target), retryAt: performance.now() + retryMs, lines: 0 };
  }

  #createIntake(target: IntakeTarget): JournalIntake {
    const { file, session, limits, startedAt } = this.#options;
    const system = sessionSystem(startedAt);
    return new JournalIntake(
      { folder: journalFolder(file), session, limits, system, onNotice: this.#onNotice },
      target,
    );
  }

  async #query(params: QueryParams): Promise<InvocationSummary[]> {
    const overflow = this.#overflow?.records;
    if (!overflow) return this.#untilUnlocked((records) => records.query(params));
    const found = new Map<string, InvocationSummary>();
    for (const summary of this.#tryFile((records) => records.query(params)) ?? [])
      found.set(summary.id, summary);
    for (const summary of overflow.query(params)) found.set(summary.id, summary);
    return [...found.values()].sort((a, b) => b.receivedAt - a.receivedAt).slice(0, limitOf(params));
  }

  async #lineValues(params: LineValuesParams): Promise<LineValues[]> {
    const overflow = this.#overflow?.records;
    if (!overflow) return this.#untilUnlocked((records) => records.lineValues(params));
    // What the file does not take at the moment is newer than all of it.
    const newer = overflow.lineValues(params);
    const known = new Set(newer.map(({ summary }) => summary.id));
    const older = this.#tryFile((records) => records.lineValues(params)) ?? [];
    return [...newer, ...older.filter(({ summary }) => !known.has(summary.id))].slice(0, limitOf(params));
  }

  async #get(id: string): Promise<InvocationRecord | undefined> {
    const overflow = this.#overflow?.records;
    if (!overflow) return this.#untilUnlocked((records) => records.get(id));
    return overflow.get(id) ?? this.#tryFile((records) => records.get(id));
  }

  async #clear(): Promise<void> {
    this.#lines = [];
    this.#overflow?.records.close();
    this.#overflow = undefined;
    for (let tries = 0; !this.#intake.clear(); tries++) {
      if (tries >= lockedTries) throw this.#locked();
      await wait(lockedPauseMs);
    }
  }

  /** Lets go of the database, so that the thread may end. False when something is only here, or there is work. */
  #rest(): boolean {
    if (this.#taking || this.#waiting > 0) return false;
    if (this.#overflow || this.#lines.length > 0 || this.#database.onlyInMemory) return false;
    this.#closed = true;
    this.#database.close();
    return true;
  }

  async #close(now: number): Promise<void> {
    this.#closed = true;
    this.#intake.end();
    try {
      // The file is given its last chance to take what is in memory.
      if (this.#overflow) this.#overflow.retryAt = 0;
      await this.#catchUp(now);
    } finally {
      this.#overflow?.records.close();
      this.#overflow = undefined;
      this.#database.close();
    }
  }

  async #untilUnlocked<T>(action: (records: Records) => T): Promise<T> {
    for (let tries = 0; tries < lockedTries; tries++) {
      const result = this.#database.attempt(action);
      if (result) return result.value;
      await wait(lockedPauseMs);
    }
    throw this.#locked();
  }

  /** While records are kept in memory, the file is read if it can be. */
  #tryFile<T>(action: (records: Records) => T): T | undefined {
    try {
      return this.#database.attempt(action)?.value;
    } catch {
      // Why was said when it could not be written.
      return undefined;
    }
  }

  #locked(): Error {
    return new Error(`The history in ${this.#options.file} is locked by another process.`);
  }

  #sayUnwritable(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#onNotice({
      kind: 'unwritable',
      text: `The history in ${this.#options.file} cannot be written: ${reason}. New invocations are kept in memory until that is possible again.`,
    });
  }
}
