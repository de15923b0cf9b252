import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultHistoryLimits } from '../../../runtime/history/historyLimits.ts';
import { recordsInMemory } from '../../../runtime/history/recordDatabase.ts';
import type { Records } from '../../../runtime/history/records.ts';
import type { InvocationRecord } from '../../../runtime/model/invocationRecord.ts';
import type { QueryParams } from '../../../runtime/protocol/control/messages.ts';
import { Database } from '../../support/historyThread.ts';
import { bodyOf, recordOf } from '../../support/records.ts';

const epoch = 1_800_000_000_000;

/** Repeatable numbers from 0 up to a bound. */
function numbers(): (below: number) => number {
  let state = 12_345;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

const vocabulary = [
  'order',
  'Payment',
  'refund-42',
  '订单',
  '验证码',
  'Straße',
  'ΟΔΟΣ',
  '~',
  'x',
  'id',
  'user-1',
  'user-2',
];

function someRecords(count: number): InvocationRecord[] {
  const next = numbers();
  const words = (): string =>
    Array.from({ length: next(4) }, () => vocabulary[next(vocabulary.length)]).join(' ');
  return Array.from({ length: count }, (_, index) =>
    recordOf(`r${index}`, {
      function: ['hello', 'mail', 'cron'][next(3)]!,
      status: next(20) === 0 ? 'error' : 'ok',
      startKind: next(10) === 0 ? 'cold' : 'warm',
      // Not in the order in which they end: some take longer.
      receivedAt: epoch + index * 10 - next(3) * 1000,
      event: bodyOf(words()),
      result: bodyOf(words()),
      logs: [{ t: 0, level: 'info', text: words(), stream: 'stdout' }],
    }),
  );
}

/** What a query should give, found the slow way. */
function expected(all: InvocationRecord[], params: QueryParams): string[] {
  const order = new Map(all.map(({ id }, index) => [id, index]));
  const newestFirst = [...all].sort(
    (a, b) => b.receivedAt - a.receivedAt || order.get(b.id)! - order.get(a.id)!,
  );
  const words = (params.text ?? '').toLowerCase().replaceAll('ς', 'σ').split(' ').filter(Boolean);
  const from = params.before === undefined ? 0 : newestFirst.findIndex(({ id }) => id === params.before) + 1;
  return newestFirst
    .slice(from)
    .filter((record) => {
      const parts = [
        record.id,
        record.event.data,
        record.result!.data,
        ...record.logs.map(({ text }) => text),
      ];
      const text = parts.join('\n').toLowerCase().replaceAll('ς', 'σ');
      return (
        words.every((word) => text.includes(word)) &&
        (params.function === undefined || record.function === params.function) &&
        (params.status === undefined || record.status === params.status) &&
        (params.startKind === undefined || record.startKind === params.startKind) &&
        (params.from === undefined || record.receivedAt >= params.from) &&
        (params.to === undefined || record.receivedAt <= params.to)
      );
    })
    .slice(0, params.limit)
    .map(({ id }) => id);
}

function fill(records: Records, all: InvocationRecord[]): void {
  for (let start = 0; start < all.length; start += 70) {
    records.write(
      { records: all.slice(start, start + 70).map((record) => ({ record, owner: null })) },
      epoch,
    );
  }
}

function check(records: Records, all: InvocationRecord[], queries: QueryParams[]): void {
  for (const params of queries) {
    assert.deepEqual(
      records.query(params).map(({ id }) => id),
      expected(all, params),
      JSON.stringify(params),
    );
  }
}

const texts = [
  'order',
  'PAYMENT refund',
  'fund-4',
  '订',
  '验证',
  'straße',
  'οδοσ',
  '~',
  'x id',
  'user-1 user-2',
  'r12',
  'nothing',
  'zq',
  '码',
];

test('finds by words and conditions what reading everything finds, over many blocks', () => {
  const all = someRecords(1500);
  const records = recordsInMemory(Database, defaultHistoryLimits);
  fill(records, all);
  for (const text of texts) {
    check(records, all, [
      { text, limit: 20 },
      { text, limit: 1000 },
      { text, limit: 50, status: 'error' },
      { text, limit: 50, function: 'mail', startKind: 'cold' },
      { text, limit: 20, before: 'r700' },
      { text, limit: 20, from: epoch + 3000, to: epoch + 4000 },
      { text, limit: 20, to: epoch + 500 },
      { text, limit: 0 },
    ]);
  }
  check(records, all, [
    { limit: 30, from: epoch + 3000, to: epoch + 3100 },
    { limit: 30, status: 'oom' },
  ]);
  assert.deepEqual(records.query({ text: 'order', before: 'unknown', limit: 5 }), []);
  records.close();
});

test('a record that is written again is found by its latest text alone', () => {
  const all = someRecords(100);
  const records = recordsInMemory(Database, defaultHistoryLimits);
  fill(records, all);
  all[10] = { ...all[10]!, logs: [{ t: 0, level: 'info', text: 'late output', stream: 'stdout' }] };
  records.write({ records: [{ record: all[10], owner: null }] }, epoch);
  check(
    records,
    all,
    [...texts, 'late'].map((text) => ({ text, limit: 200 })),
  );
  fill(
    records,
    someRecords(300)
      .slice(200)
      .map((record) => ({ ...record, id: `more ${record.id}` })),
  );
  assert.deepEqual(
    records.query({ text: 'late', limit: 5 }).map(({ id }) => id),
    ['r10'],
  );
  records.close();
});

test('an invocation that runs is found, stays where it is, and is found by its end', () => {
  const records = recordsInMemory(Database, defaultHistoryLimits);
  const running = recordOf('slow', { status: 'running', receivedAt: epoch, event: bodyOf('waits') });
  records.write({ records: [{ record: running, owner: 's' }] }, epoch);
  fill(records, someRecords(100));
  const found = (text: string) =>
    records.query({ text, limit: 5 }).map(({ id, status }) => `${id} ${status}`);
  assert.deepEqual(found('waits'), ['slow running']);
  records.write(
    { records: [{ record: { ...running, status: 'ok', result: bodyOf('woken') }, owner: null }] },
    epoch,
  );
  assert.deepEqual(found('woken'), ['slow ok']);
  // Its beginning, read once more, does not undo its end.
  records.write({ records: [{ record: running, owner: 's' }] }, epoch);
  assert.deepEqual(found('waits'), ['slow ok']);
  records.close();
});

test('long texts: whole bodies, and the log up to its bound', () => {
  const records = recordsInMemory(Database, defaultHistoryLimits);
  const line = { t: 0, level: 'info', stream: 'stdout' } as const;
  const record = recordOf('large', {
    event: bodyOf(`${'e'.repeat(256 * 1024 - 8)}eventend`),
    logs: [
      ...Array.from({ length: 20 }, (_, index) => ({ ...line, text: `${index} ${'l'.repeat(26_000)}` })),
      { ...line, text: 'beyond' },
    ],
  });
  fill(records, [record]);
  const count = (text: string) => records.query({ text, limit: 5 }).length;
  assert.deepEqual(['eventend', '19', 'beyond', 'beyondd'].map(count), [1, 1, 1, 0]);
  fill(records, [{ ...record, logs: [...record.logs.slice(0, 20), ...record.logs] }]);
  assert.deepEqual(['eventend', 'beyond'].map(count), [1, 0]);
  assert.equal(records.get('large')!.logs.at(-1)!.text, 'beyond');
  records.close();
});

test('what is forgotten is not found, and takes no room', () => {
  const all = someRecords(400);
  const records = recordsInMemory(Database, { ...defaultHistoryLimits, records: 100 });
  fill(records, all);
  const kept = expected(all, { limit: 100 }).map((id) => all.find((record) => record.id === id)!);
  const inOrder = all.filter((record) => kept.includes(record));
  check(
    records,
    inOrder,
    texts.map((text) => ({ text, limit: 200 })),
  );
  records.clear(new Map());
  assert.deepEqual(records.query({ text: 'order', limit: 5 }), []);
  fill(records, all.slice(0, 50));
  check(
    records,
    all.slice(0, 50),
    texts.map((text) => ({ text, limit: 200 })),
  );
  records.close();
});
