import { readdirSync } from 'node:fs';
import { PorchlightError } from '../model/errors.ts';
import type { InvocationRecord, InvocationSummary } from '../model/invocationRecord.ts';
import type { LineValues, LineValuesParams, QueryParams } from '../protocol/control/messages.ts';
import { systemClock, type Clock } from '../support/clock.ts';
import { TurnoverMap } from '../support/turnoverMap.ts';
import { defaultHistoryLimits, type HistoryLimits } from './historyLimits.ts';
import type { HistoryRequest, ServiceOptions } from './historyService.ts';
import { HistoryWorker, type WorkerPort } from './historyWorker.ts';
import { closedLine, encodeBegun, encodeEnded } from './journalEntry.ts';
import { journalFolder, newSession } from './journalFolder.ts';
import { JournalWriter, type JournalFiles } from './journalWriter.ts';
import type { HistoryNotice } from './recordDatabase.ts';

/**
 * The store of invocation records. What is added is in a journal at the end of the turn of the event loop, and from
 * then on outlives the process; a thread of its own takes it into the database and answers queries.
 */
export interface History {
  /**
   * An invocation was accepted. When it is still running at the end of the turn, its snapshot is written, so that it
   * is known as `interrupted` should the host die.
   */
  begin(id: string, snapshot: () => InvocationRecord): void;
  /** A finished record. It must not change afterwards; the same id again replaces it. */
  add(record: InvocationRecord): void;
  /** Runs `then` in this turn, once everything added so far is written (or cannot be written: nobody waits for that). */
  acknowledge(then: () => void): void;
  /** Finished records and those that run; newest first. */
  query(params: QueryParams): Promise<InvocationSummary[]>;
  get(id: string): Promise<InvocationRecord | undefined>;
  /** What ended invocations printed from a source line; newest first. */
  lineValues(params: LineValuesParams): Promise<LineValues[]>;
  clear(): Promise<void>;
  /** Writes what is left. */
  close(): Promise<void>;
}

export interface HistoryOptions {
  limits?: HistoryLimits;
  clock?: Clock;
  /**
   * Whether journals are taken into the database also when nobody asks for anything. Without, e.g. for a process that
   * lives for one invocation, the next one that opens the history does it. Default true.
   */
  background?: boolean;
  /** Told in a sentence when the file had to be put aside or cannot be written. */
  onNotice?: (text: string) => void;
  /** For tests: the thread, and the file system of the journal. */
  startWorker?: (options: ServiceOptions) => WorkerPort;
  journalFiles?: JournalFiles;
}

/** What is only in memory, because the journal did not take it, goes to the thread this much later. */
const heldMs = 1000;

/**
 * What is in the journal is safe, and a question takes it anyway. By itself the thread, which has 65 MB, is started when
 * this many characters (some hundred records) have gathered and nothing was written for so long; or, while calls go on
 * coming, when there would be too much for a question to wait for.
 */
const worthTaking = 512 * 1024;
const quietMs = 5000;
const mostUntaken = 32 * 1024 * 1024;

/** Characters of one turn after which it is written at once. */
const mostInTurn = 4 * 1024 * 1024;

/** Characters that are kept while neither journal nor thread takes them. */
const mostHeld = 64 * 1024 * 1024;

/** So many journals are taken into the database also by a process that would leave it to the next. */
const manyJournals = 100;

/** Opens a history. Nothing is read or written before its first use. */
export function openHistory(file: string, options: HistoryOptions = {}): History {
  return new JournaledHistory(file, options);
}

/** An invocation that was accepted. */
interface Running {
  snapshot: () => InvocationRecord;
  ended: boolean;
}

class JournaledHistory implements History {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #background: boolean;
  readonly #onNotice: (text: string) => void;
  readonly #journal: JournalWriter;
  readonly #worker: HistoryWorker;
  /** Invocations under way; those in `#begun` have not been written. */
  readonly #running = new TurnoverMap<Running>();
  #begun: Running[] = [];
  #lines = '';
  #entries = 0;
  #then: (() => void)[] = [];
  #turnEnds = false;
  /** Lines that the journal did not take. */
  #held: string[] = [];
  #heldSize = 0;
  /** Characters written since the journal was last taken. */
  #untaken = 0;
  #cancelTake: (() => void) | undefined;
  #takesHeld = false;
  #closing: Promise<void> | undefined;
  #closed = false;
  readonly #told = new Set<string>();

  constructor(file: string, options: HistoryOptions) {
    const { limits = defaultHistoryLimits, clock = systemClock, background = true, journalFiles } = options;
    this.#file = file;
    this.#clock = clock;
    this.#background = background;
    this.#onNotice = options.onNotice ?? (() => {});
    const session = newSession();
    this.#journal = new JournalWriter(
      journalFolder(file),
      session,
      limits,
      journalFiles ? { files: journalFiles } : {},
    );
    this.#worker = new HistoryWorker(
      { file, session, limits, startedAt: performance.timeOrigin },
      (notice) => this.#tell(notice),
      clock,
      options.startWorker,
    );
  }

  begin(id: string, snapshot: () => InvocationRecord): void {
    const known = this.#running.get(id);
    if (known) known.snapshot = snapshot;
    else {
      const running: Running = { snapshot, ended: false };
      this.#running.set(id, running);
      this.#begun.push(running);
    }
    this.#endTurn();
  }

  add(record: InvocationRecord): void {
    const running = this.#running.take(record.id);
    if (running) running.ended = true;
    this.#encode(encodeEnded, record);
    if (this.#lines.length > mostInTurn) this.#write();
    this.#endTurn();
  }

  acknowledge(then: () => void): void {
    this.#then.push(then);
    // Not at the end of the turn: a lone caller would wait for the loop to go round once more.
    if (this.#then.length === 1) process.nextTick(() => this.#turn(false));
  }

  async query(params: QueryParams): Promise<InvocationSummary[]> {
    return (await this.#ask({ do: 'query', params, now: this.#clock.epochMs() })) as InvocationSummary[];
  }

  async get(id: string): Promise<InvocationRecord | undefined> {
    const running = this.#running.get(id)?.snapshot();
    if (running) return running;
    const request = { do: 'get', invocation: id, now: this.#clock.epochMs() } as const;
    return (await this.#ask(request)) as InvocationRecord | undefined;
  }

  async lineValues(params: LineValuesParams): Promise<LineValues[]> {
    return (await this.#ask({ do: 'lineValues', params, now: this.#clock.epochMs() })) as LineValues[];
  }

  async clear(): Promise<void> {
    this.#lines = '';
    this.#entries = 0;
    this.#held = [];
    this.#heldSize = 0;
    await this.#ask({ do: 'clear', now: this.#clock.epochMs() });
    // What runs on is not forgotten with what is past.
    this.#begun = this.#running.values();
    this.#endTurn();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#turn(true);
    if (this.#journal.begun) {
      this.#lines = closedLine;
      this.#write();
    }
    this.#closed = true;
    this.#cancelTake?.();
    this.#journal.close();
    if (this.#worker.running || this.#held.length > 0 || this.#manyJournals())
      await this.#send({ do: 'close', now: this.#clock.epochMs() });
  }

  #encode(encode: (record: InvocationRecord) => string, record: InvocationRecord): void {
    try {
      this.#lines += encode(record);
      this.#entries++;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: 'unwritable', text: `The record of ${record.id} cannot be written: ${reason}.` });
    }
  }

  /** All callbacks of a turn come before this: what they add shares one write. */
  #endTurn(): void {
    if (this.#turnEnds) return;
    this.#turnEnds = true;
    // Behind what was handed to instances in this turn: they begin while we write.
    process.nextTick(() => setImmediate(() => this.#turn(true)));
  }

  /** Writes what was gathered, and answers. `ends`: this is the end of the turn. */
  #turn(ends: boolean): void {
    if (ends) this.#turnEnds = false;
    const begun = this.#begun;
    this.#begun = [];
    for (const { snapshot, ended } of begun) if (!ended) this.#encode(encodeBegun, snapshot());
    this.#write();
    const then = this.#then;
    this.#then = [];
    for (const run of then) run();
  }

  #write(): void {
    if (this.#lines === '' || this.#closed) return;
    const text = this.#held.length > 0 ? this.#held.join('') + this.#lines : this.#lines;
    try {
      if (this.#journal.write(text, this.#entries)) {
        this.#untaken += text.length;
        this.#held = [];
        this.#heldSize = 0;
      } else this.#hold(this.#lines);
    } catch (error) {
      this.#hold(this.#lines);
      const reason = error instanceof Error ? error.message : String(error);
      this.#tell({
        kind: 'unwritable',
        text: `The history cannot be kept in ${journalFolder(this.#file)} (${reason}); new invocations are kept in memory until that is possible again.`,
      });
    }
    this.#lines = '';
    this.#entries = 0;
    this.#scheduleTake();
  }

  #hold(lines: string): void {
    this.#held.push(lines);
    this.#heldSize += lines.length;
    while (this.#heldSize > mostHeld && this.#held.length > 1) this.#heldSize -= this.#held.shift()!.length;
  }

  #scheduleTake(): void {
    const held = this.#held.length > 0;
    if (!this.#background || this.#closed || (this.#cancelTake && held === this.#takesHeld)) return;
    if (!held && this.#untaken < worthTaking) return;
    this.#cancelTake?.();
    this.#takesHeld = held;
    const before = this.#untaken;
    this.#cancelTake = this.#clock.after(held ? heldMs : quietMs, () => {
      this.#cancelTake = undefined;
      if (held || this.#untaken === before || this.#untaken >= mostUntaken) this.#take();
      else this.#scheduleTake();
    });
  }

  #take(): void {
    this.#ask({ do: 'take', now: this.#clock.epochMs() }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: 'unwritable', text: reason });
    });
  }

  /** Everything that was added before is written, or goes along. */
  async #ask(request: HistoryRequest): Promise<unknown> {
    if (this.#closing)
      throw new PorchlightError('INTERNAL', { detail: `The history in ${this.#file} is closed.` });
    this.#turn(true);
    this.#untaken = 0;
    return this.#send(request);
  }

  async #send(request: HistoryRequest): Promise<unknown> {
    const lines = this.#held;
    if (lines.length === 0) return this.#worker.ask(request);
    this.#held = [];
    this.#heldSize = 0;
    try {
      return await this.#worker.ask({ ...request, lines });
    } catch (error) {
      // The thread may not have got them. Twice does no harm.
      for (const text of lines.reverse()) {
        this.#held.unshift(text);
        this.#heldSize += text.length;
      }
      throw error;
    }
  }

  #manyJournals(): boolean {
    if (!this.#journal.begun) return false;
    try {
      return readdirSync(journalFolder(this.#file)).length >= manyJournals;
    } catch {
      // It was there a moment ago; whoever opens the history next sees for themselves.
      return false;
    }
  }

  #tell({ kind, text }: HistoryNotice): void {
    // What lasts would be told again and again; a file is put aside at most once in a while.
    const key = kind === 'damaged' ? text : kind;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#onNotice(text);
  }
}
