import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openHistory, type HistoryOptions } from '../../../runtime/history/history.ts';
import { defaultHistoryLimits } from '../../../runtime/history/historyLimits.ts';
import type { InvocationRecord } from '../../../runtime/model/invocationRecord.ts';
import { bodyOf, recordOf } from '../../support/records.ts';
import { tempFolder } from '../../support/tempFolder.ts';

/** All records of the tests lie within a second of this. */
const epoch = 1_800_000_000_000;
const clock = {
  nowUs: () => 0,
  epochMs: () => epoch + 1000,
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

function open(t: TestContext, file = join(tempFolder(t), 'history.sqlite'), options: HistoryOptions = {}) {
  const history = openHistory(file, { clock, ...options });
  t.after(() => history.close());
  return { history, file };
}

const ids = (found: { id: string }[]): string => found.map(({ id }) => id).join(' ');

test('a record comes back as it was, before and after closing', async (t) => {
  const record = recordOf('r1', {
    status: 'error',
    error: { type: 'TypeError', message: 'x is not a function', stack: ['at f (/p/a.ts:3:5)'] },
    event: bodyOf('{"name":"灯 \u0000 💡"}'),
    result: { encoding: 'base64', data: 'AAEC', size: 3, truncated: false },
    logs: [
      { t: 1, level: 'info', text: 'first\nof two lines', stream: 'stdout' },
      { t: 2, level: 'error', text: '', stream: 'stderr', at: { file: '/p/a.ts', line: 3, column: 5 } },
      { t: 3, level: 'warn', text: '警告 💡', stream: 'platform' },
    ],
    logCount: 3,
    logsDropped: 7,
    notes: ['new instance because the code changed'],
    label: 'GET /hello',
    replayOf: 'r0',
    clientContext: { custom: { a: null } },
  });
  const { history, file } = open(t);
  history.add(record);
  assert.deepEqual(await history.get('r1'), record);
  await history.close();
  const { history: again } = open(t, file);
  assert.deepEqual(await again.get('r1'), record);
  assert.equal(await again.get('r2'), undefined);
  const {
    event: _event,
    clientContext: _context,
    result: _result,
    logs: _logs,
    logsDropped: _dropped,
    ...summary
  } = record;
  assert.deepEqual(await again.query({ limit: 10 }), [summary]);
});

test('queries: newest first, by field, by words anywhere, page by page', async (t) => {
  const { history } = open(t);
  const records: [string, Partial<InvocationRecord>][] = [
    ['a', { receivedAt: epoch + 3 }],
    [
      'b',
      {
        receivedAt: epoch + 1,
        function: 'mail',
        startKind: 'cold',
        event: bodyOf('{"to":"Ann@example.org"}'),
      },
    ],
    ['c', { receivedAt: epoch + 2, status: 'error', error: { type: 'E', message: '100% wrong', stack: [] } }],
    [
      'd',
      { receivedAt: epoch + 2, logs: [{ t: 0, level: 'info', text: '发送验证码 to ann', stream: 'stdout' }] },
    ],
    ['e', { receivedAt: epoch, label: 'POST /code_1', result: bodyOf('C:\\temp "quoted"') }],
  ];
  for (const [id, changes] of records) history.add(recordOf(id, changes));
  const cases: [Parameters<typeof history.query>[0], string][] = [
    [{ limit: 10 }, 'a d c b e'],
    [{ limit: 2 }, 'a d'],
    [{ limit: 2, before: 'd' }, 'c b'],
    [{ limit: 9, before: 'unknown' }, ''],
    [{ limit: 9, function: 'mail' }, 'b'],
    [{ limit: 9, status: 'error' }, 'c'],
    [{ limit: 9, startKind: 'cold' }, 'b'],
    [{ limit: 9, text: 'ann' }, 'd b'],
    [{ limit: 9, text: 'ANN  EXAMPLE' }, 'b'],
    [{ limit: 9, text: '验证' }, 'd'],
    [{ limit: 9, text: '100%' }, 'c'],
    [{ limit: 9, text: '0%w' }, ''],
    [{ limit: 9, text: 'code_' }, 'e'],
    [{ limit: 9, text: 'C:\\temp "quoted"' }, 'e'],
    [{ limit: 0 }, ''],
  ];
  for (const [query, expected] of cases)
    assert.equal(ids(await history.query(query)), expected, JSON.stringify(query));
  await history.clear();
  assert.equal(ids(await history.query({ limit: 10 })), '');
});

test('records are written without being asked for', async (t) => {
  const folder = tempFolder(t);
  const changes = watch(folder);
  // It is waited for a while before that.
  const hurried = { ...clock, after: (ms: number, run: () => void) => clock.after(ms / 100, run) };
  const { history, file } = open(t, join(folder, 'history.sqlite'), { clock: hurried });
  for (const id of ['r1', 'r2', 'r3']) history.add(recordOf(id, { event: bodyOf('x'.repeat(250_000)) }));
  for await (const change of changes) {
    if (
      change.filename?.startsWith('history.sqlite') &&
      existsSync(file) &&
      readFileSync(file).includes('hello#1')
    )
      break;
  }
});

test('what ran when the host was killed becomes interrupted, also with its lock left behind', async (t) => {
  const file = join(tempFolder(t), 'history.sqlite');
  const source = `
    import { openHistory } from ${JSON.stringify(new URL('../../../runtime/history/history.ts', import.meta.url).href)};
    import { recordOf } from ${JSON.stringify(new URL('../../support/records.ts', import.meta.url).href)};
    const history = openHistory(${JSON.stringify(file)});
    history.add(recordOf('ended', { receivedAt: Date.now() }));
    history.begin('ran', () => recordOf('ran', { status: 'running', receivedAt: Date.now() }));
    setInterval(async () => {
      const found = await history.query({ limit: 5 });
      if (found.length === 2) process.stdout.write('written');
    }, 20);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  mkdirSync(`${file}.lock`, { recursive: true });
  const history = openHistory(file);
  t.after(() => history.close());
  const found = await history.query({ limit: 5 });
  assert.deepEqual(found.map(({ id, status }) => `${id} ${status}`).sort(), ['ended ok', 'ran interrupted']);
  assert.match((await history.get('ran'))?.error?.message ?? '', /host ended/);
  assert.equal(ids(await history.query({ limit: 5, status: 'interrupted' })), 'ran');
  assert.equal(ids(await history.query({ limit: 5, text: 'host ended' })), 'ran');
});

test('a running invocation is replaced by its finished record', async (t) => {
  const { history } = open(t);
  const running = recordOf('r', { status: 'running' });
  let snapshots = 0;
  const taken = new Promise<void>((resolve) =>
    history.begin('r', () => {
      snapshots++;
      resolve();
      return running;
    }),
  );
  await taken;
  assert.deepEqual(
    (await history.query({ limit: 5 })).map(({ status }) => status),
    ['running'],
  );
  history.add(recordOf('r'));
  assert.deepEqual(
    (await history.query({ limit: 5 })).map(({ status }) => status),
    ['ok'],
  );
  history.begin('quick', () => {
    snapshots++;
    return running;
  });
  history.add(recordOf('quick'));
  assert.equal(ids(await history.query({ limit: 5, function: 'hello' })), 'quick r');
  assert.equal(snapshots, 1);
});

test('a file that is no database is put aside, once and with a word', async (t) => {
  const file = join(tempFolder(t), 'history.sqlite');
  writeFileSync(file, 'this is no database '.repeat(500));
  const notices: string[] = [];
  const { history } = open(t, file, { onNotice: (text) => notices.push(text) });
  history.add(recordOf('r1'));
  assert.equal(ids(await history.query({ limit: 5 })), 'r1');
  assert.match(readFileSync(`${file}.damaged`, 'utf8'), /^this is no database/);
  assert.equal(notices.length, 1);
  assert.match(notices[0]!, /put aside/);
});

test('damage that comes to light later is met the same way, and nothing unwritten is lost', async (t) => {
  const file = join(tempFolder(t), 'history.sqlite');
  const { history: first } = open(t, file);
  for (let i = 0; i < 200; i++) first.add(recordOf(`old${i}`, { event: bodyOf('x'.repeat(3000)) }));
  assert.equal((await first.query({ limit: 500 })).length, 200);
  await first.close();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 8192);
  writeFileSync(file, bytes);
  const notices: string[] = [];
  const { history } = open(t, file, { onNotice: (text) => notices.push(text) });
  history.add(recordOf('new'));
  assert.equal(ids(await history.query({ limit: 500, text: 'new' })), 'new');
  assert.equal(notices.length, 1);
});

test('a folder that cannot be made leaves a history in memory', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'file'), '');
  const notices: string[] = [];
  const { history } = open(t, join(folder, 'file', 'history.sqlite'), {
    onNotice: (text) => notices.push(text),
  });
  history.add(recordOf('r1'));
  assert.equal(ids(await history.query({ limit: 5 })), 'r1');
  assert.match(notices.join(), /cannot be kept/);
});

test('two processes may have it open; a lock of a live one is waited for', async (t) => {
  const file = join(tempFolder(t), 'history.sqlite');
  const { history } = open(t, file);
  history.add(recordOf('mine'));
  await history.query({ limit: 1 });
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3); console.log()'], {
    stdio: 'pipe',
  });
  t.after(() => child.kill());
  await once(child.stdout, 'data');
  writeFileSync(join(`${file}.users`, String(child.pid)), '');
  mkdirSync(`${file}.lock`);
  history.add(recordOf('later', { receivedAt: epoch + 1 }));
  const found = history.query({ limit: 5 });
  setImmediate(() => rmdirSync(`${file}.lock`));
  assert.equal(ids(await found), 'later mine');
});

test('bounded by number, size and age', async (t) => {
  const { history: few } = open(t, undefined, { limits: { ...defaultHistoryLimits, records: 10 } });
  for (let i = 0; i < 50; i++) few.add(recordOf(`r${i}`, { receivedAt: epoch + i }));
  assert.equal(ids(await few.query({ limit: 3 })), 'r49 r48 r47');
  assert.equal((await few.query({ limit: 100 })).length, 10);
  for (let i = 50; i < 70; i++) {
    few.add(recordOf(`r${i}`, { receivedAt: epoch + i }));
    await few.query({ limit: 1 });
  }
  const kept = await few.query({ limit: 100 });
  assert.ok(kept.length >= 10 && kept.length <= 11, String(kept.length));

  const { history: small } = open(t, undefined, { limits: { ...defaultHistoryLimits, bytes: 50_000 } });
  for (let i = 0; i < 20; i++) {
    small.add(recordOf(`r${i}`, { receivedAt: epoch + i, event: bodyOf('x'.repeat(10_000)) }));
    await small.query({ limit: 1 });
  }
  const left = await small.query({ limit: 100 });
  assert.ok(left.length >= 3 && left.length <= 4, String(left.length));
  assert.equal(left[0]!.id, 'r19');

  const { history: young } = open(t, undefined, { limits: { ...defaultHistoryLimits, ageMs: 5000 } });
  young.add(recordOf('old', { receivedAt: epoch - 10_000 }));
  young.add(recordOf('new'));
  assert.equal(ids(await young.query({ limit: 100 })), 'new');
});
