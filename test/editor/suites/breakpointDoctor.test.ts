// @workspace test/fixtures/breakpoints
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeActions } from '../codeActions.ts';
import type { DebugDriver } from '../debugDriver.ts';
import { DoctorDriver } from '../doctorDriver.ts';
import { until } from '../porchlight.ts';

const event = { name: 'Ada' };
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Why breakpoints are not hit', () => {
  let doctor: DoctorDriver;
  let driver: DebugDriver;

  suiteSetup(async () => {
    doctor = await DoctorDriver.create();
    driver = doctor.debug;
  });
  setup(() => doctor.reset());
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  for (const { name, index, greeting, stop } of [
    { name: 'typed', index: 'typed/index.ts', greeting: 'return greet', stop: 'index.ts:10' },
    { name: 'plain', index: 'plain/index.js', greeting: 'const text', stop: 'index.js:6' },
  ]) {
    const orphan = index.replace('index', 'orphan');
    const later = index.replace('index', 'later');

    test(`${name}: a healthy breakpoint gets no hint, and is explained as set and hit`, async () => {
      const breakpoint = await driver.breakAt(index, greeting);
      const before = await doctor.explain(breakpoint);
      assert.match(before.message, new RegExp(`: ${name} is not being debugged`));
      assert.deepEqual(before.actions, [`Debug ${name}`]);
      await debugFunctions();
      const waiting = await doctor.explain(breakpoint);
      assert.match(waiting.message, /Not yet: it is set as soon as an instance/);
      assert.deepEqual(waiting.actions, [`Invoke ${name}`]);
      await doctor.call(name, event, [stop]);
      await doctor.call(name, event, [stop]);
      assert.deepEqual(doctor.hints(), []);
      assert.match(
        (await doctor.explain(breakpoint)).message,
        new RegExp(`: Set in ${name}#\\d+\\. Hit 2 times\\. Last at \\d`),
      );
    });

    test(`${name}: a breakpoint in a file that no function imports is hinted, once`, async () => {
      const breakpoint = await driver.breakAt(orphan, 'nobody asks');
      const remarks: string[] = [];
      driver.api.dialogs.remark = (text) => remarks.push(text);
      await debugFunctions();
      await doctor.call(name, event);
      await doctor.call(name, event);
      const file = orphan.split('/')[1];
      const { line } = breakpoint.location.range.start;
      assert.deepEqual(doctor.hints(), [`${file}:${line + 1} notImported`]);
      assert.deepEqual(
        remarks.filter((text) => text.includes('orphan')),
        [`$(debug-breakpoint-unverified) ${file}:${line + 1}: no function imports this file`],
      );
      doctor.answers = ['Open Handler'];
      const { message, actions } = await doctor.explain(breakpoint);
      assert.match(
        message,
        new RegExp(`lies in the folder of ${name}, but none of the modules it loads imports it`),
      );
      assert.deepEqual(actions, ['Open Handler', 'Show Functions']);
      assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, driver.file(index).fsPath);
      vscode.debug.removeBreakpoints([breakpoint]);
      await until(driver.api.hints.onDidChange, () => doctor.hints().length === 0);
    });

    test(`${name}: a module that is imported only when needed is waited for, not complained of`, async () => {
      const breakpoint = await driver.breakAt(later, 'return `Later');
      await debugFunctions();
      await doctor.call(name, event);
      assert.deepEqual(doctor.hints(), []);
      const { message } = await doctor.explain(breakpoint);
      // A bundle holds the module, and so the debugger has set it before its first line runs.
      assert.match(
        message,
        name === 'typed'
          ? /: Set in typed#\d+\. No call has come/
          : /Not yet: plain ran, but no call has loaded/,
      );
      const at = `${later.split('/')[1]}:${breakpoint.location.range.start.line + 1}`;
      await doctor.call(name, { ...event, lazy: true }, [at]);
      assert.match((await doctor.explain(breakpoint)).message, /Hit once/);
    });
  }

  test('a breakpoint on a comment: in a script the debugger moves it, in TypeScript the hint offers to', async () => {
    const plain = await driver.breakAt('plain/index.js', '// Says hello');
    const typed = await driver.breakAt('typed/index.ts', '// Says hello');
    await debugFunctions();
    await doctor.call('plain', event, ['index.js:4']);
    await doctor.call('typed', event);
    assert.deepEqual(doctor.hints(), ['index.ts:4 noCode']);
    const moved = await doctor.explain(plain);
    assert.match(moved.message, /^index\.js:\d: Set in plain#\d+\..* Hit once/);
    const quick = await codeActions(driver.file('typed/index.ts'), new vscode.Range(3, 0, 3, 0));
    assert.ok(quick.some(({ title }) => title === 'Breakpoint: Move to Line 6'));
    doctor.answers = ['Move to Line 6'];
    const sent = driver.breakpointsSet();
    const { message, actions } = await doctor.explain(typed);
    assert.match(message, /There is no code on this line to stop at.* The nearest line with code is 6\./);
    assert.deepEqual(actions, ['Move to Line 6']);
    assert.deepEqual(doctor.hints(), []);
    await sent;
    await doctor.call('typed', event, ['index.ts:6']);
    assert.deepEqual(doctor.hints(), []);
  });

  test('code that bundling left out, and files that are part of no function', async () => {
    const removed = await driver.breakAt('typed/greet.ts', 'toUpperCase');
    const outside = await driver.breakAt('tools/report.ts', 'console.log');
    await debugFunctions();
    await doctor.call('typed', event);
    assert.match(
      (await doctor.explain(removed)).message,
      /Set in|nothing of this line: the build left it out/,
    );
    assert.ok(doctor.hints().includes('report.ts:2 notPart'), doctor.hints().join());
    assert.match((await doctor.explain(outside)).message, /part of no function/);
  });

  test('an edit that is not saved, and one that does not build', async () => {
    const file = 'typed/greet.ts';
    await debugFunctions();
    await doctor.call('typed', event);
    const document = await vscode.workspace.openTextDocument(driver.file(file));
    const editor = await vscode.window.showTextDocument(document);
    const original = document.getText();
    const replace = async (text: string) => {
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      assert.ok(await editor.edit((builder) => builder.replace(all, text)));
    };
    try {
      await replace(`${original}\nexport const added = 1;\nexport function more() {\n  return added;\n}\n`);
      const breakpoint = await driver.breakAt(file, 'return added');
      doctor.answers = ['Save'];
      const unsaved = await doctor.explain(breakpoint);
      assert.match(unsaved.message, /The file has unsaved changes, so the code that runs is older/);
      assert.equal(document.isDirty, false);

      await replace(`${original}\nconst broken = ;\n`);
      const below = await driver.breakAt(file, 'const broken');
      assert.ok(await document.save());
      await doctor.call('typed', event);
      assert.ok(doctor.hints().includes('greet.ts:10 buildFailed'), doctor.hints().join());
      const failed = await doctor.explain(below);
      assert.match(
        failed.message,
        /The code of typed does not build, and the last good code runs in its place: .*Unexpected ";"/,
      );
      assert.deepEqual(failed.actions, ['Show Problem']);
    } finally {
      await replace(original);
      await document.save();
    }
  });

  test('conditions: one that is no expression, one that throws, one that never holds, a hit count', async () => {
    const document = await vscode.workspace.openTextDocument(driver.file('plain/index.js'));
    const set = (line: number, condition?: string, hitCondition?: string) => {
      const at = new vscode.Location(document.uri, new vscode.Position(line - 1, 0));
      const breakpoint = new vscode.SourceBreakpoint(at, true, condition, hitCondition);
      vscode.debug.addBreakpoints([breakpoint]);
      return breakpoint;
    };
    const invalid = set(6, 'event.name ===');
    const never = set(7, "text === 'other'");
    await debugFunctions();
    await doctor.call('plain', event);
    assert.deepEqual(doctor.hints(), ['index.js:6 badCondition']);
    assert.match((await doctor.explain(invalid)).message, /The condition event\.name === is no expression/);
    assert.match((await doctor.explain(never)).message, /its condition text === 'other' was never true/);
    await doctor.settled(() => vscode.debug.removeBreakpoints([invalid, never]));
    const throws = await doctor.settled(() => set(7, 'missing.name'));
    assert.deepEqual(doctor.hints(), []);
    await doctor.call('plain', event);
    assert.deepEqual(doctor.hints(), []);
    assert.match(
      (await doctor.explain(throws)).message,
      /its condition missing\.name threw: missing is not defined/,
    );
    await doctor.settled(() => vscode.debug.removeBreakpoints([throws]));
    const counted = await doctor.settled(() => set(7, undefined, '> 5'));
    await doctor.call('plain', event);
    assert.match(
      (await doctor.explain(counted)).message,
      /Hit once.* its hit count > 5 has not been reached/,
    );
  });

  test('a disabled breakpoint is enabled again', async () => {
    const { location } = await driver.breakAt('plain/index.js', 'const text');
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    const disabled = new vscode.SourceBreakpoint(location, false);
    vscode.debug.addBreakpoints([disabled]);
    doctor.answers = ['Enable'];
    assert.match((await doctor.explain(disabled)).message, /disabled/);
    assert.deepEqual(
      vscode.debug.breakpoints.map(({ enabled }) => enabled),
      [true],
    );
  });
});
