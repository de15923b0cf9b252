import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  queueDefaults,
  type QueueDefinition,
  type QueueSettings,
} from '../../../../runtime/model/queues/queueDefinition.ts';
import { QueueHub } from '../../../../runtime/triggers/queue/queueHub.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

const queue = (name: string, settings: Partial<QueueSettings> = {}): QueueDefinition => ({
  name,
  platform: 'aws-lambda',
  region: 'us-east-1',
  accountId: '123456789012',
  settings: { ...queueDefaults, ...settings },
});

function setUp(t: TestContext) {
  const folder = tempFolder(t);
  const clock = new FakeClock();
  const said: string[] = [];
  const open = (claim = () => true) => {
    const hub = new QueueHub({ folder, clock, claim, say: (_level, text) => void said.push(text) });
    t.after(() => hub.close());
    return hub;
  };
  return { folder, clock, said, open };
}

test('messages are there again after a restart, as far as they had come', (t) => {
  const { open, clock, said } = setUp(t);
  const hub = open();
  hub.declare([queue('orders')]);
  const { queue: first } = hub.find('orders')!;
  for (const body of ['a', 'b', 'c']) first.send(clock.epochMs(), { body });
  const [a, b] = first.receive(clock.epochMs(), { max: 2, hold: true });
  first.delete(a!.receiptHandle!);
  // Not closed: the host was killed.
  const again = open();
  again.declare([queue('orders')]);
  const { queue: second } = again.find('orders')!;
  assert.deepEqual(
    second.messages.map(({ body, receiveCount }) => [body, receiveCount]),
    [
      ['b', 1],
      ['c', 0],
    ],
  );
  assert.equal(second.receive(clock.epochMs(), { max: 9 })[0]?.body, 'c', 'b is still in flight');
  clock.advance(30_000);
  const [repeated] = second.receive(clock.epochMs(), { max: 1 });
  assert.deepEqual([repeated?.id, repeated?.receiveCount], [b!.id, 2]);
  assert.deepEqual(said, []);
});

test('a queue that a program made is there again, with its settings and tags', (t) => {
  const { open } = setUp(t);
  const made = queue('made.fifo', { fifo: true, visibilityTimeoutMs: 5000 });
  open().make(made, { tags: { team: 'shop' }, attributes: { Policy: '{}' } });
  const again = open().find('made.fifo')!;
  assert.deepEqual(again.definition, made);
  assert.deepEqual(again.extra, { tags: { team: 'shop' }, attributes: { Policy: '{}' } });
});

test('a line that a crash cut off is left out, and told', (t) => {
  const { open, folder, clock, said } = setUp(t);
  const hub = open();
  hub.declare([queue('orders')]);
  hub.find('orders')!.queue.send(clock.epochMs(), { body: 'whole' });
  const [file] = readdirSync(folder);
  appendFileSync(join(folder, file!), '{"do":"add","message":{"id":"x","bo');
  const again = open();
  again.declare([queue('orders')]);
  assert.deepEqual(
    again.find('orders')!.queue.messages.map(({ body }) => body),
    ['whole'],
  );
  assert.match(said.join(), /1 lines about messages of orders are damaged/);
});

test('a journal does not grow with what went through', (t) => {
  const { open, folder, clock } = setUp(t);
  const hub = open();
  hub.declare([queue('busy')]);
  const { queue: busy } = hub.find('busy')!;
  for (let n = 0; n < 3000; n++) {
    busy.send(clock.epochMs(), { body: `message ${n}` });
    busy.delete(busy.receive(clock.epochMs(), { max: 1 })[0]!.receiptHandle!);
  }
  const lines = readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8').split('\n').length;
  assert.ok(lines < 2010, `${lines} lines`);
});

test('a host that may not write there says so, once, and goes on in memory', (t) => {
  const { open, folder, clock, said } = setUp(t);
  const hub = open(() => false);
  hub.declare([queue('orders')]);
  for (const body of ['a', 'b']) hub.find('orders')!.queue.send(clock.epochMs(), { body });
  assert.equal(hub.find('orders')!.queue.messages.length, 2);
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /would end with this host: another host/);
});

test('dead letters go to their queue, which is made when it is missing, and back', (t) => {
  const { open, clock } = setUp(t);
  const hub = open();
  const redrive = { target: 'dead', maxReceiveCount: 1 };
  hub.declare([queue('orders', { redrive, visibilityTimeoutMs: 1000 })]);
  const { queue: orders } = hub.find('orders')!;
  const { id } = orders.send(clock.epochMs(), { body: 'poison' });
  orders.receive(clock.epochMs(), { max: 1 });
  clock.advance(1000);
  assert.deepEqual(orders.receive(clock.epochMs(), { max: 1 }), []);
  const dead = hub.find('dead')!;
  assert.equal(dead.queue.messages[0]?.diedIn, 'arn:aws:sqs:us-east-1:123456789012:orders');
  assert.equal(hub.redrive(dead, undefined, ['another']), 0);
  assert.equal(hub.redrive(dead), 1);
  const [back] = orders.receive(clock.epochMs(), { max: 1 });
  assert.deepEqual([back?.id, back?.receiveCount, back?.diedIn], [id, 1, undefined]);
});
