import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { FileUsers } from './fileUsers.ts';
import type { HistoryLimits } from './historyLimits.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import { interrupted, Records, type PendingRecord } from './records.ts';
import { prepareSchema } from './schema.ts';

export type DatabaseClass = new (file?: string) => Database;

/** Something its user should know; said once for each kind, or each time when it names what happened to a file. */
export interface HistoryNotice {
  kind: 'unwritable' | 'damaged' | 'rubbish';
  text: string;
}

/**
 * The file, with everything that happens to files: not there yet, locked by another process, damaged, of another
 * version, or in a folder that cannot be written (then the records live in memory). Synchronous.
 */
export class RecordDatabase {
  readonly #Database: DatabaseClass;
  readonly #file: string;
  readonly #users: FileUsers;
  readonly #limits: HistoryLimits;
  readonly #onNotice: (notice: HistoryNotice) => void;
  #open: { database: Database; records: Records; durable: boolean } | undefined;

  constructor(
    Database: DatabaseClass,
    file: string,
    limits: HistoryLimits,
    onNotice: (notice: HistoryNotice) => void,
  ) {
    this.#Database = Database;
    this.#file = file;
    this.#users = new FileUsers(file);
    this.#limits = limits;
    this.#onNotice = onNotice;
  }

  /** Whether what is written outlives this process. */
  get durable(): boolean {
    return this.#open?.durable ?? false;
  }

  /** Whether there are records that no file has. */
  get onlyInMemory(): boolean {
    return this.#open?.durable === false;
  }

  /**
   * Runs an action on the records. Returns undefined when another process holds the lock: try again later.
   * Damage is answered with a fresh file, on which the action runs.
   */
  attempt<T>(action: (records: Records) => T): { value: T } | undefined {
    try {
      return { value: action(this.#opened()) };
    } catch (error) {
      // In memory there is neither a lock nor damage.
      if (this.#open && !this.#open.durable) throw error;
      const lock = this.#users.inspectLock();
      if (lock === 'held') return undefined;
      if (lock === 'leftover') return { value: action(this.#opened()) };
      if (!existsSync(this.#file) || (this.#open && this.#isSound())) throw error;
      this.#putAside(error);
      return { value: action(this.#opened()) };
    }
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    try {
      open?.records.close();
      open?.database.close();
    } finally {
      this.#users.leave();
    }
  }

  #opened(): Records {
    if (this.#open) return this.#open.records;
    let database: Database;
    let durable = true;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      this.#users.enter();
      database = new this.#Database(this.#file);
    } catch (error) {
      this.#onNotice({
        kind: 'unwritable',
        text: `The history cannot be kept in ${this.#file} (${messageOf(error)}); it lasts until the host ends.`,
      });
      database = new this.#Database();
      durable = false;
    }
    try {
      const records = prepare(database, this.#limits);
      this.#open = { database, records, durable };
      return records;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #isSound(): boolean {
    try {
      return this.#open!.database.get('pragma quick_check(1)')?.quick_check === 'ok';
    } catch {
      return false;
    }
  }

  #putAside(error: unknown): void {
    const aside = `${this.#file}.damaged`;
    try {
      this.#open?.records.close();
      this.#open?.database.close();
    } catch {
      // Closing a damaged file may fail; the descriptor goes with the process.
    }
    this.#open = undefined;
    rmSync(`${this.#file}-journal`, { force: true });
    renameSync(this.#file, aside);
    this.#onNotice({
      kind: 'damaged',
      text: `The history in ${this.#file} could not be read: ${messageOf(error)}. It was put aside as ${aside}, and a new one begins.`,
    });
  }
}

/** Records that live in memory only, for what a file does not take. */
export function recordsInMemory(Database: DatabaseClass, limits: HistoryLimits): Records {
  return prepare(new Database(), limits);
}

function prepare(database: Database, limits: HistoryLimits): Records {
  // The journal on disk brings the file back after a kill; without syncing, only a power cut could damage it.
  database.exec('pragma journal_mode = truncate; pragma synchronous = off; pragma temp_store = memory');
  database.exec('pragma cache_size = -16000');
  prepareSchema(database, (former) => {
    const records = new Records(database, limits);
    records.put(finished(former));
    records.close();
  });
  return new Records(database, limits);
}

function* finished(former: Iterable<InvocationRecord>): Iterable<PendingRecord> {
  for (const record of former) {
    // What ran when its host last wrote: that host was of the version before, and is gone.
    yield record.status === 'running' ? interrupted(record) : { record, owner: null };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
