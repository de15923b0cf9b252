import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncInvocations } from '../../../../runtime/host/asyncInvocations.ts';
import { Deliveries } from '../../../../runtime/host/deliveries.ts';
import type { FunctionRuntime } from '../../../../runtime/invocations/functionRuntime.ts';
import type { InvokeRequest } from '../../../../runtime/invocations/invocation.ts';
import type { InvocationStatus } from '../../../../runtime/model/words.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { settle } from '../../../support/fakeHosts.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import { recordOf } from '../../../support/records.ts';

/** A function whose attempts end as told. */
function setUp(repeats: boolean, ...statuses: InvocationStatus[]) {
  const clock = new FakeClock();
  const requests: InvokeRequest[] = [];
  const fn = {
    definition: functionDefinition('/p'),
    platform: {
      newRequestId: () => 'R',
      invokeApi: {
        retries: { attempts: 3, afterFailureMs: () => 1000, afterThrottleMs: () => 10, maxAgeMs: 60_000 },
      },
    },
    accept(request: InvokeRequest) {
      requests.push(request);
      const record = recordOf(`I${requests.length}`, { status: statuses.shift()! });
      return {
        record: Promise.resolve(record),
        outcome: Promise.resolve({ kind: 'result', body: Buffer.of() }),
      };
    },
  } as unknown as FunctionRuntime;
  const async = new AsyncInvocations({ find: () => fn, clock, say: () => {} });
  const deliveries = new Deliveries({ get: () => fn, async, repeats });
  return { deliveries, requests, clock, async };
}

const event = { event: Buffer.from('{}'), label: 'often at 10:00' };
const trigger = { kind: 'timer', name: 'often' } as const;

test('a failed event is repeated, and every attempt says which it is', async () => {
  const { deliveries, requests, clock } = setUp(true, 'error', 'ok');
  const { first, ended } = deliveries.deliver('hello', trigger, { ...event, mode: 'async' });
  assert.equal((await first)?.record.id, 'I1');
  await settle();
  clock.advance(1000);
  const { last, ...end } = await ended;
  assert.deepEqual(end, { status: 'ok', attempts: 2 });
  assert.equal(last?.record.id, 'I2');
  assert.deepEqual(
    requests.map(({ trigger: kind, triggerName, attempt, label }) => [kind, triggerName, attempt, label]),
    [
      ['timer', 'often', { number: 1, of: 3 }, 'often at 10:00'],
      ['timer', 'often', { number: 2, of: 3 }, 'often at 10:00, attempt 2'],
    ],
  );
});

test('an event is given up after its last attempt', async () => {
  const { deliveries, clock } = setUp(true, 'error', 'error', 'timeout');
  const { ended } = deliveries.deliver('hello', trigger, { ...event, mode: 'async' });
  for (let attempt = 0; attempt < 3; attempt++) {
    await settle();
    clock.advance(1000);
  }
  const { status, attempts, reason } = await ended;
  assert.deepEqual([status, attempts, reason], ['timeout', 3, 'all 3 attempts failed']);
});

test('a host that ends, and one that does not stay, repeat nothing', async () => {
  const staying = setUp(true, 'error');
  const delivered = staying.deliveries.deliver('hello', trigger, { ...event, mode: 'async' });
  await delivered.first;
  await settle();
  staying.async.close();
  assert.equal((await delivered.ended).status, 'interrupted');
  const once = setUp(false, 'error');
  const end = await once.deliveries.deliver('hello', trigger, { ...event, mode: 'async' }).ended;
  assert.deepEqual([end.status, end.attempts, once.requests.length], ['error', 1, 1]);
});

test('a source that repeats by itself says which attempt it is', async () => {
  const { deliveries, requests } = setUp(true, 'error');
  await deliveries.deliver('hello', trigger, { ...event, mode: 'once', attempt: { number: 4 } }).ended;
  assert.deepEqual([requests.length, requests[0]!.attempt], [1, { number: 4 }]);
});
