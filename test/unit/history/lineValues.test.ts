import assert from 'node:assert/strict';
import test from 'node:test';
import { openHistory } from '../../../runtime/history/history.ts';
import type { InvocationRecord, LogEntry } from '../../../runtime/model/invocationRecord.ts';
import { recordOf } from '../../support/records.ts';
import { historyInProcess } from '../../support/historyThread.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { join } from 'node:path';

const file = 'C:\\my "code"\\a.ts';

const printed = (text: string, line: number): LogEntry => ({
  t: 0,
  level: 'info',
  text,
  stream: 'stdout',
  at: { file, line, column: 3 },
});

function setUp(t: { after(run: () => Promise<void>): void }) {
  const history = openHistory(join(tempFolder(t as never), 'history.db'), {
    startWorker: historyInProcess(),
  });
  t.after(() => history.close());
  let receivedAt = 1_800_000_000_000;
  const add = (id: string, logs: LogEntry[], changes: Partial<InvocationRecord> = {}) =>
    history.add(recordOf(id, { receivedAt: ++receivedAt, logs, logCount: logs.length, ...changes }));
  return { history, add };
}

test('what a line printed, newest first, of one function and version', async (t) => {
  const { history, add } = setUp(t);
  add('a', [printed('one', 1), printed('two', 12), printed('three\nlines', 12)]);
  add('b', [printed('other version', 12)], { artifact: 'a2' });
  add('c', [printed('other function', 12)], { function: 'other' });
  add('d', [printed('other line', 120), printed('x', 1)]);
  add('e', [printed('first\0', 1), printed('last', 12)], { status: 'error' });
  const ask = (at: { file: string; line: number; artifact?: string }, limit = 10) =>
    history.lineValues({ function: 'hello', at, limit });
  const shown = (found: Awaited<ReturnType<typeof ask>>) =>
    found.map(
      ({ summary, count, values }) => `${summary.id} ${summary.status} ${count}: ${values.join('|')}`,
    );
  assert.deepEqual(shown(await ask({ file, line: 12, artifact: 'a1' })), [
    'e error 1: last',
    'a ok 2: two|three\nlines',
  ]);
  assert.deepEqual(shown(await ask({ file, line: 12 }, 2)), ['e error 1: last', 'b ok 1: other version']);
  assert.deepEqual(await ask({ file: 'C:\\my', line: 12 }), []);
  assert.deepEqual(await ask({ file, line: Number.NaN }), []);
});

test('values are few and cut, and the number of invocations is bounded', async (t) => {
  const { history, add } = setUp(t);
  for (let i = 0; i < 60; i++)
    add(
      `r${i}`,
      Array.from({ length: 9 }, () => printed('x'.repeat(2000), 1)),
    );
  const found = await history.lineValues({ function: 'hello', at: { file, line: 1 }, limit: 1e9 });
  assert.equal(found.length, 50);
  assert.deepEqual([found[0]!.count, found[0]!.values.map(({ length }) => length)], [9, [500, 500, 500]]);
});

test('invocations are filtered by a line that printed, together with other conditions', async (t) => {
  const { history, add } = setUp(t);
  add('a', [printed('apple', 12)]);
  add('b', [printed('apple', 13)]);
  add('c', [printed('pear', 12)], { artifact: 'a2' });
  add('d', [printed('apple', 12)], { status: 'error' });
  const ids = async (conditions: object) =>
    (await history.query({ limit: 10, ...conditions })).map(({ id }) => id);
  const loggedAt = { file, line: 12 };
  assert.deepEqual(await ids({ loggedAt }), ['d', 'c', 'a']);
  assert.deepEqual(await ids({ loggedAt: { ...loggedAt, artifact: 'a1' } }), ['d', 'a']);
  assert.deepEqual(await ids({ loggedAt, status: 'ok' }), ['c', 'a']);
  assert.deepEqual(await ids({ loggedAt, text: 'apple' }), ['d', 'a']);
  assert.deepEqual(await ids({ loggedAt, before: 'd' }), ['c', 'a']);
  assert.deepEqual(await ids({ loggedAt, text: 'apple', limit: 1 }), ['d']);
});
