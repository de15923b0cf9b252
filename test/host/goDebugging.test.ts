import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  AttachDeclined,
  StartDebugging,
  StopDebugging,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import { attachDebugger, connectDebugger, stoppedAt } from '../support/adapterDebugging.ts';
import type { DapClient } from '../support/dapClient.ts';
import { withoutDelve, withoutGo } from '../support/go.ts';
import { startHostOf } from '../support/hostFixture.ts';

/** A host with a function in Go, and a client that debugs it. */
async function debugging(t: TestContext) {
  const host = await startHostOf(t, 'goFunction');
  const client = await connectDebugger(t, host);
  const text = await readFile(join(client.root, 'main.go'), 'utf8');
  const lineOf = (mark: string) =>
    text.split('\n').findIndex((line) => line.endsWith(`// here: ${mark}`)) + 1;
  return { ...client, host, lineOf };
}

const attach = (target: DebugTarget, root: string, lines: number[]): Promise<DapClient> =>
  attachDebugger(target, { mode: 'remote', stopOnEntry: false }, { root, file: 'main.go', lines });

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
      const end = Date.now() + 3500;
      // Longer than the time-out of the function.
      while (Date.now() < end) await spare.send('threads');
      await spare.send('continue', { threadId: within.thread });
      const record = await answer;
      assert.equal(record.status, 'ok', record.error?.message);
      assert.equal(record.debugged, true);
      assert.ok(record.durationMs < 3000, `took ${record.durationMs} ms`);
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

  test(
    'time that the debugger takes to tell of a stop does not count',
    { skip: withoutDelve() || (process.platform === 'linux' ? false : 'Only Linux tells it.') },
    async (t) => {
      const { root, connection, next, invoke, lineOf } = await debugging(t);
      await connection.sendRequest(StartDebugging, { functions: ['greet'] });
      const first = invoke('cold');
      const target = await next();
      const spare = await attach(target, root, [lineOf('handler')]);
      await spare.send('continue', { threadId: (await stoppedAt(spare)).thread });
      assert.equal((await first).status, 'ok');

      // The debugger itself stands still: the program runs into the breakpoint, and nobody says so.
      process.kill(target.pid, 'SIGSTOP');
      const answer = invoke('warm');
      try {
        // Longer than the time-out of the function.
        await Promise.race([answer, setTimeout(3500)]);
      } finally {
        process.kill(target.pid, 'SIGCONT');
      }
      await spare.send('continue', { threadId: (await stoppedAt(spare)).thread });
      const record = await answer;
      assert.equal(record.status, 'ok', record.error?.message);
      assert.ok(record.durationMs < 3000, `took ${record.durationMs} ms`);
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
