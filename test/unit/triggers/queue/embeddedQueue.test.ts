import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { queueDefaults, type QueueSettings } from '../../../../runtime/model/queues/queueDefinition.ts';
import {
  deduplicationMs,
  EmbeddedQueue,
  idOfHandle,
  QueueFull,
} from '../../../../runtime/triggers/queue/embeddedQueue.ts';
import type { Message } from '../../../../runtime/model/queues/message.ts';
import type { QueueChange } from '../../../../runtime/triggers/queue/queueChange.ts';

function create(settings: Partial<QueueSettings> = {}) {
  const changes: QueueChange[] = [];
  const buried: { message: Message; target: string }[] = [];
  let takesDead = true;
  const queue = new EmbeddedQueue({
    settings: { ...queueDefaults, ...settings },
    onChange: (change) => changes.push(structuredClone(change)),
    bury: (message, target) => {
      if (takesDead) buried.push({ message, target });
      return takesDead;
    },
  });
  return { queue, changes, buried, refuseDead: () => (takesDead = false) };
}

const bodies = (messages: Message[]) => messages.map(({ body }) => body).join(' ');

describe('a standard queue', () => {
  it('hands a message out once, and again when its visibility time-out is over', () => {
    const { queue } = create();
    queue.send(0, { body: 'a' });
    const [first] = queue.receive(10, { max: 10 });
    assert.equal(first?.receiveCount, 1);
    assert.deepEqual(queue.receive(30_009, { max: 10 }), []);
    const [second] = queue.receive(30_010, { max: 10 });
    assert.equal(second?.receiveCount, 2);
    assert.equal(second?.firstReceivedAt, 10);
    assert.notEqual(second?.receiptHandle, first?.receiptHandle);
  });

  it('knows an earlier handle no longer', () => {
    const { queue } = create({ visibilityTimeoutMs: 5 });
    queue.send(0, { body: 'a' });
    const old = queue.receive(0, { max: 1 })[0]!.receiptHandle!;
    queue.receive(5, { max: 1 });
    assert.equal(queue.delete(old), false);
    assert.equal(queue.messages.length, 1);
  });

  it('takes a handle whose time-out is over as long as nobody else got the message', () => {
    const { queue } = create({ visibilityTimeoutMs: 5 });
    queue.send(0, { body: 'a' });
    const handle = queue.receive(0, { max: 1 })[0]!.receiptHandle!;
    assert.equal(queue.changeVisibility(6, handle, 1000), false, 'it is not in flight');
    assert.equal(queue.delete(handle), true);
  });

  it('keeps back what is delayed, by the queue or by the message', () => {
    const { queue } = create({ delayMs: 100 });
    queue.send(0, { body: 'as the queue says' });
    queue.send(0, { body: 'at once', delayMs: 0 });
    assert.equal(bodies(queue.receive(0, { max: 10 })), 'at once');
    assert.deepEqual(queue.counts(50), { waiting: 0, inFlight: 1, delayed: 1 });
    assert.equal(queue.nextVisibleAt(50), 100);
    assert.equal(bodies(queue.receive(100, { max: 10 })), 'as the queue says');
  });

  it('forgets what is older than it keeps messages', () => {
    const { queue, changes } = create({ retentionMs: 60_000 });
    queue.send(0, { body: 'old' });
    queue.send(30_000, { body: 'young' });
    assert.equal(bodies(queue.receive(60_000, { max: 10 })), 'young');
    assert.deepEqual(changes.filter((change) => change.do === 'remove').length, 1);
  });

  it('moves a message that was handed out too often, and never hands it out again', () => {
    const { queue, buried } = create({
      visibilityTimeoutMs: 10,
      redrive: { target: 'dead', maxReceiveCount: 2 },
    });
    queue.send(0, { body: 'poison' });
    assert.equal(queue.receive(0, { max: 1 }).length, 1);
    assert.equal(queue.receive(10, { max: 1 }).length, 1);
    assert.equal(queue.receive(20, { max: 1 }).length, 0);
    assert.deepEqual(
      buried.map(({ message, target }) => [message.body, message.receiveCount, target]),
      [['poison', 2, 'dead']],
    );
    assert.deepEqual(queue.messages, []);
  });

  it('keeps a dead message that nobody takes, without trying in a circle', () => {
    const { queue, buried, refuseDead } = create({
      visibilityTimeoutMs: 10,
      redrive: { target: 'dead', maxReceiveCount: 1 },
    });
    refuseDead();
    queue.send(0, { body: 'poison' });
    queue.receive(0, { max: 1 });
    assert.deepEqual(queue.receive(10, { max: 1 }), []);
    assert.equal(queue.nextVisibleAt(10), 20);
    assert.deepEqual([queue.messages.length, buried.length], [1, 0]);
  });

  it('keeps a held message back whatever the time, and gives it back when it is released', () => {
    const { queue } = create();
    queue.send(0, { body: 'a' });
    const handle = queue.receive(0, { max: 1, hold: true })[0]!.receiptHandle!;
    assert.deepEqual(queue.receive(1_000_000, { max: 1 }), []);
    queue.release(handle, 1_000_500);
    assert.deepEqual(queue.receive(1_000_499, { max: 1 }), []);
    assert.equal(queue.receive(1_000_500, { max: 1 }).length, 1);
  });

  it('hands out messages up to a size, but always one', () => {
    const { queue } = create();
    for (const body of ['x'.repeat(50), 'y', 'z']) queue.send(0, { body });
    assert.equal(queue.receive(0, { max: 10, maxBytes: 10 }).length, 1);
    assert.equal(bodies(queue.receive(0, { max: 10, maxBytes: 10 })), 'y z');
  });

  it('refuses more than it may hold, and stays as it was', () => {
    const { queue } = create();
    const body = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 64; n++) queue.send(0, { body });
    assert.throws(() => queue.send(0, { body: 'one more' }), QueueFull);
    assert.equal(queue.messages.length, 64);
  });
});

describe('a FIFO queue', () => {
  const fifo = { fifo: true, contentBasedDeduplication: true };

  it('hands out a group in order, and nothing of it while something is in flight', () => {
    const { queue } = create(fifo);
    for (const body of ['a1', 'a2', 'a3']) queue.send(0, { body, groupId: 'a' });
    queue.send(0, { body: 'b1', groupId: 'b' });
    const [a1] = queue.receive(0, { max: 1 });
    assert.equal(a1?.body, 'a1');
    assert.equal(bodies(queue.receive(0, { max: 10 })), 'b1');
    queue.delete(a1.receiptHandle!);
    assert.equal(bodies(queue.receive(0, { max: 10 })), 'a2 a3');
  });

  it('begins a group again where it failed', () => {
    const { queue } = create({ ...fifo, visibilityTimeoutMs: 100 });
    for (const body of ['1', '2', '3']) queue.send(0, { body, groupId: 'a' });
    const [one] = queue.receive(0, { max: 3 });
    queue.delete(one!.receiptHandle!);
    assert.deepEqual(queue.receive(99, { max: 3 }), []);
    assert.equal(bodies(queue.receive(100, { max: 3 })), '2 3');
  });

  it('drops repetitions for five minutes, also when the message is gone', () => {
    const { queue } = create(fifo);
    const first = queue.send(0, { body: 'a', groupId: 'g' });
    queue.delete(queue.receive(0, { max: 1 })[0]!.receiptHandle!);
    const again = queue.send(deduplicationMs - 1, { body: 'a', groupId: 'other' });
    assert.deepEqual([again.repeated, again.id], [true, first.id]);
    assert.equal(queue.send(deduplicationMs, { body: 'a', groupId: 'g' }).repeated, false);
  });

  it('may look for repetitions in a group alone', () => {
    const { queue } = create({ ...fifo, deduplicationScope: 'messageGroup' });
    queue.send(0, { body: 'a', groupId: 'g' });
    assert.equal(queue.send(0, { body: 'a', groupId: 'h' }).repeated, false);
    assert.equal(queue.send(0, { body: 'a', groupId: 'g' }).repeated, true);
  });
});

/** Small and repeatable: the same numbers for the same seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

describe('whatever is done with a queue', () => {
  for (const fifo of [false, true]) {
    for (let seed = 1; seed <= 25; seed++) {
      it(`nothing is lost, early or out of order (${fifo ? 'FIFO' : 'standard'}, ${seed})`, () => {
        const roll = dice(seed);
        const redrive = seed % 2 ? { redrive: { target: 'dead', maxReceiveCount: 3 } } : {};
        const { queue, changes, buried } = create({ fifo, visibilityTimeoutMs: 50, ...redrive });
        const sent = new Set<string>();
        const deleted = new Set<string>();
        /** Who has what, until when. */
        const inFlight = new Map<string, { handle: string; until: number; group?: string }>();
        const lastOfGroup = new Map<string, number>();
        let now = 0;
        for (let step = 0; step < 400; step++) {
          now += roll(20);
          const what = roll(10);
          if (what < 4) {
            const groupId = `g${roll(3)}`;
            const delay = !fifo && roll(3) === 0 ? { delayMs: roll(100) } : {};
            sent.add(
              queue.send(now, { body: `m${step}`, deduplicationId: `d${step}`, groupId, ...delay }).id,
            );
          } else if (what < 7) {
            for (const message of queue.receive(now, { max: 1 + roll(4) })) {
              assert.ok(message.visibleAt === now + 50);
              const before = inFlight.get(message.id);
              assert.ok(!before || before.until <= now, `${message.id} is handed out while invisible`);
              assert.ok(!deleted.has(message.id), 'what was deleted does not come back');
              if (fifo) {
                const busy = [...inFlight].some(
                  ([id, other]) =>
                    id !== message.id &&
                    other.group === message.groupId &&
                    other.until > now &&
                    !deleted.has(id) &&
                    other.until !== now + 50,
                );
                assert.ok(!busy, 'its group is in flight');
                const last = lastOfGroup.get(message.groupId!) ?? 0;
                assert.ok(
                  message.sequence > last || message.receiveCount > 1,
                  'a group goes forward, but for what is repeated',
                );
                lastOfGroup.set(message.groupId!, Math.max(last, message.sequence));
              }
              const handle = message.receiptHandle!;
              inFlight.set(message.id, { handle, until: now + 50, group: message.groupId! });
            }
          } else if (what < 9 && inFlight.size > 0) {
            const [id, { handle }] = [...inFlight][roll(inFlight.size)]!;
            if (queue.delete(handle)) deleted.add(id);
            if (deleted.has(id)) inFlight.delete(id);
          } else if (inFlight.size > 0) {
            const [, entry] = [...inFlight][roll(inFlight.size)]!;
            const timeout = roll(80);
            if (queue.changeVisibility(now, entry.handle, timeout)) entry.until = now + timeout;
          }
          const gone = new Set([...deleted, ...buried.map(({ message }) => message.id)]);
          const kept = new Set(queue.messages.map(({ id }) => id));
          assert.deepEqual(
            [...sent].filter((id) => !gone.has(id)).sort(),
            [...kept].sort(),
            'what was sent is here until it is deleted or dead',
          );
        }
        const again = create({ fifo, visibilityTimeoutMs: 50 }).queue;
        for (const change of changes) again.apply(change);
        assert.deepEqual(again.messages, queue.messages, 'its changes make it again');
        const copy = create({ fifo, visibilityTimeoutMs: 50 }).queue;
        for (const change of queue.snapshot(now)) copy.apply(change);
        assert.deepEqual(copy.messages, queue.messages, 'its snapshot makes it again');
        assert.equal(copy.bytes, queue.bytes);
      });
    }
  }

  it('a handle of somebody else is none', () => {
    assert.equal(idOfHandle('nonsense'), undefined);
    assert.equal(idOfHandle(Buffer.from('../x abc').toString('base64')), undefined);
  });
});
