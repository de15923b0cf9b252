// @workspace test/fixtures/debugging
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { InvocationSummary } from '../../../runtime/model/invocationRecord.ts';
import { DebugDriver, type Stop } from '../debugDriver.ts';
import { until } from '../porchlight.ts';

const lineThatThrows = 'quirks.ts:4';

suite('Debugging failures', () => {
  let driver: DebugDriver;

  suiteSetup(async () => {
    driver = await DebugDriver.create();
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  const places = () =>
    vscode.debug.breakpoints.map((one) => {
      assert.ok(one instanceof vscode.SourceBreakpoint);
      return `${one.location.uri.path.split('/').at(-1)}:${one.location.range.start.line + 1}`;
    });

  /** Lets the replay of an invocation go on from where it stopped, to its end. */
  const finish = async (stop: Stop, replayOf: string): Promise<InvocationSummary> => {
    await driver.resume(stop);
    const { mirror } = driver.host;
    return until(mirror.onDidChange, () =>
      mirror.invocations.find((one) => one.replayOf === replayOf && one.status !== 'running'),
    );
  };

  test('"Replay last failure" says when there is none', async () => {
    const said: string[] = [];
    const { dialogs } = driver.api;
    const { info } = dialogs;
    dialogs.info = (message) => {
      said.push(message);
      return Promise.resolve(undefined);
    };
    try {
      const last = {
        type: 'porchlight',
        request: 'launch',
        name: 'Replay last failure',
        replay: 'last-failure',
      };
      assert.equal(await vscode.debug.startDebugging(driver.folder, last), false);
      assert.equal(said.length, 1);
      assert.match(said[0] ?? '', /^No invocation of .* has failed/);
      assert.equal(driver.api.debugging.active, false);
    } finally {
      dialogs.info = info;
    }
  });

  test('Debug This Failure stops at the line that threw, with the event that failed', async () => {
    const failed = await driver.invoke('throws', { deep: true });
    assert.equal(failed.error?.at?.line, 4);
    const done = vscode.commands.executeCommand('porchlight.debugFailure', {
      invocation: failed.id,
      folder: driver.folder.uri.fsPath,
    });
    const stop = await driver.stop();
    assert.equal(stop.at, lineThatThrows);
    assert.equal(await driver.evaluate(stop, 'reason'), "'deep'");
    assert.deepEqual(places(), [lineThatThrows]);
    const again = await finish(stop, failed.id);
    assert.deepEqual([again.status, again.debugged], ['error', true]);
    await done;
  });

  test('"Replay last failure" debugs the latest one, and again within the same session', async () => {
    await driver.invoke('throws', { deep: true });
    const failed = await driver.invoke('throws', {});
    await driver.invoke('greet', { name: 'Ada' });
    const last = {
      type: 'porchlight',
      request: 'launch',
      name: 'Replay last failure',
      replay: 'last-failure',
    };
    assert.ok(await vscode.debug.startDebugging(driver.folder, last));
    const stop = await driver.stop();
    assert.equal(stop.at, lineThatThrows);
    assert.equal(await driver.evaluate(stop, 'reason'), "'shallow'");
    const again = await finish(stop, failed.id);
    assert.equal(
      driver.api.debugging.find(driver.host)?.debugs('greet'),
      false,
      'only what failed is debugged',
    );

    await vscode.debug.startDebugging(driver.folder, last);
    const second = await driver.stop();
    assert.equal(second.at, lineThatThrows);
    assert.deepEqual(places(), [lineThatThrows], 'the breakpoint is not doubled');
    assert.equal((await finish(second, again.id)).status, 'error');
  });
});
