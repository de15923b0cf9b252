// @workspace test/fixtures/debug-kinds
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DebugDriver } from '../debugDriver.ts';

const file = 'src/greet.ts';
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Breakpoints of every kind', () => {
  let driver: DebugDriver;

  suiteSetup(async () => {
    driver = await DebugDriver.create();
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  function breakWith(line: number, condition?: string, hits?: string, log?: string): void {
    const at = new vscode.Location(driver.file(file), new vscode.Position(line - 1, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(at, true, condition, hits, log)]);
  }

  test('conditions and hit counts decide, on a cold instance and on a warm one', async () => {
    breakWith(10, "event.name === 'Eve'");
    breakWith(11, undefined, '2');
    await debugFunctions();
    await driver.passing(driver.invoke('greet', { name: 'Ada' }, 'cold'), []);
    await driver.passing(driver.invoke('greet', { name: 'Eve' }, 'warm'), ['greet.ts:10', 'greet.ts:11']);
    await driver.passing(driver.invoke('greet', { name: 'Ada' }, 'warm'), []);
    await driver.passing(driver.invoke('greet', { name: 'Eve' }, 'cold'), ['greet.ts:10']);
  });

  test('a logpoint prints what it is to, with a link to its line, and does not stop', async () => {
    breakWith(10, undefined, undefined, 'guest is {event.name}');
    await debugFunctions();
    const output = driver.output(/guest is/);
    await driver.passing(driver.invoke('greet', { name: 'Ada' }, 'cold'), []);
    const { text, source, line } = await output;
    assert.match(text, /guest is Ada/);
    assert.equal(source, driver.file(file).fsPath);
    assert.equal(line, 10);
  });

  for (const [name, at, event] of [
    ['throws-now', 'quirks.ts:34', {}],
    ['throws-before', 'quirks.ts:39', {}],
    ['throws', 'quirks.ts:4', {}],
    ['calls', 'quirks.ts:48', {}],
    ['broken', 'broken.ts:3', {}],
    ['broken-esm', 'broken.ts:3', {}],
  ] as const)
    test(`"uncaught" stops where ${name} throws`, async () => {
      await driver.debug(name);
      await driver.spareOf(name);
      await driver.stopAtExceptions('uncaught');
      const answer = driver.invoke(name, event, 'prewarmed');
      const stop = await driver.stop();
      assert.equal(stop.reason, 'exception');
      assert.equal(stop.at, at);
      await driver.resume(stop);
      const record = await answer;
      assert.equal(record.status, 'error');
      assert.equal(`${record.error?.at?.file.split(/[\\/]/).at(-1)}:${record.error?.at?.line}`, at);
    });

  test('"uncaught" leaves alone what the user catches; "all" stops there as well', async () => {
    await driver.breakAt('src/quirks.ts', 'if (event.caught)');
    await debugFunctions();
    const first = driver.invoke('throws-now', { caught: true }, 'cold');
    const entry = await driver.stop();
    await driver.stopAtExceptions('uncaught');
    await driver.resume(entry);
    await driver.passing(first, []);
    const second = driver.invoke('throws-now', { caught: true }, 'warm');
    const again = await driver.stop();
    await driver.stopAtExceptions('all');
    await driver.resume(again);
    const stop = await driver.stop();
    assert.equal(stop.reason, 'exception');
    assert.equal(stop.at, 'quirks.ts:29');
    await driver.resume(stop);
    assert.equal((await second).status, 'ok');
  });

  test('calls side by side in one instance: each error stops, and goes to its own call', async () => {
    await driver.breakAt('src/quirks.ts', 'const reason');
    await debugFunctions();
    const one = driver.invoke('throws-side-by-side', { deep: true }, 'cold');
    const entry = await driver.stop();
    await driver.stopAtExceptions('uncaught');
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await driver.resume(entry);
    const first = await driver.stop();
    assert.equal(first.at, 'quirks.ts:4');
    await driver.resume(first);
    assert.match((await one).error?.message ?? '', /deep/);
    const both = [true, false].map((deep) => driver.invoke('throws-side-by-side', { deep }, 'warm'));
    for (let count = 0; count < 2; count++) {
      const stop = await driver.stop();
      assert.equal(stop.at, 'quirks.ts:4');
      await driver.resume(stop);
    }
    const [deep, shallow] = await Promise.all(both);
    assert.match(deep?.error?.message ?? '', /deep/);
    assert.match(shallow?.error?.message ?? '', /shallow/);
    assert.equal(deep?.instance?.id, shallow?.instance?.id);
  });
});
