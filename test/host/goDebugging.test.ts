import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import {
  AttachDeclined,
  AttachRequested,
  DebuggerMissing,
  Invoke,
  StartDebugging,
  StopDebugging,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import { DapClient } from '../support/dapClient.ts';
import { withoutDelve, withoutGo } from '../support/go.ts';
import { startHostOf } from '../support/hostFixture.ts';

/** A host with a function in Go, and a client that debugs it. */
async function debugging(t: TestContext) {
  const host = await startHostOf(t, 'goFunction');
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
  const invoke = (startKind?: 'cold' | 'prewarmed' | 'warm', name = 'Ada') =>
    connection.sendRequest(Invoke, {
      function: 'greet',
      event: { encoding: 'utf8', data: JSON.stringify({ name }) },
      ...(startKind && { startKind }),
    });
  const { root } = host.options;
  const text = await readFile(join(root, 'main.go'), 'utf8');
  const lineOf = (mark: string) =>
    text.split('\n').findIndex((line) => line.endsWith(`// here: ${mark}`)) + 1;
  return { host, root, connection, next, missing, invoke, lineOf };
}

/** What an editor does until its breakpoints are set. */
async function attach(target: DebugTarget, root: string, lines: number[]): Promise<DapClient> {
  const client = await DapClient.connect(target.websocketAddress);
  await client.send('initialize', { adapterID: 'test', linesStartAt1: true, pathFormat: 'path' });
  const attached = client.send('attach', { mode: 'remote', stopOnEntry: false });
  await client.event('initialized');
  await client.send('setBreakpoints', {
    source: { path: join(root, 'main.go') },
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

suite('debugging Go through the host', { timeout: 120_000 }, () => {
  test(
    'stops at package level and in the handler; pauses do not count',
    { skip: withoutDelve() },
    async (t) => {
      const { root, connection, next, invoke, lineOf } = await debugging(t);
      await connection.sendRequest(StartDebugging, { functions: ['greet'] });
      const answer = invoke();
      const target = await next();
      assert.equal(target.debugger, 'dlv');
      const spare = await attach(target, root, [lineOf('top level'), lineOf('handler')]);
      const top = await stoppedAt(spare);
      assert.equal(top.line, lineOf('top level'));
      await spare.send('continue', { threadId: top.thread });
      const within = await stoppedAt(spare);
      assert.equal(within.line, lineOf('handler'));
      const { variables } = (await scopeOf(spare, within.thread)) as {
        variables: { name: string; value: string }[];
      };
      assert.deepEqual(
        variables.filter(({ name }) => name === 'name').map(({ value }) => value),
        ['"Ada"'],
      );
      const end = Date.now() + 1500;
      // Longer than the time-out of the function.
      while (Date.now() < end) await spare.send('threads');
      await spare.send('continue', { threadId: within.thread });
      const record = await answer;
      assert.equal(record.status, 'ok', record.error?.message);
      assert.equal(record.debugged, true);
      assert.ok(record.durationMs < 1000, `took ${record.durationMs} ms`);
      // What the debugger says of itself is nobody's log.
      assert.deepEqual(
        record.logs.filter(({ stream }) => stream !== 'platform').map(({ text }) => text),
        ['greeting Ada'],
      );

      // The instance lives on without its debugger.
      await connection.sendRequest(StopDebugging);
      await spare.closed;
      const after = await invoke();
      assert.equal(after.status, 'ok', after.error?.message);
      assert.equal(after.debugged, false);
    },
  );

  test('an instance that no editor attaches to runs all the same', { skip: withoutDelve() }, async (t) => {
    const { connection, next, invoke } = await debugging(t);
    await connection.sendRequest(StartDebugging, { functions: ['greet'] });
    const decline = ({ instance }: DebugTarget): void => {
      connection.sendNotification(AttachDeclined, { instance, reason: 'the test does not want to.' });
      void next().then(decline);
    };
    void next().then(decline);
    const record = await invoke();
    assert.equal(record.status, 'ok', record.error?.message);
    assert.match(record.notes.join('\n'), /Not debugged: the test does not want to\./);
  });

  test('a program that ends under its debugger ends its instance', { skip: withoutDelve() }, async (t) => {
    const { root, connection, next, invoke, lineOf } = await debugging(t);
    await connection.sendRequest(StartDebugging, { functions: ['greet'] });
    const ends = invoke('cold', 'exit');
    const spare = await attach(await next(), root, [lineOf('handler')]);
    await spare.send('continue', { threadId: (await stoppedAt(spare)).thread });
    const record = await ends;
    assert.equal(record.status, 'crashed');
    assert.match(record.error?.message ?? '', /exit status 3$/);

    // The same when its debugger has left before.
    const answer = invoke('cold');
    const other = await attach(await next(), root, []);
    assert.equal((await answer).status, 'ok');
    await other.send('disconnect', { terminateDebuggee: false });
    other.close();
    const later = await invoke('warm', 'exit');
    assert.equal(later.status, 'crashed');
    assert.match(later.error?.message ?? '', /exit status 3$/);
  });

  test(
    'without dlv functions run, and one message says how to get it',
    { skip: withoutGo() || (withoutDelve() ? false : 'dlv is installed.') },
    async (t) => {
      const { connection, missing, invoke } = await debugging(t);
      await connection.sendRequest(StartDebugging, { functions: ['greet'] });
      const record = await invoke();
      assert.equal(record.status, 'ok', record.error?.message);
      assert.match(await missing.promise, /the debugger dlv is not installed\. Install it: /);
    },
  );
});

async function scopeOf(client: DapClient, threadId: number): Promise<unknown> {
  const { stackFrames } = await client.send('stackTrace', { threadId, levels: 1 });
  const [frame] = stackFrames as { id: number }[];
  const { scopes } = await client.send('scopes', { frameId: frame!.id });
  const [scope] = scopes as { variablesReference: number }[];
  return client.send('variables', { variablesReference: scope!.variablesReference });
}
