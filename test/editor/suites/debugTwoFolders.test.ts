// @workspace test/fixtures/two-folders/two.code-workspace
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DebugDriver } from '../debugDriver.ts';

suite('Debugging two folders with the same file names', () => {
  let first: DebugDriver;
  let second: DebugDriver;

  suiteSetup(async () => {
    first = await DebugDriver.create(0);
    second = await DebugDriver.create(1);
  });
  suiteTeardown(async () => {
    await first.end();
    await second.end();
    first.dispose();
    second.dispose();
  });

  test('each stops in its own file and session; stopping one leaves the other', async () => {
    for (const driver of [first, second]) {
      await driver.breakAt('hello.ts', 'return folder');
      await vscode.commands.executeCommand('porchlight.debug', { folder: driver.folder.uri.fsPath });
    }
    const answers = [first.invoke('hello', {}), second.invoke('hello', {})];
    const [one, other] = await Promise.all([first.stop(), second.stop()]);
    for (const [stop, driver] of [
      [one, first],
      [other, second],
    ] as const) {
      assert.equal(stop.session.workspaceFolder?.name, driver.folder.name);
      assert.equal(await driver.evaluate(stop, 'folder'), `'${driver.folder.name}'`);
    }
    await vscode.debug.stopDebugging(one.session);
    assert.equal((await answers[0])?.result?.data, '"first"');
    assert.equal((await first.invoke('hello', {}, 'warm')).debugged, false);
    await second.resume(other);
    assert.equal((await answers[1])?.result?.data, '"second"');
    await second.passing(second.invoke('hello', {}, 'warm'), ['hello.ts:4']);
  });
});
