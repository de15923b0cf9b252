import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FunctionPool } from '../../../runtime/instances/functionPool.ts';
import type { Instance } from '../../../runtime/instances/instance.ts';
import { defaultProcess } from '../../../runtime/model/functionDefinition.ts';
import { FakeClock } from '../../support/fakeClock.ts';

/** A pool whose processes are counted and never end. */
function countingPool(prewarm = 1) {
  const clock = new FakeClock();
  let started = 0;
  const pool = new FunctionPool({
    function: 'hello',
    settings: { ...defaultProcess, prewarm },
    clock,
    debug: {
      isDebugging: () => false,
      attach: () => Promise.reject(new Error('nothing is debugged')),
      onDidChange: () => ({ dispose() {} }),
    },
    start() {
      started++;
      const instance: Partial<Instance> = {
        exited: new Promise(() => {}),
        booted: Promise.resolve(),
        ending: false,
        kill() {},
      };
      return instance as Instance;
    },
    provision: () => Promise.resolve(true),
    stop() {},
    pending: () => undefined,
  });
  return { pool, clock, started: () => started };
}

test('the spare after the one that was taken is started when there was time for the answer', () => {
  const { pool, clock, started } = countingPool();
  pool.refill();
  pool.refill();
  assert.equal(started(), 0);
  clock.advance(9);
  assert.equal(started(), 0);
  clock.advance(1);
  assert.equal(started(), 1);
  pool.refill();
  clock.advance(10);
  assert.equal(started(), 1, 'there is one already');
});

test('a spare that was prepared for a call is not ended when others are started', async () => {
  const { pool, clock, started } = countingPool(0);
  pool.refill();
  await pool.prepareSpare();
  await pool.prepareSpare();
  clock.advance(10);
  assert.equal(started(), 1);
  assert.deepEqual(
    pool.slots.map(({ phase }) => phase),
    ['prewarmed'],
  );
  pool.configure({ ...defaultProcess, prewarm: 0 });
  assert.deepEqual(
    pool.slots.map(({ phase }) => phase),
    ['stopping'],
  );
});

test('a pool that is gone starts no spare', () => {
  const { pool, clock, started } = countingPool();
  pool.refill();
  void pool.dispose('the host ends', false);
  clock.advance(100);
  assert.equal(started(), 0);
});
