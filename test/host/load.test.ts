import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import { serveDevRequests } from '../../runtime/host/devRequests.ts';
import type { InstanceEvent } from '../../runtime/model/instanceLife.ts';
import type { LoadResult } from '../../runtime/model/load.ts';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import { LoadProgressed, RunLoad } from '../../runtime/protocol/control/load.ts';
import { InstancesLived, QueryTimeline, WatchInstances } from '../../runtime/protocol/control/timeline.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import { porchlight } from '../support/commandLine.ts';
import { copyFixture, invoke, startHostOf } from '../support/hostFixture.ts';

async function setUp(t: TestContext) {
  const host = await startHostOf(t, 'scheduling', { extend: serveDevRequests });
  const connection = await connectControl({
    url: host.control.url,
    token: host.control.token,
    root: host.options.root,
    client: { kind: 'cli', name: 'test', pid: process.pid },
  });
  t.after(() => Promise.resolve(connection.dispose()));
  return { host, connection };
}

test('a load is spread over instances, told of while it runs, and recorded', async (t) => {
  const { connection } = await setUp(t);
  const ended: number[] = [];
  connection.onNotification(LoadProgressed, (told) => ended.push(told.ended));
  const result = await connection.sendRequest(RunLoad, {
    function: 'quick',
    invocations: 40,
    concurrency: 6,
    event: { encoding: 'utf8', data: '{"n":1}' },
  });
  assert.deepEqual([result.sent, result.cancelled, result.statuses], [40, false, { ok: 40 }]);
  const { served, most } = result.instances;
  // The function allows two instances, whatever is sent at a time.
  assert.ok(served >= 1 && served <= 2 && most <= 2, `${served} of ${most} instances`);
  assert.ok(result.starts.cold!.count >= 1 && result.times!.count === 40);
  assert.ok(result.throughput > 0 && result.times!.p50Ms <= result.times!.p99Ms);
  assert.equal(ended.at(-1), 40);
  const spans = await connection.sendRequest(QueryTimeline, { limit: 100 });
  assert.equal(spans.length, 40);
  const cold = spans.find(({ startKind }) => startKind === 'cold');
  assert.ok(cold?.instance && cold.phases?.some(([name]) => name === 'load'));
  assert.equal(spans.find(({ startKind }) => startKind === 'warm')?.phases, undefined);
  const older = await connection.sendRequest(QueryTimeline, { limit: 100, before: spans[29]!.id });
  assert.deepEqual(
    older.map(({ id }) => id),
    spans.slice(30).map(({ id }) => id),
  );
});

test('bad numbers, unknown functions and a second load at once are refused', async (t) => {
  const { connection } = await setUp(t);
  const load = (change: object) =>
    connection.sendRequest(RunLoad, { function: 'quick', invocations: 1, concurrency: 1, ...change });
  await assert.rejects(load({ invocations: 1e9 }), { code: 'USAGE' });
  await assert.rejects(load({ function: 'none' }), { code: 'FUNCTION_UNKNOWN' });
  const abort = new AbortController();
  const begun = new Deferred<void>();
  connection.onNotification(LoadProgressed, ({ sent }) => sent > 0 && begun.resolve());
  const first = connection.sendRequest(
    RunLoad,
    { function: 'quick', invocations: 1000, concurrency: 1, rate: 1 },
    { signal: abort.signal },
  );
  await begun.promise;
  await assert.rejects(load({}), { code: 'LOAD_RUNNING' });
  abort.abort();
  const result = await first;
  assert.equal(result.cancelled, true);
  assert.ok(result.sent < 1000);
  assert.deepEqual((await load({})).statuses, { ok: 1 });
});

test('who watches hears of births, boots, freezes, sizes and deaths', async (t) => {
  const { host, connection } = await setUp(t);
  await invoke(host, 'quick');
  const { lives } = await connection.sendRequest(WatchInstances, { watch: true });
  assert.equal(lives.length, 1);
  const [life] = lives;
  assert.ok(life!.bootedAt! >= life!.bornAt && life!.pid > 0);
  if (process.platform === 'linux') assert.ok(life!.memory[0]!.memoryMB > 5);
  const heard: InstanceEvent[] = [];
  const dead = new Deferred<InstanceEvent & { kind: 'ended' }>();
  connection.onNotification(InstancesLived, ({ events }) => {
    heard.push(...events);
    const ended = events.find((event) => event.kind === 'ended');
    if (ended) dead.resolve(ended);
  });
  const { pool } = host.registry.get('quick');
  pool.end(pool.slots[0]!, 'the test is over');
  const ended = await dead.promise;
  assert.deepEqual([ended.instance, ended.reason, ended.pid], [life!.id, 'the test is over', life!.pid]);
  await connection.sendRequest(WatchInstances, { watch: false });
  const before = heard.length;
  await invoke(host, 'quick');
  const again = await connection.sendRequest(WatchInstances, { watch: true });
  assert.equal(again.lives.length, 2);
  assert.equal(again.lives[0]!.reason, 'the test is over');
  assert.ok(heard.slice(before).every(({ kind }) => kind === 'memory' || kind === 'frozen'));
});

test('the command line sends a load and sums it up', async (t) => {
  const root = await copyFixture('scheduling');
  t.after(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const run = await porchlight(root, ['load', 'quick', '-n', '12', '--concurrency', '3', '-e', '{}']);
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /^quick · 12 calls, as fast as possible, up to 3 at a time\n12 ok in [\d.]+ s: /);
  assert.match(run.stdout, /START +CALLS +SHARE +P50/);
  const json = await porchlight(root, ['load', 'quick', '-n', '2', '--rate', '50', '--json']);
  const result = JSON.parse(json.stdout) as LoadResult;
  assert.deepEqual([result.sent, result.shape.rate], [2, 50]);
  const wrong = await porchlight(root, ['load', 'quick', '-n', '0']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /from 1 to 100000/);
  t.diagnostic(run.stdout);
});
