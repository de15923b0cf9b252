import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asyncLimits, AsyncInvocations, type AsyncEvent } from '../../../../runtime/host/asyncInvocations.ts';
import type { FunctionRuntime } from '../../../../runtime/invocations/functionRuntime.ts';
import type { InvokeRequest } from '../../../../runtime/invocations/invocation.ts';
import type { ApiCall, RetryRules } from '../../../../runtime/model/invokeApi.ts';
import type { InvocationStatus } from '../../../../runtime/model/words.ts';
import { say } from '../../../../runtime/support/l10n.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { settle } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';

const rules: RetryRules = {
  attempts: 3,
  afterFailureMs: (attempt) => attempt * 1000,
  afterThrottleMs: (times) => times * 10,
  maxAgeMs: 60_000,
};
const call: ApiCall = { mode: 'async', limit: 100, tail: false, facts: {}, notes: [] };
const eventOf = (changes: Partial<AsyncEvent> = {}): AsyncEvent => ({
  function: 'hello',
  requestId: 'R',
  event: Buffer.from('{}'),
  call,
  caller: { parent: 'P', depth: 2 },
  rules,
  ...changes,
});

/** Invocations of a function whose attempts end as told, one after the other; the last word holds on. */
function setUp(...statuses: (InvocationStatus | 'never')[]) {
  const clock = new FakeClock();
  const requests: InvokeRequest[] = [];
  const said: string[] = [];
  const fn = {
    accept(request: InvokeRequest) {
      requests.push(request);
      const status = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
      const record = status === 'never' ? new Promise(() => {}) : Promise.resolve(recordOf('x', { status }));
      return { id: 'x', record };
    },
  } as unknown as FunctionRuntime;
  const functions = new Map([['hello', fn]]);
  const invocations = new AsyncInvocations({
    find: (name) => functions.get(name),
    clock,
    say: (_level, text) => said.push(text),
  });
  const advance = async (ms: number) => {
    await settle();
    clock.advance(ms);
    await settle();
  };
  return { invocations, requests, said, advance, functions };
}

test('a failure is repeated as the same request with a record of its own', async () => {
  const { invocations, requests, said, advance } = setUp('error', 'timeout', 'crashed');
  assert.equal(invocations.add(eventOf()), 'taken');
  await advance(999);
  assert.equal(requests.length, 1);
  await advance(1);
  await advance(2000);
  await advance(60_000);
  assert.deepEqual(
    requests.map(({ id, requestId, parent, depth, call: facts }) => ({
      id,
      requestId,
      parent,
      depth,
      facts,
    })),
    [
      { id: 'R', requestId: undefined, parent: 'P', depth: 2, facts: { retryCount: 0 } },
      { id: undefined, requestId: 'R', parent: 'P', depth: 2, facts: { retryCount: 1 } },
      { id: undefined, requestId: 'R', parent: 'P', depth: 2, facts: { retryCount: 2 } },
    ],
  );
  assert.deepEqual(
    requests[2]?.notes?.map((note) => say(note)),
    ['Attempt 3 of 3 of request R.'],
  );
  assert.deepEqual(said, ['The asynchronous event of hello (request R) is given up: all 3 attempts failed.']);
});

test('success and cancelling end it', async () => {
  for (const status of ['ok', 'interrupted'] as const) {
    const { invocations, requests, said, advance } = setUp(status);
    invocations.add(eventOf());
    await advance(60_000);
    assert.equal(requests.length, 1);
    assert.deepEqual(said, []);
  }
});

test('being throttled costs no attempt, until the event is too old', async () => {
  const { invocations, requests, said, advance } = setUp('throttled', 'throttled', 'error', 'throttled');
  invocations.add(eventOf());
  await advance(10);
  await advance(20);
  assert.deepEqual(
    requests.map(({ call: facts }) => facts?.retryCount),
    [0, 0, 0],
  );
  assert.deepEqual(
    requests[2]?.notes?.map((note) => say(note)),
    ['Attempt 1 of 3 of request R, after being refused for want of an instance.'],
  );
  await advance(1000);
  assert.equal(requests[3]?.call?.retryCount, 1);
  for (let count = 0; count < 200; count++) await advance(1000);
  assert.deepEqual(said, ['The asynchronous event of hello (request R) is given up: it is too old.']);
});

test('a delayed event waits; at the end of the host it is told with those that wait for another attempt', async () => {
  const { invocations, requests, said, advance } = setUp('error');
  invocations.add(eventOf({ requestId: 'D', call: { ...call, delayMs: 5000 } }));
  assert.equal(requests.length, 0);
  invocations.add(eventOf());
  await advance(500);
  invocations.close();
  await advance(60_000);
  assert.equal(requests.length, 1);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /hello \(request D, attempt 1\), hello \(request R, attempt 2\)\. Send them again/);
  assert.equal(invocations.add(eventOf()), 'full');
});

test('events are bounded in number and bytes, and a task id is taken once', async () => {
  const { invocations, advance } = setUp('never');
  const task = { ...call, taskId: 'T' };
  assert.equal(invocations.add(eventOf({ call: task })), 'taken');
  assert.equal(invocations.add(eventOf({ call: task })), 'taskExists');
  assert.equal(invocations.add(eventOf({ event: Buffer.alloc(asyncLimits.bytes) })), 'full');
  for (let count = 1; count < asyncLimits.events; count++) invocations.add(eventOf());
  assert.equal(invocations.add(eventOf()), 'full');
  const ended = setUp('ok');
  ended.invocations.add(eventOf({ event: Buffer.alloc(asyncLimits.bytes) }));
  await ended.advance(0);
  assert.equal(ended.invocations.add(eventOf()), 'taken');
  await advance(0);
});

test('a function that went meanwhile is told', async () => {
  const { invocations, said, advance, functions } = setUp('error');
  invocations.add(eventOf());
  await advance(0);
  functions.clear();
  await advance(1000);
  assert.deepEqual(said, [
    'The asynchronous event of hello (request R) is given up: the function is no longer there.',
  ]);
});
