import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openHistory, type History, type HistoryOptions } from '../../../runtime/history/history.ts';
import { defaultHistoryLimits } from '../../../runtime/history/historyLimits.ts';
import { HistoryService } from '../../../runtime/history/historyService.ts';
import { closedLine, encodeBegun, encodeEnded } from '../../../runtime/history/journalEntry.ts';
import { journalFolder, newSession, segmentName } from '../../../runtime/history/journalFolder.ts';
import { Database, historyInProcess } from '../../support/historyThread.ts';
import { bodyOf, recordOf } from '../../support/records.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const now = Date.now();
const ended = (id: string, changes = {}) => recordOf(id, { receivedAt: now, ...changes });
const running = (id: string) => ended(id, { status: 'running' });

/** A process id that nobody has: beyond what systems give. */
const deadPid = 4_194_399;

function sessionOf(pid: number): string {
  return newSession().replace(/-\d+-/, `-${pid}-`);
}

function place(t: TestContext) {
  const file = join(tempFolder(t), 'history.db');
  const folder = journalFolder(file);
  mkdirSync(folder);
  const journal = (session: string, number: number, text: string): string => {
    const path = join(folder, segmentName(session, number));
    writeFileSync(path, text);
    return path;
  };
  const open = (options: HistoryOptions = {}): History => {
    const history = openHistory(file, { startWorker: historyInProcess(), background: false, ...options });
    t.after(() => history.close());
    return history;
  };
  return { file, folder, journal, open };
}

async function statuses(history: History): Promise<string[]> {
  return (await history.query({ limit: 1000 })).map(({ id, status }) => `${id} ${status}`).sort();
}

test('the journal of a dead process is taken over, cut off and damaged as it may be', async (t) => {
  const { folder, journal, open } = place(t);
  const dead = sessionOf(deadPid);
  journal(dead, 0, `${encodeBegun(running('a'))}${encodeBegun(running('b'))}${encodeBegun(running('c'))}`);
  journal(
    dead,
    1,
    `${encodeEnded(ended('a'))}\0\0rubbish\n{"half": \n${encodeEnded(ended('c'))}${encodeEnded(ended('d')).slice(0, 90)}`,
  );
  const notices: string[] = [];
  const history = open({ onNotice: (text) => notices.push(text) });
  const expected = ['a ok', 'b interrupted', 'c ok'];
  assert.deepEqual(await statuses(history), expected);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(notices.length, 1);
  assert.match(notices[0]!, /000001\.jsonl holds 2 lines that are no records/);
  assert.equal((await history.get('b'))?.error?.type, 'Interrupted');
  assert.deepEqual(await statuses(history), expected);
  await history.close();
  assert.deepEqual(await statuses(open()), expected);
});

test('a journal that could not be removed is not taken twice', async (t) => {
  const { journal, open } = place(t);
  const dead = sessionOf(deadPid);
  const text = encodeEnded(ended('a')) + encodeBegun(running('b'));
  journal(dead, 0, text);
  const history = open();
  assert.deepEqual(await statuses(history), ['a ok', 'b interrupted']);
  // As if its process had been killed between writing and removing.
  journal(dead, 0, text);
  assert.deepEqual(await statuses(history), ['a ok', 'b interrupted']);
});

test('the journal of a living process is left alone, and what it holds is seen', async (t) => {
  const { folder, journal, open } = place(t);
  const other = sessionOf(process.ppid);
  const file = journal(other, 0, encodeBegun(running('a')));
  const history = open();
  assert.deepEqual(await statuses(history), ['a running']);
  assert.equal(readdirSync(folder).length, 1);
  appendFileSync(file, encodeEnded(ended('a')) + encodeEnded(ended('b')).slice(0, 50));
  assert.deepEqual(await statuses(history), ['a ok']);
  appendFileSync(file, encodeEnded(ended('b')).slice(50));
  assert.deepEqual(await statuses(history), ['a ok', 'b ok']);
  // It went on to its next segment: the first one is done with.
  journal(other, 1, encodeBegun(running('c')));
  assert.deepEqual(await statuses(history), ['a ok', 'b ok', 'c running']);
  assert.deepEqual(readdirSync(folder), [segmentName(other, 1)]);
  // Its last line says that it ended, though its process goes on.
  appendFileSync(join(folder, segmentName(other, 1)), closedLine);
  assert.deepEqual(await statuses(history), ['a ok', 'b ok', 'c interrupted']);
  assert.deepEqual(readdirSync(folder), []);
});

test('a question sees journals that began while earlier ones were being taken', async (t) => {
  const { file, journal } = place(t);
  const session = newSession();
  const limits = defaultHistoryLimits;
  const service = new HistoryService({ file, session, limits, startedAt: 0 }, Database, () => {});
  const large = { event: bodyOf('x'.repeat(200_000)) };
  journal(session, 0, ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => encodeEnded(ended(id, large))).join(''));
  await service.handle({ do: 'take', now });
  // One portion has been taken by then, and the others are known of.
  await new Promise((resolve) => setImmediate(resolve));
  journal(session, 1, encodeEnded(ended('g')));
  const found = (await service.handle({ do: 'query', params: { limit: 10 }, now })) as { id: string }[];
  assert.deepEqual(found.map(({ id }) => id).sort(), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  await service.handle({ do: 'close', now });
});

test('a process id that is used again does not keep a journal alive', async (t) => {
  const { journal, open } = place(t);
  journal(`000000001-${process.pid}-0123abcd`, 0, encodeBegun(running('a')));
  assert.deepEqual(await statuses(open()), ['a interrupted']);
});

test('of a backlog larger than what is kept, the newest is taken', async (t) => {
  const { folder, journal, open } = place(t);
  const dead = sessionOf(deadPid);
  for (let segment = 0; segment < 20; segment++) {
    const records = Array.from({ length: 100 }, (_, index) =>
      ended(`${segment}-${index}`, { receivedAt: now + segment * 100 + index }),
    );
    journal(dead, segment, records.map(encodeEnded).join(''));
  }
  let rows = 0;
  class Counting extends Database {
    override prepare(sql: string) {
      const statement = super.prepare(sql);
      const run = statement.run.bind(statement);
      if (sql.startsWith('insert into records')) statement.run = (values) => (rows++, run(values));
      return statement;
    }
  }
  const history = open({
    limits: { ...defaultHistoryLimits, records: 150 },
    startWorker: historyInProcess(Counting),
  });
  const found = await history.query({ limit: 1000 });
  assert.equal(found.length, 150);
  assert.equal(found[0]!.id, '19-99');
  assert.equal(found[149]!.id, '18-50');
  assert.equal(rows, 300);
  assert.deepEqual(readdirSync(folder), []);
});

test('clearing removes what lies in journals as well; what runs on is known again', async (t) => {
  const { journal, open } = place(t);
  journal(sessionOf(process.ppid), 0, encodeEnded(ended('theirs')));
  const history = open();
  history.add(ended('mine'));
  history.begin('slow', () => running('slow'));
  await history.clear();
  assert.deepEqual(await statuses(history), ['slow running']);
  history.add(ended('slow'));
  history.add(ended('next'));
  assert.deepEqual(await statuses(history), ['next ok', 'slow ok']);
});

test('records of the version before are carried over', async (t) => {
  const { file, open } = place(t);
  const former = new Database(file);
  former.exec(`create table records (
      seq integer primary key, id text not null unique, function text not null, status text not null, startKind text,
      receivedAt integer not null, owner integer, bytes integer not null, summary text not null, rest text not null,
      words text not null, event text not null, result text, log text not null
    );
    create index recordsByTime on records (receivedAt);
    pragma user_version = 1;`);
  for (const record of [...Array.from({ length: 120 }, (_, index) => ended(`r${index}`)), running('ran')]) {
    const { event, result, logs: _logs, logsDropped: _dropped, ...summary } = record;
    const rest = {
      event: { ...event, data: undefined },
      result: { ...result!, data: undefined },
      logs: [[1, 'info', 'stdout', 5]],
      logsDropped: 0,
    };
    former.run('insert into records values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      record.id,
      record.function,
      record.status,
      'warm',
      now,
      record.status === 'running' ? 1 : null,
      700,
      JSON.stringify(summary),
      JSON.stringify(rest),
      record.id,
      event.data,
      result!.data,
      'hello',
    ]);
  }
  former.close();
  const notices: string[] = [];
  const history = open({ onNotice: (text) => notices.push(text) });
  assert.equal((await history.query({ limit: 1000 })).length, 121);
  assert.equal((await history.query({ limit: 1000, text: 'HELL' })).length, 121);
  assert.equal((await history.get('ran'))?.status, 'interrupted');
  assert.deepEqual(await history.get('r7'), {
    ...ended('r7'),
    event: bodyOf('{}'),
    logs: [{ t: 1, level: 'info', stream: 'stdout', text: 'hello' }],
  });
  assert.deepEqual(notices, []);
});

test('a file of another version is put aside', async (t) => {
  const { file, open } = place(t);
  const other = new Database(file);
  other.exec('create table records (id text); pragma user_version = 77');
  other.close();
  const notices: string[] = [];
  const history = open({ onNotice: (text) => notices.push(text) });
  history.add(ended('a'));
  assert.deepEqual(await statuses(history), ['a ok']);
  assert.equal(notices.length, 1);
  assert.match(notices[0]!, /version 77.*put aside/);
});
