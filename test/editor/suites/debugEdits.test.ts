// @workspace test/fixtures/debugging
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DebugDriver } from '../debugDriver.ts';

const file = 'src/greet.ts';
const event = { name: 'Ada' };
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Edits while functions are debugged', () => {
  let driver: DebugDriver;

  suiteSetup(async () => {
    driver = await DebugDriver.create();
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  test('one that moves no line: the new code stops where the old one did, and nowhere else', async () => {
    await driver.breakAt(file, 'const greeting');
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    await driver.passing(driver.invoke('greet', event), ['greet.ts:1', 'greet.ts:10']);
    await driver.edit(file, [['}, ${', '}; ${']]);
    const record = await driver.passing(driver.invoke('greet', event), ['greet.ts:1', 'greet.ts:10']);
    assert.match(record.result?.data ?? '', /Hello; Ada/);
  });

  test('one that moves a breakpoint down from line 1, and one that moves it up to it again', async () => {
    await driver.breakAt(file, 'const greeting');
    await driver.breakAt(file, 'const text');
    await debugFunctions();
    await driver.passing(driver.invoke('greet', event), ['greet.ts:1', 'greet.ts:10']);
    await driver.edit(file, [['const greeting', '// First.\n// Second.\nconst greeting']]);
    await driver.passing(driver.invoke('greet', event), ['greet.ts:3', 'greet.ts:12']);
    await driver.edit(file, [['// First.\n// Second.\n', '']]);
    for (const start of [undefined, 'cold', 'prewarmed'] as const) {
      if (start === 'prewarmed') await driver.spareOf('greet');
      await driver.passing(driver.invoke('greet', event, start), ['greet.ts:1', 'greet.ts:10']);
    }
  });
});
