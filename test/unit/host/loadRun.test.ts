import assert from 'node:assert/strict';
import test from 'node:test';
import { LoadRun } from '../../../runtime/host/loadRun.ts';
import type { LoadShape } from '../../../runtime/model/load.ts';
import { Deferred } from '../../../runtime/support/deferred.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { settle } from '../../support/fakeHosts.ts';
import { recordOf } from '../../support/records.ts';

function setUp(shape: LoadShape) {
  const clock = new FakeClock();
  const calls: { at: number; end(changes?: object): Promise<void>; cancelled: boolean }[] = [];
  let instances = 0;
  const begin = clock.nowUs();
  const abort = new AbortController();
  const told: number[] = [];
  const run = new LoadRun(
    {
      function: 'hello',
      instances: () => instances,
      call(number) {
        if (number === 99) throw new Error('the event is not JSON');
        instances++;
        const record = new Deferred<ReturnType<typeof recordOf>>();
        const call = {
          at: (clock.nowUs() - begin) / 1000,
          cancelled: false,
          async end(changes = {}) {
            record.resolve(recordOf(String(number), changes));
            await settle();
          },
        };
        calls.push(call);
        return {
          outcome: Promise.resolve({} as never),
          record: record.promise,
          cancel: () => {
            call.cancelled = true;
            record.resolve(recordOf(String(number), { status: 'interrupted' }));
          },
        };
      },
    },
    shape,
    clock,
  ).run(({ sent }) => told.push(sent), abort.signal);
  return { clock, calls, run, abort, told };
}

test('calls come at their rate, whatever the earlier ones do', async () => {
  const { clock, calls, run } = setUp({ invocations: 4, rate: 10, concurrency: 10 });
  clock.advance(1000);
  assert.deepEqual(
    calls.map(({ at }) => at),
    [0, 100, 200, 300],
  );
  for (const call of calls) await call.end();
  const result = await run;
  assert.deepEqual([result.sent, result.cancelled, result.lateMs], [4, false, 0]);
  assert.equal(result.instances.most, 4);
});

test('no more than the concurrency are under way, and what that delays is told', async () => {
  const { clock, calls, run } = setUp({ invocations: 3, rate: 100, concurrency: 1 });
  clock.advance(500);
  assert.equal(calls.length, 1);
  await calls[0]!.end();
  assert.equal(calls.length, 2);
  await calls[1]!.end();
  await calls[2]!.end();
  assert.equal((await run).lateMs, 490);
});

test('without a rate the next call comes with an answer', async () => {
  const { calls, run } = setUp({ invocations: 5, concurrency: 2 });
  assert.equal(calls.length, 2);
  await calls[1]!.end();
  assert.equal(calls.length, 3);
  for (const call of calls) await call.end();
  for (const call of calls) await call.end();
  assert.equal((await run).sent, 5);
});

test('cancelling sends no more and ends what is under way', async () => {
  const { clock, calls, run, abort } = setUp({ invocations: 1000, rate: 10, concurrency: 5 });
  clock.advance(150);
  abort.abort();
  clock.advance(1000);
  const result = await run;
  assert.deepEqual([result.sent, result.cancelled, result.statuses], [2, true, { interrupted: 2 }]);
  assert.ok(calls.every(({ cancelled }) => cancelled));
});

test('a call that cannot be made ends the load with the reason', async () => {
  const { calls, run } = setUp({ invocations: 200, concurrency: 200 });
  await assert.rejects(run, /the event is not JSON/);
  assert.equal(calls.length, 98);
  assert.ok(calls.every(({ cancelled }) => cancelled));
});
