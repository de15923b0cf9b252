// @workspace test/fixtures/goFunction
// @alone
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { withoutDelve } from '../../support/go.ts';
import { DebugDriver } from '../debugDriver.ts';

const file = 'main.go';
const event = { name: 'Ada' };
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Debugging Go functions without a Go extension', () => {
  let driver: DebugDriver;
  let topLevel: string;
  let handler: string;

  suiteSetup(async function () {
    const why = withoutDelve();
    if (why) {
      console.log(`${why} Debugging Go is not tested.`);
      this.skip();
    }
    driver = await DebugDriver.create();
    const lines = (await readFile(driver.file(file).fsPath, 'utf8')).split('\n');
    const at = (mark: string) => `${file}:${lines.findIndex((line) => line.endsWith(mark)) + 1}`;
    topLevel = at('here: top level');
    handler = at('here: handler');
  });
  teardown(() => driver?.end());
  suiteTeardown(() => driver?.dispose());

  test('a cold call stops at package level and in the handler; variables can be read', async () => {
    await driver.breakAt(file, '// here: top level');
    await driver.breakAt(file, '// here: handler');
    await debugFunctions();
    const answer = driver.invoke('greet', event, 'cold');
    const top = await driver.stop();
    assert.equal(top.at, topLevel);
    assert.match(top.session.name, /^greet #\d+$/);
    await driver.resume(top);
    const inside = await driver.stop();
    assert.equal(inside.at, handler);
    assert.equal(await driver.evaluate(inside, 'name'), '"Ada"');
    await driver.resume(inside);
    const record = await answer;
    assert.equal(record.status, 'ok');
    assert.equal(record.debugged, true);
    assert.equal(record.result?.data, '"Hello Ada"');
  });

  test('a warm call stops in the handler only; Stop leaves it answering', async () => {
    await driver.breakAt(file, '// here: handler');
    await debugFunctions();
    const first = await driver.passing(driver.invoke('greet', event), [handler]);
    const answer = driver.invoke('greet', event, 'warm');
    const stop = await driver.stop();
    assert.equal(stop.at, handler);
    await vscode.debug.stopDebugging(stop.session);
    const record = await answer;
    assert.equal(record.status, 'ok');
    assert.equal(record.instance?.pid, first.instance?.pid);
    await driver.allEnded();
  });
});
