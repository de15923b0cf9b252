import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { StartDebugging, StopDebugging, type DebugTarget } from '../../runtime/protocol/control/messages.ts';
import { attachDebugger, connectDebugger, stoppedAt } from '../support/adapterDebugging.ts';
import type { DapClient } from '../support/dapClient.ts';
import { startHostOf } from '../support/hostFixture.ts';
import { pythonWith, pythonWithout } from '../support/python.ts';

const withDebugpy = pythonWith('debugpy');
const withoutDebugpy = pythonWithout('debugpy');

/** A host whose function is run by a program, and a client that debugs it. */
async function debugging(t: TestContext, program: string) {
  const host = await startHostOf(t, 'debuggingPython');
  await appendFile(join(host.options.root, 'porchlight.yaml'), `    interpreter: ${program}\n`);
  await host.registry.load();
  return connectDebugger(t, host);
}

const attach = (target: DebugTarget, root: string, lines: number[]): Promise<DapClient> =>
  attachDebugger(target, { justMyCode: true, redirectOutput: false }, { root, file: 'main.py', lines });

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
