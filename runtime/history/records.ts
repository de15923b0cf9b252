import type { Database, Statement } from 'node-sqlite3-wasm';
import type { InvocationRecord, InvocationSummary } from '../model/invocationRecord.ts';
import type { LineValues, LineValuesParams, QueryParams } from '../protocol/control/messages.ts';
import type { HistoryLimits } from './historyLimits.ts';
import { lineValuesOf } from './lineValues.ts';
import { conditionsOf, limitOf, loggedAtOf, loggedWindow } from './querySql.ts';
import { fromRow, insertSql, recordBytes, toRow, updateSql } from './recordRow.ts';
import { searchText, searchWords } from './searchText.ts';
import { TextBlocks } from './textBlocks.ts';

const newestFirst = 'order by receivedAt desc, seq desc';

/** One record to write. */
export interface PendingRecord {
  record: InvocationRecord;
  /** The session in which it still runs; null of a finished one. */
  owner: string | null;
}

/** What is written together: all of it, or nothing. */
export interface Portion {
  records: PendingRecord[];
  /** How far a journal has been taken with it. */
  taken?: { journal: string; offset: number };
}

/** What is known of journals. */
export interface IntakeState {
  /** Bytes of each that have been taken. */
  taken: Map<string, number>;
  /** Sessions in which invocations run. */
  owners: string[];
}

/** The tables of an open database. Throws what the database throws; nothing is half done then. */
export class Records {
  readonly #database: Database;
  readonly #limits: HistoryLimits;
  readonly #blocks: TextBlocks;
  readonly #find: Statement;
  readonly #insert: Statement;
  readonly #update: Statement;
  #totals: { count: number; bytes: number } | undefined;
  /** Changes when another connection has written. */
  #version = -1;

  constructor(database: Database, limits: HistoryLimits) {
    this.#database = database;
    this.#limits = limits;
    this.#blocks = new TextBlocks(database);
    this.#find = database.prepare('select seq, bytes from records where id = ?');
    this.#insert = database.prepare(insertSql);
    this.#update = database.prepare(updateSql);
  }

  write({ records, taken }: Portion, now: number): void {
    this.#transaction('immediate', () => {
      this.put(records);
      if (taken) {
        const { journal, offset } = taken;
        this.#database.run('insert or replace into taken (journal, offset) values (?, ?)', [journal, offset]);
      }
      this.#forgetOld(now);
    });
  }

  /** Writes records within a transaction of the caller's. */
  put(records: Iterable<PendingRecord>): void {
    for (const pending of records) this.#put(pending);
    this.#blocks.flush();
  }

  query(params: QueryParams): InvocationSummary[] {
    const words = searchWords(params.text);
    const logged = params.loggedAt && loggedAtOf(params.loggedAt);
    const rows = this.#transaction('deferred', () => {
      const limit = limitOf(params);
      if (words.length > 0) {
        // The line is looked at afterwards, so more have to be found than are asked for.
        const found = this.#blocks.search(words, logged ? { ...params, limit: loggedWindow } : params);
        return this.#database.all(
          `select summary from records where seq in (${found.join()}) and ${logged?.sql ?? 'true'} ${newestFirst} limit ${limit}`,
          logged?.values,
        );
      }
      const { sql, values } = conditionsOf(params);
      if (!logged)
        return this.#database.all(
          `select summary from records where ${sql} ${newestFirst} limit ${limit}`,
          values,
        );
      const latest = `select seq, rest, summary, receivedAt from records where ${sql} ${newestFirst} limit ${loggedWindow}`;
      const found = `select seq from (${latest}) where ${logged.sql} ${newestFirst} limit ${limit}`;
      return this.#database.all(`select summary from records where seq in (${found}) ${newestFirst}`, [
        ...values,
        ...logged.values,
      ]);
    });
    return rows.map((row) => JSON.parse(String(row.summary)) as InvocationSummary);
  }

  lineValues(params: LineValuesParams): LineValues[] {
    return this.#transaction('deferred', () => lineValuesOf(this.#database, params));
  }

  get(id: string): InvocationRecord | undefined {
    const row = this.#database.get('select summary, rest, event, result, log from records where id = ?', [
      id,
    ]);
    return row ? fromRow(row) : undefined;
  }

  /** Invocations whose process is gone will never end by themselves. */
  interrupt(owner: string): void {
    this.#transaction('immediate', () => {
      const rows = this.#database.all('select id from records where owner = ?', [owner]);
      this.put(rows.flatMap(({ id }) => interrupted(this.get(String(id))!)));
    });
  }

  /** How far each journal has been taken, and the sessions in which invocations run. */
  intakeState(): IntakeState {
    return this.#transaction('deferred', () => {
      const taken = this.#database.all('select journal, offset from taken');
      const owners = this.#database.all('select distinct owner from records where owner is not null');
      return {
        taken: new Map(taken.map((row) => [String(row.journal), Number(row.offset)])),
        owners: owners.map((row) => String(row.owner)),
      };
    });
  }

  /** Journals that are gone. */
  forgetTaken(journals: string[]): void {
    this.#transaction('immediate', () => {
      for (const journal of journals) this.#database.run('delete from taken where journal = ?', [journal]);
    });
  }

  /** Removes all records; `taken` says up to where journals hold nothing but those. */
  clear(taken: Map<string, number>): void {
    this.#transaction('immediate', () => {
      this.#database.exec('delete from records; delete from tail; delete from blocks; delete from taken');
      for (const [journal, offset] of taken)
        this.#database.run('insert into taken (journal, offset) values (?, ?)', [journal, offset]);
      this.#reset();
    });
    this.#database.exec('vacuum');
  }

  close(): void {
    this.#find.finalize();
    this.#insert.finalize();
    this.#update.finalize();
    this.#blocks.close();
  }

  #transaction<T>(kind: 'immediate' | 'deferred', run: () => T): T {
    this.#database.exec(`begin ${kind}`);
    try {
      const version = Number(this.#database.get('pragma data_version')?.data_version);
      if (version !== this.#version) this.#reset();
      this.#version = version;
      const result = run();
      this.#database.exec('commit');
      return result;
    } catch (error) {
      this.#reset();
      if (this.#database.inTransaction) this.#database.exec('rollback');
      throw error;
    }
  }

  #reset(): void {
    this.#totals = undefined;
    this.#blocks.reset();
  }

  #put({ record, owner }: PendingRecord): void {
    // To the end: a statement that is left at its first row would hold the lock.
    const [known] = this.#find.all([record.id]);
    // Its end may be known already, when a journal is read once more.
    if (known && owner !== null) return;
    const bytes = recordBytes(record);
    const row = toRow(record, { bytes, owner, block: this.#blocks.current });
    const totals = this.#countedTotals();
    totals.bytes += bytes - Number(known?.bytes ?? 0);
    if (!known) totals.count++;
    const inserted = known ? undefined : this.#insert.run(row).lastInsertRowid;
    const seq = Number(known?.seq ?? inserted);
    if (known) this.#update.run([...row, seq]);
    const text = Buffer.from(searchText(record));
    if (owner !== null) return this.#blocks.putRunning(seq, text);
    const { receivedAt, function: name, status, startKind = null } = record;
    this.#blocks.put({ seq, receivedAt, text, function: name, status, startKind });
  }

  #countedTotals(): { count: number; bytes: number } {
    if (this.#totals) return this.#totals;
    const row = this.#database.get('select count(*) as count, coalesce(sum(bytes), 0) as bytes from records');
    return (this.#totals = { count: Number(row?.count), bytes: Number(row?.bytes) });
  }

  /** Keeps count, size and age within the limits. A little room above them saves doing it at every write. */
  #forgetOld(now: number): void {
    const { records, bytes, ageMs } = this.#limits;
    const totals = this.#countedTotals();
    const before = totals.count;
    const forget = (condition: string, ...values: number[]): void => {
      const gone = this.#database.all(`delete from records where ${condition} returning bytes`, values);
      totals.count -= gone.length;
      for (const row of gone) totals.bytes -= Number(row.bytes);
    };
    forget('receivedAt < ?', now - ageMs);
    if (totals.count > records * 1.005) {
      forget(
        'seq in (select seq from records order by receivedAt desc, seq desc limit -1 offset ?)',
        records,
      );
    }
    if (totals.bytes > bytes) {
      const newest = `select seq, sum(bytes) over (order by receivedAt desc, seq desc) as total from records`;
      forget(`seq in (select seq from (${newest}) where total > ?)`, Math.floor(bytes * 0.9));
    }
    if (totals.count === before) return;
    const oldest = this.#database.get('select min(receivedAt) as oldest from records')?.oldest;
    this.#blocks.forgetBefore(oldest === null ? Infinity : Number(oldest));
    this.#blocks.forgetTail();
  }
}

/** The end of an invocation whose process did not live to tell it. */
export function interrupted(record: InvocationRecord): PendingRecord {
  return {
    record: {
      ...record,
      status: 'interrupted',
      error: { type: 'Interrupted', message: 'The runtime host ended while this ran.', stack: [] },
    },
    owner: null,
  };
}
