// @workspace test/fixtures/debuggingPython
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { pythonWith } from '../../support/python.ts';
import { DebugDriver } from '../debugDriver.ts';
import { runOnDebugpy } from '../runOnDebugpy.ts';
import { stopLeavesAlive } from '../stopLeavesAlive.ts';

const file = 'main.py';
const event = { name: 'Ada' };
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Debugging Python functions without a Python extension', () => {
  let driver: DebugDriver;

  suiteSetup(async function () {
    const program = pythonWith('debugpy');
    if (!program) {
      console.log('No Python of this machine has debugpy: debugging Python is not tested.');
      this.skip();
    }
    driver = await DebugDriver.create();
    await runOnDebugpy(driver, program);
  });
  teardown(() => driver?.end());
  suiteTeardown(() => driver?.dispose());

  test('a cold call stops at module level and in the handler; variables can be read', async () => {
    await driver.breakAt(file, '# line 3');
    await driver.breakAt(file, '# line 7');
    await debugFunctions();
    const answer = driver.invoke('greet', event, 'cold');
    const top = await driver.stop();
    assert.equal(top.at, 'main.py:3');
    assert.match(top.session.name, /^greet #\d+$/);
    await driver.resume(top);
    const inside = await driver.stop();
    assert.equal(inside.at, 'main.py:7');
    assert.equal(await driver.evaluate(inside, "event['name']"), "'Ada'");
    assert.deepEqual(inside.frames, ['handler main.py:7']);
    await driver.resume(inside);
    const record = await answer;
    assert.equal(record.status, 'ok');
    assert.equal(record.debugged, true);
    assert.equal(record.result?.data, '"Hello, Ada!"');
  });

  test('the attached spare serves the next call; a warm one stops in the handler only', async () => {
    await driver.breakAt(file, '# line 3');
    await driver.breakAt(file, '# line 7');
    await debugFunctions();
    const first = await driver.passing(driver.invoke('greet', event), ['main.py:3', 'main.py:7']);
    const second = await driver.passing(driver.invoke('greet', event, 'warm'), ['main.py:7']);
    assert.equal(second.instance?.id, first.instance?.id);
  });

  test('Stop leaves the instance alive and undebugged, also one that is stopped at that moment', async () => {
    await driver.breakAt(file, '# line 7');
    await debugFunctions();
    await stopLeavesAlive(driver, 'greet', event);
  });

  test('after an edit and a save the new code stops at the moved line, in the same session', async () => {
    await driver.breakAt(file, '# line 7');
    await debugFunctions();
    await driver.passing(driver.invoke('greet', event), ['main.py:7']);
    await driver.edit(file, [
      ['    greeting', '    # One line more.\n    greeting'],
      ['Hello', 'Welcome'],
    ]);
    const record = await driver.passing(driver.invoke('greet', event), ['main.py:8']);
    assert.equal(record.result?.data, '"Welcome, Ada!"');
  });
});
