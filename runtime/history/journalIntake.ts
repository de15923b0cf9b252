import { rmSync } from 'node:fs';
import { decodeEntry, type JournalEntry } from './journalEntry.ts';
import { isGone, listSegments, type JournalSegment, type SessionSystem } from './journalFolder.ts';
import { journalSize, newestLines, readJournal } from './journalReader.ts';
import type { HistoryLimits } from './historyLimits.ts';
import type { HistoryNotice } from './recordDatabase.ts';
import type { IntakeState, PendingRecord, Portion, Records } from './records.ts';

/** What is read at once: some hundred small records, which take some ten milliseconds to write. */
const portionBytes = 512 * 1024;

/** A record takes no fewer bytes in a journal. */
const smallestEntry = 300;

export interface IntakeOptions {
  folder: string;
  /** The session of the process that asks. */
  session: string;
  limits: HistoryLimits;
  system: SessionSystem;
  onNotice: (notice: HistoryNotice) => void;
}

/** Where entries go: runs an action on records, or returns undefined when they are locked. */
export interface IntakeTarget {
  attempt<T>(action: (records: Records) => T): { value: T } | undefined;
  readonly durable: boolean;
}

interface Waiting {
  segment: JournalSegment;
  offset: number;
  size: number;
}

/** What there was to take when the folder was last looked through. */
interface Plan {
  /** It is out of date when the file had to be put aside meanwhile, and another one has begun. */
  records: Records;
  waiting: Waiting[];
  segments: JournalSegment[];
  state: IntakeState;
}

/**
 * Takes journals into a database, in portions. How far each was taken is written with its records, so that nothing is
 * taken twice or left out, whoever is killed when. Several processes may do this at the same time.
 */
export class JournalIntake {
  readonly #options: IntakeOptions;
  readonly #target: IntakeTarget;
  #plan: Plan | undefined;
  /** Sessions that wrote their last line. */
  readonly #closed = new Set<string>();

  constructor(options: IntakeOptions, target: IntakeTarget) {
    this.#options = options;
    this.#target = target;
  }

  /** The next step sees what is there by then, and not what was when it last began. */
  lookAgain(): void {
    this.#plan = undefined;
  }

  /** Takes one portion. `locked`: nothing could be done; `done`: everything that was written before is taken. */
  step(now: number): 'more' | 'done' | 'locked' {
    const plan = (this.#plan ??= this.#look(now));
    if (!plan) return 'locked';
    const next = plan.waiting[0];
    if (!next) {
      if (!this.#tidy(plan)) return 'locked';
      this.#plan = undefined;
      return 'done';
    }
    const { segment } = next;
    const portion = readJournal(segment.file, next.offset, portionBytes);
    if (!portion || portion.offset === next.offset) {
      plan.waiting.shift();
      return 'more';
    }
    const taken = { journal: segment.name, offset: portion.offset };
    const records = latest(portion.entries, segment.session);
    const written = this.#target.attempt((target) => {
      if (target !== plan.records) return false;
      target.write({ records, taken }, now);
      return true;
    });
    if (!written) return 'locked';
    if (!written.value) {
      this.#plan = undefined;
      return 'more';
    }
    next.offset = portion.offset;
    plan.state.taken.set(segment.name, portion.offset);
    for (const { owner } of records) if (owner !== null) plan.state.owners.push(owner);
    if (portion.entries.some(({ kind }) => kind === 'closed')) this.#closed.add(segment.session);
    if (portion.rubbish > 0) {
      this.#options.onNotice({
        kind: 'rubbish',
        text: `The journal ${segment.file} holds ${portion.rubbish} lines that are no records; they were left out.`,
      });
    }
    return 'more';
  }

  /** This session has ended: what runs in it will not end by itself. */
  end(): void {
    this.#closed.add(this.#options.session);
  }

  /** Removes all records, those in journals as well. False when the database is locked. */
  clear(): boolean {
    this.#plan = undefined;
    const sizes = new Map<string, number>();
    for (const { name, file } of listSegments(this.#options.folder)) {
      const size = journalSize(file);
      if (size !== undefined) sizes.set(name, size);
    }
    const cleared = this.#target.attempt((records) => {
      records.clear(sizes);
      return true;
    });
    return cleared !== undefined;
  }

  /** What there is to take. When it is more than is kept, the older part is left out. */
  #look(now: number): Plan | undefined {
    const known = this.#target.attempt((records) => ({ records, state: records.intakeState() }))?.value;
    if (!known) return undefined;
    const { taken } = known.state;
    const segments = listSegments(this.#options.folder);
    const waiting = segments.flatMap((segment) => {
      const size = journalSize(segment.file);
      const offset = taken.get(segment.name) ?? 0;
      return size === undefined || size <= offset ? [] : [{ segment, offset, size }];
    });
    const plan = { ...known, waiting, segments };
    const { records, bytes } = this.#options.limits;
    const total = waiting.reduce((sum, { offset, size }) => sum + size - offset, 0);
    if (total <= Math.min(records * smallestEntry, bytes)) return plan;
    const skipped = this.#skipOld(waiting);
    const noted = this.#target.attempt((target) => {
      for (const { segment, offset } of skipped) {
        taken.set(segment.name, offset);
        target.write({ records: [], taken: { journal: segment.name, offset } }, now);
      }
      return true;
    });
    return noted && plan;
  }

  #skipOld(waiting: Waiting[]): Waiting[] {
    // Each record may have two lines: its beginning, and its end.
    let lines = this.#options.limits.records * 2;
    let bytes = this.#options.limits.bytes * 2;
    return [...waiting].reverse().filter((next) => {
      const { offset } = next;
      if (lines <= 0 || bytes <= 0) {
        next.offset = next.size;
      } else {
        const newest = newestLines(next.segment.file, offset, lines);
        next.offset = newest.offset;
        lines -= newest.lines;
        bytes -= next.size - next.offset;
      }
      return next.offset !== offset;
    });
  }

  /**
   * Ends what nobody will end any more, and removes journals that are taken: those of sessions that are gone, and the
   * earlier segments of the others. Offsets go after their files, lest a file that stayed be taken once more.
   */
  #tidy({ segments, state: { taken, owners } }: Plan): boolean {
    const { session, system } = this.#options;
    const gone = (other: string): boolean =>
      this.#closed.has(other) || (other !== session && isGone(other, system));
    const newest = new Map(segments.map((segment) => [segment.session, segment.number]));
    const left = new Set<string>();
    const whole = segments.filter(({ name, file, session: of, number }) => {
      const over = gone(of);
      const offset = taken.get(name) ?? 0;
      const whole = over
        ? isTaken(file, offset)
        : number < newest.get(of)! && offset >= (journalSize(file) ?? 0);
      if (over && !whole) left.add(of);
      return whole;
    });
    const interrupted = [...new Set(owners)].filter((owner) => gone(owner) && !left.has(owner));
    const names = new Set(segments.map(({ name }) => name));
    const forgotten = [...taken.keys()].filter((name) => !names.has(name));
    if (interrupted.length + forgotten.length > 0) {
      const done = this.#target.attempt((records) => {
        for (const owner of interrupted) records.interrupt(owner);
        if (forgotten.length > 0) records.forgetTaken(forgotten);
        return true;
      });
      if (!done) return false;
    }
    if (this.#target.durable) for (const { file } of whole) rmSync(file, { force: true });
    return true;
  }
}

/** The rest of a journal whose writer was killed may be a line that was cut off. */
function isTaken(file: string, offset: number): boolean {
  const rest = readJournal(file, offset, portionBytes);
  return !rest || rest.offset === offset;
}

/** Lines of a session that did not come by way of a file. */
export function portionOfLines(text: string, session: string): Portion {
  const entries = text.split('\n').flatMap((line) => decodeEntry(line) ?? []);
  return { records: latest(entries, session) };
}

/** One entry for each invocation: its end where it is known, otherwise its beginning. */
function latest(entries: JournalEntry[], session: string): PendingRecord[] {
  const records = new Map<string, PendingRecord>();
  for (const entry of entries) {
    if (entry.kind === 'closed') continue;
    const { kind, record } = entry;
    if (kind === 'begun' && records.has(record.id)) continue;
    // A record goes to where it ended.
    records.delete(record.id);
    records.set(record.id, { record, owner: kind === 'begun' ? session : null });
  }
  return [...records.values()];
}
