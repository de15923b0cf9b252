import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

interface Quick {
  pid: number;
  n: number;
}

const answers = async (host: Host, name: string, events: object[]) =>
  Promise.all(events.map((event) => invoke(host, name, event)));

/** Calls until the function is known to be quick, so that events are handed ahead. */
async function makeQuick(host: Host): Promise<void> {
  for (let n = 0; n < 60; n++) await invoke(host, 'quick', { n });
}

describe('many invocations of a quick function', () => {
  it('are each answered once with their own result, on at most the instances allowed', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    await makeQuick(host);
    const events = Array.from({ length: 300 }, (_, n) => ({ n }));
    const records = await answers(host, 'quick', events);
    const bodies = records.map(({ body }) => JSON.parse(body) as Quick);
    assert.deepEqual(
      bodies.map(({ n }) => n),
      events.map(({ n }) => n),
    );
    assert.ok(new Set(bodies.map(({ pid }) => pid)).size <= 2);
    assert.equal(new Set(records.map(({ id }) => id)).size, 300);
    for (const { phases } of records) {
      assert.deepEqual(
        phases
          .map(({ name }) => name)
          .filter((name) => name !== 'spawn' && name !== 'boot' && name !== 'load'),
        ['queue', 'handler', 'teardown'],
      );
    }
  });

  it('do not wait behind one that turns out to be slow', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    await makeQuick(host);
    const order: number[] = [];
    const events = [
      { n: 0, ms: 1500 },
      { n: 1, ms: 1500 },
      ...Array.from({ length: 12 }, (_, n) => ({ n: n + 2 })),
    ];
    // Both instances take a slow one; what was handed ahead of it comes back when a third place is free.
    host.registry
      .get('quick')
      .pool.configure({ ...host.registry.get('quick').pool.settings, maxInstances: 3 });
    const pending = events.map(async (event) => {
      await invoke(host, 'quick', event);
      order.push(event.n);
    });
    await Promise.all(pending);
    assert.deepEqual(order.slice(-2).sort(), [0, 1], `in order of answers: ${order.join(' ')}`);
  });

  it('lose nothing but the one that ended its process', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    await makeQuick(host);
    const events = Array.from({ length: 60 }, (_, n) => ({ n, ...(n === 20 ? { exit: true } : {}) }));
    const records = await answers(host, 'quick', events);
    const failed = records.filter(({ status }) => status !== 'ok');
    assert.deepEqual(
      failed.map(({ status, error }) => [status, error?.message.replace(/^RequestId: \S+ /, '')]),
      [['crashed', 'Error: Runtime exited with error: exit status 7']],
    );
    assert.equal(records.indexOf(failed[0]!), 20);
  });
});

describe('concurrency', () => {
  it('puts several invocations on one instance, each with its own log', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    await invoke(host, 'several', { n: 'first' });
    const records = await answers(
      host,
      'several',
      [1, 2, 3, 4, 5].map((n) => ({ n })),
    );
    assert.equal(new Set(records.map(({ body }) => (JSON.parse(body) as Quick).pid)).size, 1);
    for (const [index, { logs }] of records.entries()) {
      const lines = logs.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
      assert.deepEqual(lines, [`begin ${index + 1}`, `raw ${index + 1}`, `end ${index + 1}`]);
    }
    const handlers = records.map(({ receivedAt, phases }) => {
      const handler = phases.find(({ name }) => name === 'handler')!;
      return {
        start: receivedAt * 1000 + handler.startUs,
        end: receivedAt * 1000 + handler.startUs + handler.durationUs,
      };
    });
    const overlap = handlers.some((one, i) =>
      handlers.some((other, j) => i !== j && one.start < other.end && other.start < one.end),
    );
    assert.ok(overlap, 'their handlers ran at the same time');
  });

  it('takes a burst at a cold function by one instance, and by as many as it needs', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    const burst = async (calls: number) => {
      const events = Array.from({ length: calls }, (_, n) => ({ n }));
      const records = await answers(host, 'several-at-once', events);
      return new Set(records.map(({ body }) => (JSON.parse(body) as Quick).pid)).size;
    };
    assert.equal(await burst(5), 1);
    const { pool } = host.registry.get('several-at-once');
    for (const slot of [...pool.slots]) {
      pool.end(slot, 'test');
      await slot.instance.exited;
    }
    assert.equal(await burst(7), 2);
  });

  it('is what the platform allows: one at a time for a built-in runtime of Function Compute', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    assert.equal(host.registry.get('not-several').pool.settings.concurrency, 1);
    const told = host.registry.problems.filter((problem) => problem.function === 'not-several');
    assert.deepEqual(
      told.map(({ severity, message, line }) => [
        severity,
        /one invocation at a time, not 5/.test(message),
        line,
      ]),
      [['warning', true, 8]],
    );
  });
});

describe('provisioned instances', () => {
  it('are loaded before any call, serve warm, and are replaced', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    const { pool } = host.registry.get('provisioned');
    const ready = () => pool.slots.filter(({ phase }) => phase === 'idle').length;
    const until = (wanted: number) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (ready() !== wanted) return;
          subscription.dispose();
          resolve();
        };
        const subscription = pool.onDidChange(look);
        look();
      });
    pool.startProvisioning();
    await until(2);
    const first = await invoke(host, 'provisioned');
    assert.equal(first.startKind, 'warm');
    assert.deepEqual(JSON.parse(first.body), { served: 1, type: 'provisioned-concurrency' });
    assert.match(first.notes.join(), /provisioned/);
    pool.end(pool.slots[0]!, 'test');
    await until(2);
  });
});

describe('a queue of no places', () => {
  it('is answered as the platform throttles', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    const url = host.registry.get('no-queue').state().urls.invoke;
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await fetch(url, { method: 'POST', body: '{}' })).status),
    );
    assert.deepEqual(statuses.sort(), [200, 429, 429]);
  });
});

describe('freezing', { skip: process.platform === 'win32' }, () => {
  it('lets a timer that was left behind run inside the next invocation, not before', async (t) => {
    const host = await startHostOf(t, 'scheduling');
    const { pool } = host.registry.get('timer-left');
    const frozen = () =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!pool.slots.some(({ instance }) => instance.frozen)) return;
          subscription.dispose();
          resolve();
        };
        const subscription = pool.onDidChange(look);
        look();
      });
    assert.equal((await invoke(host, 'timer-left')).body, 'null');
    await frozen();
    // Long enough for the timer, were its process running.
    await new Promise((resolve) => setTimeout(resolve, 600));
    const second = await invoke(host, 'timer-left');
    await frozen();
    const third = await invoke(host, 'timer-left');
    const ranAt = Number(third.body);
    assert.ok(
      ranAt >= second.receivedAt,
      `it ran ${second.receivedAt - ranAt} ms before the next invocation`,
    );
  });
});
