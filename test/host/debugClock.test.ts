import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import {
  AttachRequested,
  Invoke,
  ListFunctions,
  StartDebugging,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { startHostOf } from '../support/hostFixture.ts';

/** Longer than any limit of the function. */
const lookMs = 1500;

/** A host whose function stops in every phase, and a debugger at the next instance that asks for one. */
async function debugging(t: TestContext) {
  const host = await startHostOf(t, 'debug-clock');
  const connection = await connectControl({
    url: host.control.url,
    token: host.control.token,
    client: { kind: 'editor', name: 'test', pid: process.pid },
  });
  t.after(() => connection.dispose());
  const attached = new Map<string, Promise<CdpClient>>();
  const known = new Set<() => void>();
  connection.onNotification(AttachRequested, (target) => {
    attached.set(target.instance, attach(target));
    known.forEach((tell) => tell());
  });
  const debuggerOf = async (instance: string): Promise<CdpClient> => {
    while (!attached.has(instance)) await new Promise<void>((resolve) => known.add(resolve));
    return attached.get(instance)!;
  };
  await connection.sendRequest(StartDebugging, {});
  const invoke = (later: boolean, startKind?: 'warm') =>
    connection.sendRequest(Invoke, {
      function: 'stops',
      event: { encoding: 'utf8', data: JSON.stringify({ later }) },
      ...(startKind && { startKind }),
    });
  return { host, connection, debuggerOf, invoke };
}

async function attach(target: DebugTarget): Promise<CdpClient> {
  const client = await CdpClient.connect(target.websocketAddress, { Host: 'localhost' });
  await client.send('Runtime.enable');
  await client.send('Debugger.enable');
  await client.send('Runtime.runIfWaitingForDebugger');
  return client;
}

/** Looks at a stopped instance for longer than any limit, and lets it go on. */
async function look(client: CdpClient): Promise<void> {
  await client.event('Debugger.paused');
  const expression = `for (const end = Date.now() + ${lookMs}; Date.now() < end; );`;
  await client.send('Runtime.evaluate', { expression });
  await client.send('Debugger.resume');
}

suite('clocks of a stopped instance', { timeout: 60_000 }, () => {
  test('stand still in initializer, handler, what runs while it is idle, and the pre-stop hook', async (t) => {
    const { host, connection, debuggerOf, invoke } = await debugging(t);
    const answer = invoke(true);
    const client = await debuggerOf('stops#1');
    await look(client);
    await look(client);
    const record = await answer;
    assert.equal(record.status, 'ok', record.error?.message);
    assert.equal(record.debugged, true);
    assert.ok(record.pausedMs >= 2 * lookMs, `held for ${record.pausedMs} ms`);
    assert.ok(record.durationMs < 1000 && record.billedMs < 1000, `took ${record.durationMs} ms`);
    const init = record.phases.find(({ name }) => name === 'init')!;
    assert.ok((init.pausedUs ?? 0) >= lookMs * 1000, 'the phase says how much of it was looking');

    // A timer that the handler left stops while the instance is idle, for longer than its idle time-out.
    await look(client);
    assert.equal(existsSync(join(host.options.root, 'stopped.txt')), false);
    // Idle from then on, it ends; the hook is looked at for longer than it may run.
    await look(client);
    await client.closed;
    assert.equal(existsSync(join(host.options.root, 'stopped.txt')), true, 'the hook ran to its end');

    const { functions } = await connection.sendRequest(ListFunctions);
    assert.deepEqual(functions[0]?.statistics, {}, 'what was debugged says nothing about speed');
  });

  test('a call that waits for a stopped instance waits as long as it takes', async (t) => {
    const { debuggerOf, invoke } = await debugging(t);
    const first = invoke(false);
    const client = await debuggerOf('stops#1');
    await client.event('Debugger.paused');
    const second = invoke(false);
    await client.send('Runtime.evaluate', {
      expression: `for (const end = Date.now() + ${lookMs}; Date.now() < end; );`,
    });
    await client.send('Debugger.resume');
    await client.event('Debugger.paused');
    await client.send('Debugger.resume');
    assert.equal((await first).status, 'ok');
    await client.event('Debugger.paused');
    await client.send('Debugger.resume');
    const record = await second;
    assert.equal(record.status, 'ok', record.error?.message);
    assert.ok(record.durationMs < 1000);
  });
});
