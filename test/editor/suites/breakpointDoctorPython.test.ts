// @workspace test/fixtures/breakpointsPython
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { pythonWith } from '../../support/python.ts';
import type { DebugDriver } from '../debugDriver.ts';
import { DoctorDriver } from '../doctorDriver.ts';
import { until } from '../porchlight.ts';
import { runOnDebugpy } from '../runOnDebugpy.ts';

const event = { name: 'Ada' };
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Why breakpoints in Python are not hit', () => {
  let doctor: DoctorDriver;
  let driver: DebugDriver;

  suiteSetup(async function () {
    const program = pythonWith('debugpy');
    if (!program) {
      console.log('No Python of this machine has debugpy: breakpoints in Python are not tested.');
      this.skip();
    }
    doctor = await DoctorDriver.create();
    driver = doctor.debug;
    await runOnDebugpy(driver, program);
  });
  setup(() => doctor?.reset());
  teardown(() => driver?.end());
  suiteTeardown(() => driver?.dispose());

  test('a healthy breakpoint gets no hint, and is explained as set and hit', async () => {
    const breakpoint = await driver.breakAt('words.py', 'text =');
    const before = await doctor.explain(breakpoint);
    assert.match(before.message, /: greet is not being debugged/);
    assert.deepEqual(before.actions, ['Debug greet']);
    await debugFunctions();
    await doctor.call('greet', event, ['words.py:9']);
    await doctor.call('greet', event, ['words.py:9']);
    assert.deepEqual(doctor.hints(), []);
    assert.match(
      (await doctor.explain(breakpoint)).message,
      /: Set in (greet#\d+|2 instances of greet).*Hit 2 times\./,
    );
  });

  test('a file that no function imports is hinted although the debugger calls it set', async () => {
    const breakpoint = await driver.breakAt('orphan.py', 'nobody asks');
    await debugFunctions();
    await doctor.call('greet', event);
    assert.deepEqual(doctor.hints(), ['orphan.py:2 notImported']);
    const { message, actions } = await doctor.explain(breakpoint);
    assert.match(message, /lies in the folder of greet, but none of the modules it loads imports it/);
    assert.deepEqual(actions, ['Open Handler', 'Show Functions']);
    vscode.debug.removeBreakpoints([breakpoint]);
    await until(driver.api.hints.onDidChange, () => doctor.hints().length === 0);
  });

  test('a test file', async () => {
    const ofTests = await driver.breakAt('test_words.py', 'assert');
    await debugFunctions();
    await doctor.call('greet', event);
    assert.deepEqual(doctor.hints(), []);
    assert.match((await doctor.explain(ofTests)).message, /a test file: no function loads it/);
  });

  test('a module that is imported only when needed gets no hint before', async () => {
    const breakpoint = await driver.breakAt('later.py', 'return f');
    await debugFunctions();
    await doctor.call('greet', event);
    assert.deepEqual(doctor.hints(), []);
    assert.match(
      (await doctor.explain(breakpoint)).message,
      /Set in (greet#\d+|2 instances of greet)\. No call has come/,
    );
    await doctor.call('greet', { ...event, lazy: true }, ['later.py:2']);
    assert.match((await doctor.explain(breakpoint)).message, /Hit once/);
  });

  test('a comment: moved to a line that calls come by, it is set; moved to a declaration, the hint offers a better one', async () => {
    const good = await driver.breakAt('main.py', '# After the other way');
    const bad = await driver.breakAt('main.py', '# Says hello');
    await debugFunctions();
    await doctor.call('greet', { ...event, lazy: true }, ['main.py:6', 'main.py:13']);
    assert.deepEqual(doctor.hints(), ['main.py:7 noCode']);
    assert.match((await doctor.explain(good)).message, /put it on line 13\. Hit once/);
    doctor.answers = ['Move to Line 8'];
    const { message, actions } = await doctor.settled(() => doctor.explain(bad));
    assert.match(message, /no code on this line to stop at.* The nearest line with code is 8\./);
    assert.deepEqual(actions, ['Move to Line 8']);
    await doctor.call('greet', event, ['main.py:8']);
    assert.deepEqual(doctor.hints(), []);
  });

  test('an edit that is not saved, and one that does not compile', async () => {
    await debugFunctions();
    await doctor.call('greet', event);
    const document = await vscode.workspace.openTextDocument(driver.file('words.py'));
    const editor = await vscode.window.showTextDocument(document);
    const original = document.getText();
    const replace = async (text: string) => {
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      assert.ok(await editor.edit((builder) => builder.replace(all, text)));
    };
    try {
      await replace(`${original}\n\ndef more():\n    return 1\n`);
      const breakpoint = await driver.breakAt('words.py', 'return 1');
      const unsaved = await doctor.explain(breakpoint);
      assert.match(unsaved.message, /The file has unsaved changes, so the code that runs is older/);
      assert.deepEqual(unsaved.actions, ['Save']);
      await replace(`${original}\n\nbroken = (\n`);
      const below = await driver.breakAt('words.py', 'broken');
      assert.ok(await document.save());
      await doctor.call('greet', event);
      assert.ok(doctor.hints().includes('words.py:13 buildFailed'), doctor.hints().join());
      assert.match(
        (await doctor.explain(below)).message,
        /The code of greet does not build, and the last good code runs in its place: .*'\('/,
      );
    } finally {
      await replace(original);
      await document.save();
    }
  });

  test('a condition in Python is not taken for JavaScript', async () => {
    const at = new vscode.Location(driver.file('words.py'), new vscode.Position(8, 0));
    const breakpoint = new vscode.SourceBreakpoint(at, true, "name == 'Eve' and not None");
    vscode.debug.addBreakpoints([breakpoint]);
    await debugFunctions();
    await doctor.call('greet', event);
    assert.deepEqual(doctor.hints(), []);
    assert.match((await doctor.explain(breakpoint)).message, /its condition name == 'Eve'.* was never true/);
    await doctor.call('greet', { name: 'Eve' }, ['words.py:9']);
    assert.match((await doctor.explain(breakpoint)).message, /Hit once/);
  });
});
