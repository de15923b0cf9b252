import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database, Statement } from 'node-sqlite3-wasm';
import type { InvocationRecord, InvocationSummary } from '../model/invocationRecord.ts';
import type { QueryParams } from '../protocol/control/messages.ts';
import { isAlive } from '../support/processTree.ts';
import { fromRow, insertSql, toRow, wordsOf } from './recordRow.ts';
import { FileUsers } from './fileUsers.ts';
import type { HistoryLimits } from './history.ts';
import { querySql } from './querySql.ts';

/** Written to the file; a file of another version is put aside. */
const schemaVersion = 1;

const schema = `
  create table records (
    seq integer primary key, id text not null unique, function text not null, status text not null, startKind text,
    receivedAt integer not null, owner integer, bytes integer not null, summary text not null, rest text not null,
    words text not null, event text not null, result text, log text not null
  );
  create index recordsByTime on records (receivedAt);
  pragma user_version = ${schemaVersion};`;

/** One record to write. */
export interface PendingRecord {
  record: InvocationRecord;
  bytes: number;
  /** The process in which it still runs. */
  owner: number | null;
}

type DatabaseClass = new (file?: string) => Database;

/**
 * The file, with everything that happens to files: not there yet, locked by another process, damaged, of another
 * version, or in a folder that cannot be written (then the records live in memory). Synchronous.
 */
export class RecordDatabase {
  readonly #Database: DatabaseClass;
  readonly #file: string;
  readonly #users: FileUsers;
  readonly #limits: HistoryLimits;
  readonly #onNotice: (text: string) => void;
  /** Sizes of what was written while it ran, by id. */
  readonly #snapshots = new Map<string, number>();
  #open: { database: Database; insert: Statement; count: number; bytes: number } | undefined;

  constructor(
    Database: DatabaseClass,
    file: string,
    limits: HistoryLimits,
    onNotice: (text: string) => void,
  ) {
    this.#Database = Database;
    this.#file = file;
    this.#users = new FileUsers(file);
    this.#limits = limits;
    this.#onNotice = onNotice;
  }

  /**
   * Runs an action on the open database. Returns undefined when another process holds the lock: try again later.
   * Damage is answered with a fresh file, on which the action runs.
   */
  attempt<T>(now: number, action: (database: Database) => T): { value: T } | undefined {
    try {
      return { value: action(this.#opened(now)) };
    } catch (error) {
      const lock = this.#users.inspectLock();
      if (lock === 'held') return undefined;
      if (lock === 'leftover') return { value: action(this.#opened(now)) };
      if (!existsSync(this.#file) || (this.#open && this.#isSound())) throw error;
      this.#putAside(error);
      return { value: action(this.#opened(now)) };
    }
  }

  /** Writes as many as the time allows, at least one; returns how many, or undefined when the file is locked. */
  write(pending: PendingRecord[], budgetMs: number, now: number): number | undefined {
    return this.attempt(now, (database) => {
      const open = this.#open!;
      const before = { count: open.count, bytes: open.bytes };
      const until = performance.now() + budgetMs;
      let written = 0;
      database.exec('begin immediate');
      try {
        for (const { record, bytes, owner } of pending) {
          open.insert.run(toRow(record, bytes, owner));
          open.count++;
          open.bytes += bytes;
          this.#forgetSnapshot(record.id, owner === null ? undefined : bytes);
          written++;
          // Asking for the time costs next to nothing beside an insert.
          if (performance.now() >= until) break;
        }
        this.#forgetOld(database, now);
        database.exec('commit');
      } catch (error) {
        if (database.inTransaction) database.exec('rollback');
        Object.assign(open, before);
        throw error;
      }
      return written;
    })?.value;
  }

  query(params: QueryParams, now: number): InvocationSummary[] | undefined {
    return this.attempt(now, (database) => {
      const { sql, values } = querySql(params);
      return database.all(sql, values).map((row) => JSON.parse(String(row.summary)) as InvocationSummary);
    })?.value;
  }

  /** Null when there is no such record. */
  get(id: string, now: number): InvocationRecord | null | undefined {
    return this.attempt(now, (database) => {
      const row = database.get('select summary, rest, event, result, log from records where id = ?', [id]);
      return row ? fromRow(row) : null;
    })?.value;
  }

  clear(now: number): boolean {
    const done = this.attempt(now, (database) => {
      database.exec('delete from records; vacuum');
      this.#snapshots.clear();
      Object.assign(this.#open!, { count: 0, bytes: 0 });
    });
    return done !== undefined;
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    try {
      open?.insert.finalize();
      open?.database.close();
    } finally {
      this.#users.leave();
    }
  }

  #opened(now: number): Database {
    if (this.#open) return this.#open.database;
    let database: Database;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      this.#users.enter();
      database = new this.#Database(this.#file);
    } catch (error) {
      this.#onNotice(
        `The history cannot be kept in ${this.#file} (${messageOf(error)}); it lasts until the host ends.`,
      );
      database = new this.#Database();
    }
    try {
      // The journal on disk brings the file back after a kill; without syncing, only a power cut could damage it.
      database.exec('pragma journal_mode = truncate; pragma synchronous = off; pragma temp_store = memory');
      this.#prepareSchema(database);
      markInterrupted(database);
      const totals = database.get('select count(*) as count, coalesce(sum(bytes), 0) as bytes from records');
      const insert = database.prepare(insertSql);
      this.#open = { database, insert, count: Number(totals?.count), bytes: Number(totals?.bytes) };
      this.#forgetOld(database, now);
      return database;
    } catch (error) {
      this.#open = undefined;
      database.close();
      throw error;
    }
  }

  #prepareSchema(database: Database): void {
    const version = Number(database.get('pragma user_version')?.user_version);
    if (version === schemaVersion) return;
    if (version !== 0)
      throw new Error(`it is of version ${version}, this program keeps version ${schemaVersion}`);
    database.exec(`begin immediate; ${schema} commit`);
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
      this.#open?.database.close();
    } catch {
      // Closing a damaged file may fail; the descriptor goes with the process.
    }
    this.#open = undefined;
    this.#snapshots.clear();
    rmSync(`${this.#file}-journal`, { force: true });
    renameSync(this.#file, aside);
    this.#onNotice(
      `The history in ${this.#file} could not be read: ${messageOf(error)}. It was put aside as ${aside}, and a new one begins.`,
    );
  }

  /** A finished record takes the place of its snapshot. `written` is the size of a snapshot that was written now. */
  #forgetSnapshot(id: string, written?: number): void {
    const known = this.#snapshots.get(id);
    if (known !== undefined) {
      this.#open!.count--;
      this.#open!.bytes -= known;
      this.#snapshots.delete(id);
    }
    if (written !== undefined) this.#snapshots.set(id, written);
  }

  /** Keeps count, size and age within the limits. A little room above them saves doing it at every write. */
  #forgetOld(database: Database, now: number): void {
    const { records, bytes, ageMs } = this.#limits;
    const open = this.#open!;
    const forget = (condition: string, ...values: number[]): void => {
      const gone = database.all(`delete from records where ${condition} returning bytes`, values);
      open.count -= gone.length;
      for (const row of gone) open.bytes -= Number(row.bytes);
    };
    forget('receivedAt < ?', now - ageMs);
    if (open.count > records * 1.02) {
      forget(
        'seq in (select seq from records order by receivedAt desc, seq desc limit -1 offset ?)',
        records,
      );
    }
    if (open.bytes > bytes) {
      const newest = `select seq, sum(bytes) over (order by receivedAt desc, seq desc) as total from records`;
      forget(`seq in (select seq from (${newest}) where total > ?)`, Math.floor(bytes * 0.9));
    }
  }
}

/** Invocations whose process is gone will never end by themselves. */
function markInterrupted(database: Database): void {
  const rows = database.all('select seq, owner, summary from records where owner is not null');
  for (const row of rows) {
    if (isAlive(Number(row.owner)) && Number(row.owner) !== process.pid) continue;
    const summary: InvocationSummary = {
      ...(JSON.parse(String(row.summary)) as InvocationSummary),
      status: 'interrupted',
      error: { type: 'Interrupted', message: 'The runtime host ended while this ran.', stack: [] },
    };
    database.run('update records set status = ?, owner = null, summary = ?, words = ? where seq = ?', [
      summary.status,
      JSON.stringify(summary),
      wordsOf(summary),
      Number(row.seq),
    ]);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
