import assert from 'node:assert/strict';
import test from 'node:test';
import { checkLoad } from '../../../runtime/model/checkLoad.ts';
import type { LoadShape } from '../../../runtime/model/load.ts';
import { LoadTally, type Counted } from '../../../runtime/model/loadTally.ts';
import type { StartKind } from '../../../runtime/model/words.ts';
import { percentile } from '../../../runtime/model/percentile.ts';

const facts = {
  function: 'hello',
  cancelled: false,
  sent: 4,
  elapsedMs: 500,
  lateMs: 0,
  shape: { invocations: 4, concurrency: 2 },
};

const call = (wallMs: number, startKind: StartKind, changes: Partial<Counted> = {}): Counted => ({
  status: 'ok',
  wallMs,
  startKind,
  instance: { id: 'hello#1', pid: 1, sequence: 1 },
  ...changes,
});

test('percentiles are values that were measured', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(percentile(values, 0.5), 50);
  assert.equal(percentile(values, 0.95), 95);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile([7], 0.5), 7);
  assert.equal(percentile([], 0.5), undefined);
});

test('numbers beyond the bounds are refused by name', () => {
  const good: LoadShape = { invocations: 10, concurrency: 2, rate: 0.5 };
  checkLoad(good);
  for (const [change, message] of [
    [{ invocations: 0 }, /number of calls of a load is 0\. Give a whole number from 1 to 100000/],
    [{ invocations: 1.5 }, /number of calls/],
    [{ concurrency: 1001 }, /concurrency of a load is 1001/],
    [{ rate: 0 }, /rate of a load is 0/],
    [{ rate: Number.NaN }, /rate of a load is NaN/],
    [{ rate: '5' as never }, /rate of a load/],
  ] as const)
    assert.throws(() => checkLoad({ ...good, ...change }), message);
});

test('a result tells statuses, times by start kind and the first failure', () => {
  const tally = new LoadTally();
  tally.add(call(80, 'cold'));
  tally.add(call(2, 'warm'));
  tally.add(
    call(4, 'warm', { status: 'error', error: { type: 'TypeError', message: 'no name', stack: [] } }),
  );
  tally.add({ status: 'throttled', wallMs: 0.1 });
  const result = tally.result(facts, 1);
  assert.deepEqual(result.statuses, { ok: 2, error: 1, throttled: 1 });
  assert.equal(result.throughput, 8);
  assert.equal(result.times?.count, 3);
  assert.deepEqual(
    [result.starts.cold?.p50Ms, result.starts.warm?.p50Ms, result.starts.warm?.p99Ms],
    [80, 2, 4],
  );
  assert.deepEqual(result.instances, { served: 1, most: 1 });
  assert.deepEqual(result.error, { type: 'TypeError', message: 'no name' });
  assert.equal(tally.failed, 2);
});

test('without an answer there are no times', () => {
  const result = new LoadTally().result({ ...facts, elapsedMs: 0 }, 0);
  assert.equal(result.times, undefined);
  assert.equal(result.throughput, 0);
});
