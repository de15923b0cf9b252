// @workspace test/fixtures/debugging
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { InvocationRecord } from '../../../runtime/model/invocationRecord.ts';
import { DebugDriver } from '../debugDriver.ts';
import { stopLeavesAlive } from '../stopLeavesAlive.ts';

const file = 'src/greet.ts';
const quirks = 'src/quirks.ts';
const event = { name: 'Ada' };
const textOf = (record: InvocationRecord) =>
  (JSON.parse(record.result?.data ?? '{}') as { text?: string }).text;
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Debugging TypeScript functions', () => {
  let driver: DebugDriver;

  suiteSetup(async () => {
    driver = await DebugDriver.create();
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  test('a cold call stops on the first line of the module and in the handler; variables can be read', async () => {
    await driver.breakAt(file, 'const greeting');
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const answer = driver.invoke('greet', event, 'cold');

    const top = await driver.stop();
    assert.equal(top.at, 'greet.ts:1');
    assert.match(top.session.name, /^greet #\d+$/);
    assert.equal(top.session.name, top.session.parentSession?.name);
    await driver.resume(top);

    const inside = await driver.stop();
    assert.equal(inside.at, 'greet.ts:10');
    assert.equal(await driver.evaluate(inside, 'event.name'), "'Ada'");
    assert.equal(await driver.evaluate(inside, 'greeting'), "'Hello'");
    assert.equal((await driver.locals(inside))['event'], "{name: 'Ada'}");
    assert.deepEqual(inside.frames, ['global.handler greet.ts:10']);
    await driver.resume(inside);

    const record = await answer;
    assert.equal(record.status, 'ok');
    assert.equal(record.startKind, 'cold');
    assert.equal(record.debugged, true);
    const { pid, ...result } = JSON.parse(record.result?.data ?? '') as Record<string, unknown>;
    assert.deepEqual(result, { text: 'Hello, Ada', calls: 1 });
    assert.equal(pid, record.instance?.pid);
  });

  test('a warm call stops in the handler only, and a second instance from its first line on', async () => {
    await driver.breakAt(file, 'const greeting');
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const first = await driver.passing(driver.invoke('greet', event), ['greet.ts:1', 'greet.ts:10']);
    const second = await driver.passing(driver.invoke('greet', event, 'warm'), ['greet.ts:10']);
    assert.equal(second.instance?.id, first.instance?.id);
    const third = await driver.passing(driver.invoke('greet', event, 'cold'), ['greet.ts:1', 'greet.ts:10']);
    assert.notEqual(third.instance?.id, first.instance?.id);
  });

  test('an instance that was warm before debugging began stops, too', async () => {
    const before = await driver.invoke('greet', event);
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const record = await driver.passing(driver.invoke('greet', event, 'warm'), ['greet.ts:10']);
    assert.equal(record.instance?.id, before.instance?.id);
  });

  test('after an edit and a save the new code stops at the moved lines, in the same session', async () => {
    await driver.breakAt(file, 'const greeting');
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const before = await driver.passing(driver.invoke('greet', event), ['greet.ts:1', 'greet.ts:10']);
    const sessions = driver.started.filter((name) => name === 'Functions').length;
    await driver.edit(file, [
      ['const greeting', '// One line more.\nconst greeting'],
      ['}, ${', '} and welcome, ${'],
    ]);
    try {
      const record = await driver.passing(driver.invoke('greet', event), ['greet.ts:2', 'greet.ts:11']);
      assert.equal(textOf(record), 'Hello and welcome, Ada');
      assert.notEqual(record.instance?.id, before.instance?.id);
      assert.equal(driver.started.filter((name) => name === 'Functions').length, sessions);
    } finally {
      await driver.edit(file, [
        ['// One line more.\n', ''],
        ['} and welcome, ${', '}, ${'],
      ]);
    }
  });

  test('Stop leaves the instances alive and undebugged, also one that is stopped at that moment', async () => {
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    await stopLeavesAlive(driver, 'greet', event);
  });

  test('Restart ends the session, starts it again and debugs the living instances', async () => {
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const record = await driver.passing(driver.invoke('greet', event), ['greet.ts:10']);
    const before = driver.started.length;
    await vscode.commands.executeCommand('workbench.action.debug.restart');
    await driver.until(
      () => driver.started.slice(before).includes('Functions'),
      vscode.debug.onDidStartDebugSession,
    );
    await driver.debugging();
    const again = await driver.passing(driver.invoke('greet', event, 'warm'), ['greet.ts:10']);
    assert.equal(again.instance?.pid, record.instance?.pid);
  });

  test('time spent stopped does not count: neither for the time-out nor for the duration', async () => {
    await driver.breakAt(quirks, 'const started');
    await debugFunctions();
    const answer = driver.invoke('slow', {});
    const stop = await driver.stop();
    // Three times the time-out of the function.
    await driver.evaluate(stop, 'for (const end = Date.now() + 3000; Date.now() < end; );');
    await driver.resume(stop);
    const record = await answer;
    assert.equal(record.status, 'ok');
    assert.ok(record.pausedMs >= 3000, `paused for ${record.pausedMs} ms`);
    assert.ok(record.durationMs < 1000, `took ${record.durationMs} ms`);
  });

  test('an uncaught error stops where it is thrown when the user asks for it', async () => {
    await driver.breakAt(quirks, 'const reason');
    await debugFunctions();
    const answer = driver.invoke('throws', { deep: true });
    const before = await driver.stop();
    // What ticking "Uncaught Exceptions" in the Breakpoints view sends.
    await before.session.customRequest('setExceptionBreakpoints', { filters: ['uncaught'] });
    await driver.resume(before);
    const stop = await driver.stop();
    assert.equal(stop.at, 'quirks.ts:4');
    assert.equal(stop.reason, 'exception');
    await driver.resume(stop);
    const record = await answer;
    assert.equal(record.status, 'error');
    assert.equal(record.error?.at?.line, 4);
  });

  test('process.exit() in a handler ends the instance at once', async () => {
    await driver.breakAt(quirks, 'process.exit');
    await debugFunctions();
    const record = await driver.passing(driver.invoke('exits', {}), ['quirks.ts:9']);
    assert.equal(record.status, 'crashed');
    await driver.gone(record.instance?.id);
  });

  test('an instance that is killed while stopped answers, and its sessions go', async () => {
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const answer = driver.invoke('greet', event, 'cold');
    const stop = await driver.stop();
    const ended = driver.ended.length;
    process.kill(Number(await driver.evaluate(stop, 'process.pid')), 'SIGKILL');
    const record = await answer;
    assert.equal(record.status, 'crashed');
    await driver.until(
      () => driver.ended.slice(ended).filter((name) => name === stop.session.name).length === 2,
      vscode.debug.onDidTerminateDebugSession,
    );
  });

  test('a host that crashes comes back, and debugging goes on in the same session', async () => {
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    await driver.passing(driver.invoke('greet', event), ['greet.ts:10']);
    const before = driver.host.state;
    assert.ok(before.kind === 'running');
    process.kill(before.pid, 'SIGKILL');
    await driver.hostRestarted(before.pid);
    await driver.passing(driver.invoke('greet', event), ['greet.ts:10']);
    assert.ok(!driver.ended.slice(-1).includes('Functions'));
  });

  test('several instances at once stop each in a session of its own', async () => {
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    const answers = [1, 2, 3].map((name) => driver.invoke('greet', { name }, 'cold'));
    const stops = [await driver.stop(), await driver.stop(), await driver.stop()];
    assert.equal(new Set(stops.map(({ session }) => session.id)).size, 3);
    for (const stop of stops) await driver.resume(stop);
    const records = await Promise.all(answers);
    assert.deepEqual(
      records.map(({ status, debugged }) => ({ status, debugged })),
      records.map(() => ({ status: 'ok', debugged: true })),
    );
  });
});
