import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../../runtime/model/platform.ts';
import type { QueueTrigger } from '../../../../runtime/model/queues/queueContract.ts';
import { queueDefaults, type QueueSettings } from '../../../../runtime/model/queues/queueDefinition.ts';
import { Deferred } from '../../../../runtime/support/deferred.ts';
import { Consumer } from '../../../../runtime/triggers/queue/consumer.ts';
import { QueueHub } from '../../../../runtime/triggers/queue/queueHub.ts';
import type { Delivery, DeliveryResult } from '../../../../runtime/triggers/source.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { settle } from '../../../support/fakeHosts.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import { recordOf } from '../../../support/records.ts';

function setUp(changes: Partial<QueueTrigger> = {}, settings: Partial<QueueSettings> = {}) {
  const clock = new FakeClock();
  const said: string[] = [];
  const hub = new QueueHub({ clock, say: (_level, text) => void said.push(text) });
  hub.declare([
    {
      name: 'orders',
      platform: 'aws-lambda',
      region: 'r',
      accountId: '1',
      settings: { ...queueDefaults, ...settings },
    },
  ]);
  const live = hub.find('orders')!;
  const trigger: QueueTrigger = {
    queue: 'orders',
    summary: 'queue orders',
    enabled: true,
    batchSize: 2,
    batchBytes: 1e6,
    windowMs: 0,
    reportsItemFailures: false,
    event: (batch) => Buffer.from(batch.map(({ body }) => body).join(' ')),
    ...changes,
  };
  const deliveries: (Delivery & { done: Deferred<DeliveryResult | undefined> })[] = [];
  const refuse = { with: undefined as Error | undefined };
  const process = { ...functionDefinition('/p').process, maxInstances: 2, concurrency: 1 };
  const definition = functionDefinition('/p', { name: 'worker', process });
  const consumer = new Consumer({
    queue: () => hub.find('orders'),
    trigger,
    clock,
    services: {
      facts: { trigger: { kind: 'queue', name: 'q', config: {} }, definition } as never,
      say: (_level, text) => void said.push(text),
      changed: () => {},
      deliver(delivery) {
        if (refuse.with) throw refuse.with;
        const done = new Deferred<DeliveryResult | undefined>();
        deliveries.push({ ...delivery, done });
        return { first: done.promise, ended: new Promise(() => {}) };
      },
    },
  });
  live.onDidChange(() => consumer.pump());
  const send = (...bodies: string[]) => bodies.forEach((body) => live.queue.send(clock.epochMs(), { body }));
  const bodies = () => deliveries.map(({ event }) => Buffer.from(event).toString());
  const end = async (index: number, kind: 'result' | 'error' = 'result', body = '') => {
    const outcome = { kind, body: Buffer.from(body) } as unknown as Outcome;
    deliveries[index]!.done.resolve({ record: recordOf('x'), outcome });
    await settle();
  };
  return { clock, hub, live, consumer, deliveries, refuse, send, bodies, end, said };
}

test('brings what waits, and deletes what was handled', async () => {
  const { consumer, send, bodies, end, live, deliveries } = setUp();
  send('a', 'b', 'c');
  consumer.start();
  assert.deepEqual(bodies(), ['a b', 'c']);
  assert.match(deliveries[0]!.label, /^orders: 2 messages from [0-9a-f]{8} on$/);
  await end(0);
  await end(1);
  assert.deepEqual(live.queue.messages, []);
});

test('has no more events under way than the function has instances for', async () => {
  const { consumer, send, bodies, end } = setUp({ batchSize: 1 });
  send('a', 'b', 'c');
  consumer.start();
  assert.deepEqual(bodies(), ['a', 'b']);
  await end(1);
  assert.deepEqual(bodies(), ['a', 'b', 'c']);
});

test('a batch waits for its window, unless it is full', () => {
  const { clock, consumer, send, bodies } = setUp({ windowMs: 5000 });
  consumer.start();
  send('a');
  clock.advance(4999);
  assert.deepEqual(bodies(), []);
  clock.advance(1);
  assert.deepEqual(bodies(), ['a']);
  send('b', 'c');
  assert.deepEqual(bodies(), ['a', 'b c']);
});

test('what failed comes again when its visibility time-out is over, with its number', async () => {
  const { clock, consumer, send, bodies, end, deliveries } = setUp(
    {},
    { visibilityTimeoutMs: 10_000, redrive: { target: 'dead', maxReceiveCount: 2 } },
  );
  consumer.start();
  send('poison');
  clock.advance(3000);
  await end(0, 'error');
  clock.advance(6999);
  assert.deepEqual(bodies(), ['poison']);
  clock.advance(1);
  assert.deepEqual(bodies(), ['poison', 'poison']);
  assert.deepEqual(deliveries[1]!.attempt, { number: 2, of: 2 });
  assert.match(deliveries[1]!.label, /, receive 2 of 2$/);
});

test('a poisonous message never goes round hot, not even with a time-out of nothing', async () => {
  const { clock, consumer, send, bodies, end } = setUp({}, { visibilityTimeoutMs: 0 });
  consumer.start();
  send('poison');
  await end(0, 'error');
  clock.advance(999);
  assert.equal(bodies().length, 1);
  clock.advance(1);
  assert.equal(bodies().length, 2);
});

test('a platform may have waits of its own', async () => {
  const { clock, consumer, send, bodies, end } = setUp({ retryAfterMs: (attempts) => attempts * 2000 });
  consumer.start();
  send('a');
  await end(0, 'error');
  clock.advance(2000);
  assert.equal(bodies().length, 2);
  await end(1, 'error');
  clock.advance(3999);
  assert.equal(bodies().length, 2);
  clock.advance(1);
  assert.equal(bodies().length, 3);
});

test('a message stays out of sight for as long as it is handled, however long that takes', async () => {
  const { clock, consumer, send, bodies, end, live } = setUp();
  consumer.start();
  send('stopped in a debugger');
  clock.advance(600_000);
  assert.equal(bodies().length, 1);
  await end(0);
  assert.deepEqual(live.queue.messages, []);
});

test('messages that are none of the function are removed', () => {
  const { consumer, send, bodies, live } = setUp({ accepts: ({ body }) => body !== 'other' });
  send('other', 'other', 'mine');
  consumer.start();
  assert.deepEqual(bodies(), ['mine']);
  assert.equal(live.queue.messages.length, 1);
});

test('when the function takes nothing the messages stay, and it is said once', () => {
  const { clock, consumer, send, refuse, said, live } = setUp({}, { visibilityTimeoutMs: 1000 });
  refuse.with = new Error('no room');
  consumer.start();
  send('a');
  clock.advance(5000);
  assert.deepEqual(said, ['worker: messages of orders are not taken: no room']);
  assert.equal(live.queue.messages.length, 1);
});

test('it brings nothing by itself while it is stopped, but does by hand', () => {
  const { consumer, send, bodies } = setUp();
  consumer.start();
  consumer.stop();
  send('a', 'b', 'c');
  assert.deepEqual(bodies(), []);
  assert.ok(consumer.bringNow());
  assert.deepEqual(bodies(), ['a b']);
});
