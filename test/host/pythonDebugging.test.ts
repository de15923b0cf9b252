import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import {
  AttachRequested,
  DebuggerMissing,
  Invoke,
  StartDebugging,
  StopDebugging,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import { DapClient } from '../support/dapClient.ts';
import { startHostOf } from '../support/hostFixture.ts';
import { pythonWith, pythonWithout } from '../support/python.ts';

const withDebugpy = pythonWith('debugpy');
const withoutDebugpy = pythonWithout('debugpy');

/** A host whose function is run by a program, and a client that debugs it. */
async function debugging(t: TestContext, program: string) {
  const host = await startHostOf(t, 'debuggingPython');
  const { root } = host.options;
  await appendFile(join(root, 'porchlight.yaml'), `    interpreter: ${program}\n`);
  await host.registry.load();
  const connection = await connectControl({
    url: host.control.url,
    token: host.control.token,
    client: { kind: 'editor', name: 'test', pid: process.pid },
  });
  t.after(() => connection.dispose());
  const targets: DebugTarget[] = [];
  let waiting: Deferred<DebugTarget> | undefined;
  connection.onNotification(AttachRequested, (target) => {
    if (waiting) waiting.resolve(target);
    else targets.push(target);
    waiting = undefined;
  });
  const next = (): Promise<DebugTarget> => {
    const known = targets.shift();
    if (known) return Promise.resolve(known);
    waiting = new Deferred();
    return waiting.promise;
  };
  const missing = new Deferred<string>();
  connection.onNotification(DebuggerMissing, ({ message }) => missing.resolve(message));
  const invoke = (startKind?: 'cold' | 'prewarmed' | 'warm') =>
    connection.sendRequest(Invoke, {
      function: 'greet',
      event: { encoding: 'utf8', data: '{"name":"Ada"}' },
      ...(startKind && { startKind }),
    });
  return { root, connection, next, missing, invoke };
}

/** What an editor does until its breakpoints are set. */
async function attach(target: DebugTarget, root: string, lines: number[]): Promise<DapClient> {
  const client = await DapClient.connect(target.websocketAddress);
  await client.send('initialize', { adapterID: 'test', linesStartAt1: true, pathFormat: 'path' });
  const attached = client.send('attach', { justMyCode: true, redirectOutput: false });
  await client.event('initialized');
  await client.send('setBreakpoints', {
    source: { path: join(root, 'main.py') },
    breakpoints: lines.map((line) => ({ line })),
  });
  await client.send('configurationDone');
  await attached;
  return client;
}

async function stoppedAt(client: DapClient): Promise<{ line: number; thread: number }> {
  const { threadId } = await client.event('stopped');
  const { stackFrames } = await client.send('stackTrace', { threadId, levels: 1 });
  const [frame] = stackFrames as { line: number }[];
  return { line: frame!.line, thread: threadId as number };
}

const skipWithout = withDebugpy ? false : 'No Python of this machine has debugpy.';

suite('debugging Python through the host', { timeout: 60_000 }, () => {
  test('stops at module level and in the handler; pauses do not count', { skip: skipWithout }, async (t) => {
    const { root, connection, next, invoke } = await debugging(t, withDebugpy!);
    await connection.sendRequest(StartDebugging, { functions: ['greet'] });
    // The spare that every debugged function gets.
    const spare = await attach(await next(), root, [3, 7]);
    const answer = invoke('prewarmed');
    const top = await stoppedAt(spare);
    assert.equal(top.line, 3);
    await spare.send('continue', { threadId: top.thread });
    const within = await stoppedAt(spare);
    assert.equal(within.line, 7);
    const end = Date.now() + 1500;
    // Longer than the time-out of the function.
    while (Date.now() < end) await spare.send('threads');
    await spare.send('continue', { threadId: within.thread });
    const record = await answer;
    assert.equal(record.status, 'ok', record.error?.message);
    assert.equal(record.debugged, true);
    assert.ok(record.durationMs < 1000, `took ${record.durationMs} ms`);

    // The instance lives on without its debugger, and takes another.
    await connection.sendRequest(StopDebugging);
    await spare.closed;
    const warm = await invoke('warm');
    assert.equal(warm.instance?.pid, record.instance?.pid);
    assert.equal(warm.debugged, false);
    await connection.sendRequest(StartDebugging, { functions: ['greet'] });
    let target = await next();
    // A new spare asks as well.
    if (target.instance !== record.instance?.id) target = await next();
    const again = await attach(target, root, [7]);
    const later = invoke('warm');
    const stop = await stoppedAt(again);
    assert.equal(stop.line, 7);
    await again.send('disconnect', { terminateDebuggee: false });
    assert.equal((await later).status, 'ok');
    again.close();
  });

  test(
    'without debugpy functions run, and one message says how to get it',
    { skip: withoutDebugpy ? false : 'Every Python of this machine has debugpy.' },
    async (t) => {
      const { connection, missing, invoke } = await debugging(t, withoutDebugpy!);
      await connection.sendRequest(StartDebugging, { functions: ['greet'] });
      const record = await invoke();
      assert.equal(record.status, 'ok', record.error?.message);
      assert.equal(record.debugged, false);
      assert.match(
        await missing.promise,
        /debugpy is not installed for .*\. Install it: (.* -m pip install debugpy|.*apt.*)$/,
      );
      assert.match(record.notes.join('\n'), /^Not debugged: the debugger debugpy is not installed/);
    },
  );
});
