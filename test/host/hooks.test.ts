import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import type { FailureCategory } from '../../runtime/model/platform.ts';
import { shutdownPatienceMs } from '../../runtime/invocations/stopping.ts';
import { findPlatform } from '../../runtime/platforms/index.ts';
import { systemClock } from '../../runtime/support/clock.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

/** Lines of a log without what differs from run to run. */
const shape = ({ logs }: Pick<InvocationRecord, 'logs'>) =>
  logs.map(({ text }) =>
    text.replace(/RequestId: [0-9a-f-]+/, 'RequestId: ID').replace(/\d+\.\d+ ms|\d+ ms|\d+\.\d\d MB/g, 'N'),
  );

/** What the instances of a function say outside of invocations. */
function instanceLog(host: Host, name: string): string[] {
  const lines: string[] = [];
  host.registry
    .get(name)
    .onDidLogOutside(({ entry }) => lines.push(entry.text.replace(/RequestId: [0-9a-f-]+/, 'RequestId: ID')));
  return lines;
}

async function endInstance(host: Host, name: string): Promise<void> {
  const { pool } = host.registry.get(name);
  const slot = pool.slots[0]!;
  pool.end(slot, 'test');
  await slot.instance.exited;
}

async function categoryOf(host: Host, name: string): Promise<FailureCategory | undefined> {
  const outcome = await host.registry.get(name).accept({ event: Buffer.from('{}'), trigger: 'event' })
    .outcome;
  return outcome.kind === 'error' ? outcome.category : undefined;
}

/** Shortens the time Lambda gives an initialization; ten seconds would only make the test slow. */
function shortInit(t: TestContext, ms: number): void {
  const { limits } = findPlatform('aws-lambda')!;
  const { initTimeoutMs } = limits;
  limits.initTimeoutMs = ms;
  t.after(() => void (limits.initTimeoutMs = initTimeoutMs));
}

describe('an initializer', () => {
  it('runs once before the first call, in a phase of its own, between its lines', async (t) => {
    const host = await startHostOf(t, 'limits');
    const cold = await invoke(host, 'initializes');
    assert.deepEqual(shape(cold), [
      'FunctionCompute nodejs20 runtime inited.',
      'FC Initialize Start RequestId: ID',
      'load code for handler:hooks.initialize',
      'initializing',
      'FC Initialize End RequestId: ID',
      'FC Invoke Start RequestId: ID',
      'load code for handler:hooks.handler',
      'FC Invoke End RequestId: ID',
      'Duration: N, Billed Duration: N, Memory Size: 512 MB, Max Memory Used: N',
    ]);
    const init = cold.phases.find(({ name }) => name === 'init')!;
    assert.ok(init.durationUs >= 19_000, String(init.durationUs));
    const warm = await invoke(host, 'initializes');
    assert.equal((JSON.parse(warm.body) as { initialized: number }).initialized, 1);
    assert.ok(!warm.phases.some(({ name }) => name === 'init'));
    const other = await invoke(host, 'initializes-by-callback');
    assert.equal((JSON.parse(other.body) as { initialized: number }).initialized, 10);
  });

  for (const { name, status, message } of [
    { name: 'initializer-fails', status: 'error', message: 'no connection' },
    { name: 'initializer-throws', status: 'error', message: 'not ready' },
    { name: 'initializer-exits', status: 'crashed', message: 'Process exited unexpectedly' },
    { name: 'initializer-never-ends', status: 'timeout', message: 'Function timed out after 0.2 seconds' },
  ]) {
    it(`${name}: the call fails for it, and the next one gets a new instance`, async (t) => {
      const host = await startHostOf(t, 'limits');
      const record = await invoke(host, name);
      const handler = host.registry.get(name).definition.initializer!.handler;
      assert.equal(record.status, status);
      assert.ok(record.error?.message.startsWith(message), record.error?.message);
      assert.deepEqual(shape(record).slice(0, -1), [
        'FunctionCompute nodejs20 runtime inited.',
        'FC Initialize Start RequestId: ID',
        `load code for handler:${handler}`,
        'FC Initialize End RequestId: ID, Error: Unhandled function error',
      ]);
      assert.deepEqual(
        record.phases.map((phase) => phase.name).filter((phase) => phase !== 'teardown'),
        ['queue', 'spawn', 'boot', 'load', 'init'],
      );
      const again = await invoke(host, name);
      assert.equal(again.startKind, 'cold');
      assert.notEqual(again.instance?.id, record.instance?.id);
      assert.equal(await categoryOf(host, name), 'initialization');
    });
  }
});

describe('a pre-stop hook', () => {
  it('runs when an idle instance ends, thawed, between its lines', async (t) => {
    const host = await startHostOf(t, 'limits');
    await invoke(host, 'stops');
    const lines = instanceLog(host, 'stops');
    host.registry.get('stops').pool.slots[0]!.instance.freeze();
    await endInstance(host, 'stops');
    assert.deepEqual(lines, ['FC PreStop Start RequestId: ID', 'stopping', 'FC PreStop End RequestId: ID']);
    assert.equal(readFileSync(join(host.options.root, 'hooks.txt'), 'utf8'), 'stopped string true\n');
  });

  it('runs when the host ends, when the process model is switched, and when the code changed', async (t) => {
    const host = await startHostOf(t, 'limits');
    const runtime = host.registry.get('stops');
    const stopped = () =>
      readFileSync(join(host.options.root, 'hooks.txt'), 'utf8').trim().split('\n').length;
    await invoke(host, 'stops');
    let [slot] = runtime.pool.slots;
    runtime.setProcessModel('ephemeral');
    await slot!.instance.exited;
    assert.equal(stopped(), 1);
    runtime.setProcessModel('resident');
    await invoke(host, 'stops');
    [slot] = runtime.pool.slots;
    runtime.pool.setArtifact('other code');
    await slot!.instance.exited;
    assert.equal(stopped(), 2);
    await runtime.refresh();
    await invoke(host, 'stops');
    await runtime.dispose('test');
    assert.equal(stopped(), 3);
  });

  it('throws: told, and the instance ends', async (t) => {
    const host = await startHostOf(t, 'limits');
    await invoke(host, 'pre-stop-throws');
    const lines = instanceLog(host, 'pre-stop-throws');
    await endInstance(host, 'pre-stop-throws');
    assert.equal(lines.length, 3);
    assert.equal(lines[0], 'FC PreStop Start RequestId: ID');
    assert.match(lines[1]!, /^RangeError: cannot stop\n +at .*hooks\.js:\d+:\d+/);
    assert.equal(lines[2], 'FC PreStop End RequestId: ID, Error: Unhandled function error');
  });

  it('never ends: cut off after its time', async (t) => {
    const host = await startHostOf(t, 'limits');
    await invoke(host, 'pre-stop-never-ends');
    const lines = instanceLog(host, 'pre-stop-never-ends');
    await endInstance(host, 'pre-stop-never-ends');
    assert.deepEqual(lines, [
      'FC PreStop Start RequestId: ID',
      'The pre-stop hook did not end within its 0.2 s, or its process ended.',
      'FC PreStop End RequestId: ID, Error: Unhandled function error',
    ]);
  });
});

describe('a host that ends', () => {
  it('waits for pre-stop hooks within its bound, and says so', async (t) => {
    const host = await startHostOf(t, 'limits');
    await invoke(host, 'pre-stop-hangs');
    const lines = instanceLog(host, 'pre-stop-hangs');
    const after = systemClock.after.bind(systemClock);
    t.mock.method(systemClock, 'after', (ms: number, run: () => void) =>
      after(ms === shutdownPatienceMs ? 150 : ms, run),
    );
    await host.registry.dispose('test');
    assert.equal(lines[0], 'FC PreStop Start RequestId: ID');
    assert.ok(lines.includes('Ended with the host, which waits 10 s at most.'), lines.join('\n'));
    assert.match(lines.at(-1)!, /^FC PreStop End RequestId: ID, Error/);
  });
});

describe('SIGTERM', () => {
  it('reaches handlers of it, with a word on when the cloud does so', async (t) => {
    const host = await startHostOf(t, 'limits');
    await invoke(host, 'terminates');
    const lines = instanceLog(host, 'terminates');
    await endInstance(host, 'terminates');
    assert.match(lines.join('\n'), /^SIGTERM: its handlers get 500 ms.*only to functions with an extension/);
    assert.equal(readFileSync(join(host.options.root, 'terminated.txt'), 'utf8'), 'SIGTERM\n');
  });

  it('is ignored: the process is killed, others are not kept waiting', async (t) => {
    const host = await startHostOf(t, 'limits');
    await invoke(host, 'terminates', { ignore: true });
    const ended = endInstance(host, 'terminates');
    assert.equal((await invoke(host, 'answers')).status, 'ok');
    assert.equal((await invoke(host, 'terminates', { ignore: true })).startKind, 'cold');
    await ended;
    assert.ok(existsSync(join(host.options.root, 'terminated.txt')));
  });
});

describe('an initialization on Lambda', () => {
  it('that fails is done again within the invocation', async (t) => {
    const host = await startHostOf(t, 'limits');
    const record = await invoke(host, 'init-twice');
    assert.equal(record.status, 'ok', record.error?.message);
    const { tries, left } = JSON.parse(record.body) as { tries: number; left: number };
    assert.equal(tries, 2);
    assert.ok(left < 30_000);
    const lines = shape(record);
    assert.match(
      lines[0]!,
      /ERROR\tUncaught Exception \t\{"errorType":"Error","errorMessage":"not at the first try"/,
    );
    assert.equal(lines[1], 'INIT_REPORT Init Duration: N\tPhase: init\tStatus: error\tError Type: Error');
    assert.equal(lines[2], 'START RequestId: ID Version: $LATEST');
    assert.match(record.notes.join(), /done again within the invocation/);
    assert.ok(!lines.at(-1)!.includes('Init Duration'));
  });

  it('that takes too long has the time of the function the second time', async (t) => {
    shortInit(t, 200);
    const host = await startHostOf(t, 'limits');
    const record = await invoke(host, 'init-hangs');
    assert.equal(record.status, 'timeout');
    assert.match(record.error?.message ?? '', /Task timed out after 0\.30 seconds$/);
    const lines = shape(record);
    assert.equal(lines[0], 'INIT_REPORT Init Duration: N\tPhase: init\tStatus: timeout');
    assert.equal(lines[1], 'START RequestId: ID Version: $LATEST');
    assert.equal(lines[2], 'INIT_REPORT Init Duration: N\tPhase: invoke\tStatus: timeout');
    assert.equal(await categoryOf(host, 'init-hangs'), 'timeout');
  });
});
