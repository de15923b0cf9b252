import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { openHistory, type HistoryOptions } from '../../../runtime/history/history.ts';
import { journalFolder } from '../../../runtime/history/journalFolder.ts';
import type { JournalFiles } from '../../../runtime/history/journalWriter.ts';
import { Database, historyInProcess } from '../../support/historyThread.ts';
import { bodyOf, recordOf } from '../../support/records.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const now = Date.now();
const ended = (id: string, changes = {}) => recordOf(id, { receivedAt: now, ...changes });

function open(t: TestContext, options: HistoryOptions = {}, file = join(tempFolder(t), 'history.db')) {
  const notices: string[] = [];
  const history = openHistory(file, {
    startWorker: historyInProcess(),
    background: false,
    onNotice: (text) => notices.push(text),
    ...options,
  });
  t.after(() => history.close());
  return { history, file, notices };
}

const ids = (found: { id: string }[]): string => found.map(({ id }) => id).join(' ');

/** The journal's file system, counting and in memory; `fails` breaks it. */
function fakeFiles() {
  const state = { writes: [] as string[], fails: false };
  const files: JournalFiles = {
    makeFolder: () => {},
    open: () => 1,
    write: (_descriptor, text) => {
      if (state.fails)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      state.writes.push(text);
      return Buffer.byteLength(text);
    },
    close: () => {},
    remove: () => {},
  };
  return { state, files };
}

test('all of a turn is written at once, and acknowledged after that in the same turn', async (t) => {
  const { state, files } = fakeFiles();
  const { history } = open(t, { journalFiles: files });
  const order: string[] = [];
  let told!: () => void;
  const acknowledged = new Promise<void>((resolve) => (told = resolve));
  for (const id of ['a', 'b', 'c']) {
    history.begin(id, () => ended(id, { status: 'running' }));
    if (id !== 'c') history.add(ended(id));
    history.acknowledge(() => order.push(`${id} after ${state.writes.length} writes`));
  }
  history.acknowledge(told);
  assert.equal(state.writes.length, 0);
  setImmediate(() => order.push('next in line'));
  await acknowledged;
  await turn();
  assert.deepEqual(order, ['a after 1 writes', 'b after 1 writes', 'c after 1 writes', 'next in line']);
  // What has ended within the turn needs no beginning.
  assert.deepEqual(
    state.writes[0]!.split('\n').map((line) => /^(.)\{"id":"(.)"/.exec(line)?.slice(1).join('')),
    ['Ea', 'Eb', 'Bc', undefined],
  );
  // Nothing new to write: nothing is written.
  await new Promise<void>((resolve) => history.acknowledge(resolve));
  assert.equal(state.writes.length, 1);
});

test('an invocation is written as begun once, and its later record is its only one', async (t) => {
  const { history } = open(t);
  for (let count = 0; count < 3; count++) history.begin('a', () => ended('a', { status: 'running' }));
  await new Promise<void>((resolve) => history.acknowledge(resolve));
  assert.equal((await history.get('a'))?.status, 'running');
  history.add(ended('a'));
  assert.equal((await history.get('a'))?.status, 'ok');
  const late = ended('a', { logs: [{ t: 1, level: 'info', text: 'late', stream: 'stdout' }], logCount: 1 });
  history.add(late);
  assert.deepEqual(await history.get('a'), late);
  assert.equal(ids(await history.query({ limit: 5 })), 'a');
});

test('a full disk: callers are answered, it is told once, and nothing is lost while the host lives', async (t) => {
  const { state, files } = fakeFiles();
  const { history, notices } = open(t, { journalFiles: files });
  state.fails = true;
  for (const id of ['a', 'b', 'c']) {
    history.add(ended(id, { receivedAt: now + id.charCodeAt(0) }));
    await new Promise<void>((resolve) => history.acknowledge(resolve));
  }
  assert.equal(notices.length, 1);
  assert.match(notices[0]!, /cannot be kept in .*ENOSPC.*in memory/);
  assert.equal(ids(await history.query({ limit: 5 })), 'c b a');
  assert.equal((await history.get('b'))?.id, 'b');
  await history.close();
  assert.equal(notices.length, 1);
});

/** A database that cannot be written while `full`; one in memory can. */
function fillingDatabase() {
  const disk = { full: false };
  class Filling extends Database {
    readonly #memory: boolean;
    constructor(file?: string) {
      super(file);
      this.#memory = file === undefined;
    }
    override exec(sql: string): void {
      if (disk.full && !this.#memory && sql === 'begin immediate')
        throw new Error('database or disk is full');
      super.exec(sql);
    }
  }
  return { disk, Filling };
}

test('a database that cannot be written: its records are read, new ones kept in memory', async (t) => {
  const { disk, Filling } = fillingDatabase();
  const { history, file, notices } = open(t, { startWorker: historyInProcess(Filling) });
  history.add(ended('a'));
  assert.equal(ids(await history.query({ limit: 5 })), 'a');
  disk.full = true;
  history.begin('b', () => ended('b', { receivedAt: now + 1, status: 'running' }));
  history.add(ended('c', { receivedAt: now + 2, event: bodyOf('third') }));
  assert.equal(ids(await history.query({ limit: 5 })), 'c b a');
  assert.equal(ids(await history.query({ limit: 5, text: 'third' })), 'c');
  assert.equal(ids(await history.query({ limit: 1 })), 'c');
  assert.equal((await history.get('a'))?.id, 'a');
  assert.equal((await history.get('c'))?.event.data, 'third');
  history.add(ended('b', { receivedAt: now + 1 }));
  assert.deepEqual(
    (await history.query({ limit: 5 })).map(({ id, status }) => `${id} ${status}`),
    ['c ok', 'b ok', 'a ok'],
  );
  assert.equal(notices.length, 1);
  assert.match(notices[0]!, /disk is full/);
  // Room again: the journal has kept them for the file.
  disk.full = false;
  await history.close();
  const { history: again } = open(t, {}, file);
  assert.equal(ids(await again.query({ limit: 5 })), 'c b a');
  assert.deepEqual(readdirSync(journalFolder(file)), []);
});

test('neither journal nor database can be written: the file gets at the end what it can', async (t) => {
  const { disk, Filling } = fillingDatabase();
  const { state, files } = fakeFiles();
  const { history, file, notices } = open(t, { startWorker: historyInProcess(Filling), journalFiles: files });
  await history.query({ limit: 1 });
  disk.full = true;
  state.fails = true;
  history.add(ended('a'));
  assert.equal(ids(await history.query({ limit: 5 })), 'a');
  history.add(ended('b', { receivedAt: now + 1 }));
  assert.equal(ids(await history.query({ limit: 5 })), 'b a');
  assert.equal(notices.length, 1);
  disk.full = false;
  await history.close();
  const { history: again } = open(t, {}, file);
  assert.equal(ids(await again.query({ limit: 5 })), 'b a');
});

test(
  'a folder that is read-only: the history lasts until the end',
  { skip: (process.platform === 'win32' || process.getuid?.() === 0) && 'needs file permissions' },
  async (t) => {
    const folder = join(tempFolder(t), 'state');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    const { history, notices } = open(t, {}, join(folder, 'history.db'));
    history.add(ended('a'));
    assert.equal(ids(await history.query({ limit: 5 })), 'a');
    assert.equal(notices.length, 1);
  },
);

test('a thread that cannot start: the journal goes on, queries say why', async (t) => {
  let starts = 0;
  const { history, file } = open(t, {
    startWorker: () => {
      starts++;
      throw new Error('no more threads');
    },
  });
  history.add(ended('a'));
  await assert.rejects(history.query({ limit: 5 }), /history .*does not run: no more threads/);
  await assert.rejects(history.get('a'), /no more threads/);
  await history.close();
  assert.equal(starts, 2);
  assert.equal(readdirSync(journalFolder(file)).length, 1);
  const { history: again } = open(t, {}, file);
  assert.equal(ids(await again.query({ limit: 5 })), 'a');
});

test('a thread that dies is started again, and goes on where it was', async (t) => {
  const inProcess = historyInProcess();
  let die: ((error: Error) => void) | undefined;
  const { history } = open(t, {
    startWorker: (options) => {
      const port = inProcess(options);
      if (die) return port;
      return {
        ...port,
        post: () => die!(new Error('out of memory')),
        onExit: (listener) => (die = listener),
      };
    },
  });
  history.add(ended('a'));
  await assert.rejects(history.query({ limit: 5 }), /out of memory/);
  history.add(ended('b', { receivedAt: now + 1 }));
  assert.equal(ids(await history.query({ limit: 5 })), 'b a');
});

test('a history that is not used leaves nothing; one that is used once leaves its journal to the next', async (t) => {
  const { history: unused, file } = open(t);
  await unused.close();
  assert.equal(existsSync(journalFolder(file)), false);
  const { history: once } = open(t, {}, file);
  once.add(ended('a'));
  await once.close();
  assert.equal(existsSync(file), false);
  await assert.rejects(once.query({ limit: 1 }), /closed/);
  once.add(ended('late'));
  await new Promise<void>((resolve) => once.acknowledge(resolve));
  const { history: next } = open(t, {}, file);
  assert.equal(ids(await next.query({ limit: 5 })), 'a');
  await next.close();
  assert.deepEqual(readdirSync(journalFolder(file)), []);
});

test('many journals that nobody took are taken at the end of a process that would not', async (t) => {
  const file = join(tempFolder(t), 'history.db');
  for (let count = 0; count < 100; count++) {
    const { history } = open(t, {}, file);
    history.add(ended(`r${count}`));
    await history.close();
  }
  assert.deepEqual(readdirSync(journalFolder(file)), []);
  assert.equal((await open(t, {}, file).history.query({ limit: 1000 })).length, 100);
});

test('a journal folder that is a file', async (t) => {
  const file = join(tempFolder(t), 'history.db');
  writeFileSync(journalFolder(file), '');
  const { history, notices } = open(t, {}, file);
  history.add(ended('a'));
  assert.equal(ids(await history.query({ limit: 5 })), 'a');
  assert.equal(notices.length, 1);
  await history.close();
  assert.equal(ids(await open(t, {}, file).history.query({ limit: 5 })), 'a');
});
