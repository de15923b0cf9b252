// @workspace test/fixtures/breakpointsGo
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { withoutDelve } from '../../support/go.ts';
import type { DebugDriver } from '../debugDriver.ts';
import { DoctorDriver } from '../doctorDriver.ts';

const event = { name: 'Ada' };
const debugFunctions = () => vscode.commands.executeCommand('porchlight.debug');

suite('Why breakpoints in Go are not hit', () => {
  let doctor: DoctorDriver;
  let driver: DebugDriver;

  suiteSetup(async function () {
    this.timeout(120_000);
    const why = withoutDelve();
    if (why) {
      console.log(`${why} Breakpoints in Go are not tested.`);
      this.skip();
    }
    doctor = await DoctorDriver.create();
    driver = doctor.debug;
    // The first build compiles the standard library for the debugger.
    await debugFunctions();
    await driver.invoke('greet', event);
    await driver.end();
  });
  setup(() => doctor?.reset());
  teardown(() => driver?.end());
  suiteTeardown(() => driver?.dispose());

  test('a healthy breakpoint gets no hint, and is explained as set and hit', async () => {
    const breakpoint = await driver.breakAt('greetings/greetings.go', 'text :=');
    const before = await doctor.explain(breakpoint);
    assert.match(before.message, /: greet is not being debugged/);
    assert.deepEqual(before.actions, ['Debug greet']);
    await debugFunctions();
    const waiting = await doctor.explain(breakpoint);
    assert.match(waiting.message, /Not yet|Set in (greet#\d+|2 instances of greet)/);
    await doctor.call('greet', event, ['greetings.go:5']);
    await doctor.call('greet', event, ['greetings.go:5']);
    assert.deepEqual(doctor.hints(), []);
    assert.match(
      (await doctor.explain(breakpoint)).message,
      /: Set in (greet#\d+|2 instances of greet)\. Hit 2 times\./,
    );
  });

  test('a comment, a function that nobody calls, a file that is not compiled in, and a test', async () => {
    const comment = await driver.breakAt('main.go', '// The event.');
    const uncalled = await driver.breakAt('greetings/greetings.go', 'nobody asks');
    const unused = await driver.breakAt('unused/unused.go', 'nobody asks');
    const ofTests = await driver.breakAt('main_test.go', 't.Fail');
    await debugFunctions();
    await doctor.call('greet', event);
    assert.deepEqual(doctor.hints(), [
      'greetings.go:11 removed',
      'main.go:20 noCode',
      'unused.go:5 notCompiled',
    ]);
    const why = await doctor.explain(comment);
    assert.match(why.message, /no code on this line to stop at.* The nearest line with code is 21\./);
    assert.deepEqual(why.actions, ['Move to Line 21']);
    assert.match(
      (await doctor.explain(uncalled)).message,
      /The code that greet runs has nothing of this line: the build left it out/,
    );
    assert.match((await doctor.explain(unused)).message, /Nothing of this file is in the program of greet/);
    assert.match((await doctor.explain(ofTests)).message, /a test file: no function loads it/);
    doctor.answers = ['Move to Line 21'];
    await doctor.settled(() => doctor.explain(comment));
    await doctor.call('greet', event, ['main.go:21']);
    assert.ok(!doctor.hints().some((hint) => hint.startsWith('main.go')), doctor.hints().join());
  });

  test('an edit that is not saved, and one that does not compile', async () => {
    await debugFunctions();
    await doctor.call('greet', event);
    const file = 'greetings/greetings.go';
    const document = await vscode.workspace.openTextDocument(driver.file(file));
    const editor = await vscode.window.showTextDocument(document);
    const original = document.getText();
    const replace = async (text: string) => {
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      assert.ok(await editor.edit((builder) => builder.replace(all, text)));
    };
    try {
      await replace(`${original}\nfunc More() int {\n\treturn 1\n}\n`);
      const breakpoint = await driver.breakAt(file, 'return 1');
      const unsaved = await doctor.explain(breakpoint);
      assert.match(unsaved.message, /The file has unsaved changes, so the code that runs is older/);
      await replace(`${original}\nvar broken = (\n`);
      const below = await driver.breakAt(file, 'broken');
      assert.ok(await document.save());
      await doctor.call('greet', event);
      assert.ok(doctor.hints().includes('greetings.go:14 buildFailed'), doctor.hints().join());
      assert.match((await doctor.explain(below)).message, /The code of greet does not build/);
    } finally {
      await replace(original);
      await document.save();
    }
  });
});
