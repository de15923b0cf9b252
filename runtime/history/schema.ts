import type { Database } from 'node-sqlite3-wasm';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import { fromRow } from './recordRow.ts';

/** Written to the file. The version before is carried over; a file of any other is put aside. */
const schemaVersion = 2;

/*
 * `records`: one row per invocation. `tail`: what is searched of the newest ones. `blocks`: the same of all others,
 * many records to a block, each with a filter (see grams.ts). `taken`: how far each journal is in here.
 * The index holds every column that filters and limits ask for: 100,000 records are gone through without touching one.
 */
const schema = `
  create table records (
    seq integer primary key, id text not null unique, function text not null, status text not null, startKind text,
    receivedAt integer not null, owner text, block integer not null, bytes integer not null,
    summary text not null, rest text not null, event text not null, result text, log text not null
  );
  create index recordsByTime on records (receivedAt, seq, function, status, startKind, bytes);
  create index recordsByOwner on records (owner) where owner is not null;
  create table tail (seq integer primary key, text blob not null);
  create table blocks (
    block integer primary key, since integer not null, until integer not null, items blob not null,
    grams blob not null, text blob not null
  );
  create index blocksByTime on blocks (until);
  create table taken (journal text primary key, offset integer not null) without rowid;
  pragma user_version = ${schemaVersion};`;

/** Larger pages than usual: the text of a block is read in a few pieces. */
const pageBytes = 16 * 1024;

/**
 * Makes the tables where there are none. Records of the version before are handed to `adopt`, in the same transaction
 * that makes them go there. Throws when the file is of another version.
 */
export function prepareSchema(
  database: Database,
  adopt: (records: Iterable<InvocationRecord>) => void,
): void {
  const version = Number(database.get('pragma user_version')?.user_version);
  if (version === schemaVersion) return;
  if (version !== 0 && version !== 1)
    throw new Error(`it is of version ${version}, this program keeps version ${schemaVersion}`);
  if (version === 0) database.exec(`pragma page_size = ${pageBytes}`);
  database.exec('begin immediate');
  try {
    if (version === 1) database.exec('drop index recordsByTime; alter table records rename to former');
    database.exec(schema);
    if (version === 1) {
      adopt(formerRecords(database));
      database.exec('drop table former');
    }
    database.exec('commit');
  } catch (error) {
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}

/** Some at a time: all of them may be more than fits into memory. */
function* formerRecords(database: Database): Iterable<InvocationRecord> {
  const some =
    'select seq, summary, rest, event, result, log from former where seq > ? order by seq limit 50';
  for (let last = -1; ;) {
    const rows = database.all(some, [last]);
    if (rows.length === 0) return;
    for (const row of rows) yield fromRow(row);
    last = Number(rows.at(-1)!.seq);
  }
}
