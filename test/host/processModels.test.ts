import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { invoke, startHostOf } from '../support/hostFixture.ts';

describe('process models', () => {
  it('resident keeps module state, ephemeral forgets it, and the switch is live', async (t) => {
    const host = await startHostOf(t, 'behaviours');
    const seen = async (name: string) => {
      const { startKind, body } = await invoke(host, name);
      return `${startKind} ${body}`;
    };
    assert.equal(await seen('counts'), 'cold 1');
    assert.equal(await seen('counts'), 'warm 2');
    assert.equal(await seen('counts-ephemeral'), 'cold 1');
    assert.equal(await seen('counts-ephemeral'), 'cold 1');
    host.registry.get('counts').setProcessModel('ephemeral');
    assert.equal(await seen('counts'), 'cold 1');
    host.registry.get('counts').setProcessModel('resident');
    assert.equal(await seen('counts'), 'cold 1');
    assert.equal(await seen('counts'), 'warm 2');
  });

  it('each start kind can be forced', async (t) => {
    const host = await startHostOf(t, 'behaviours');
    const runtime = host.registry.get('counts');
    assert.throws(() => runtime.pool.acquire('warm'), { reason: 'noWarmInstance' });
    assert.equal((await invoke(host, 'counts', {}, 'cold')).startKind, 'cold');
    assert.equal((await invoke(host, 'counts', {}, 'cold')).startKind, 'cold');
    assert.equal((await invoke(host, 'counts', {}, 'warm')).startKind, 'warm');
    await runtime.pool.prepareSpare();
    assert.equal((await invoke(host, 'counts', {}, 'prewarmed')).startKind, 'prewarmed');
  });

  it('instances are bounded: further invocations wait for one', async (t) => {
    const host = await startHostOf(t, 'behaviours');
    const records = await Promise.all(Array.from({ length: 6 }, () => invoke(host, 'waits', { ms: 30 })));
    assert.deepEqual([...new Set(records.map(({ status }) => status))], ['ok']);
    assert.equal(new Set(records.map(({ body }) => body)).size, 2);
    assert.deepEqual(records.map(({ startKind }) => startKind).sort(), [
      'cold',
      'cold',
      'warm',
      'warm',
      'warm',
      'warm',
    ]);
  });

  it('phases cover the whole time of an invocation, each where it belongs', async (t) => {
    const host = await startHostOf(t, 'behaviours');
    const cold = await invoke(host, 'waits', { ms: 50 });
    const warm = await invoke(host, 'waits', { ms: 50 });
    assert.deepEqual(
      cold.phases.map(({ name }) => name),
      ['queue', 'spawn', 'boot', 'load', 'handler', 'teardown'],
    );
    assert.deepEqual(
      warm.phases.map(({ name }) => name),
      ['queue', 'handler', 'teardown'],
    );
    for (const { phases, wallMs, durationMs } of [cold, warm]) {
      const sum = phases.reduce((total, { durationUs }) => total + durationUs, 0) / 1000;
      assert.ok(Math.abs(sum - wallMs) <= wallMs * 0.05, `${sum} against ${wallMs}`);
      const handler = phases.find(({ name }) => name === 'handler')!;
      assert.ok(Math.abs(handler.durationUs / 1000 - durationMs) < 1);
      assert.ok(durationMs >= 49, `the handler waits 50 ms and took ${durationMs}`);
    }
  });

  it('a caller who leaves ends the invocation as interrupted', async (t) => {
    const host = await startHostOf(t, 'behaviours');
    const abort = new AbortController();
    const accepted = host.registry.get('waits').accept({
      event: Buffer.from('{"ms":60000}'),
      trigger: 'event',
      signal: abort.signal,
    });
    abort.abort();
    assert.equal((await accepted.record).status, 'interrupted');
  });
});
