// @workspace test/fixtures/savedEvents
// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { FinishedTest } from '../../../extension/testing/testRuns.ts';
import { DebugDriver } from '../debugDriver.ts';
import { until } from '../porchlight.ts';

const expectation = 'events/cart/two-lines.expect.yaml';

suite('Saved events in the Testing view', () => {
  let driver: DebugDriver;
  const tests = () => driver.api.tests;

  /** Every item as the view shows it. */
  const tree = (): string[] => {
    const lines: string[] = [];
    const visit = (items: vscode.TestItemCollection, indent: string): void =>
      [...items]
        .map(([, item]) => item)
        .sort((a, b) => (a.sortText ?? a.label).localeCompare(b.sortText ?? b.label))
        .forEach((item) => {
          const place = `${item.uri?.path.split('/').at(-1)}:${(item.range?.start.line ?? -1) + 1}`;
          lines.push(`${indent}${item.label} ${place}`);
          visit(item.children, `${indent}  `);
        });
    visit(tests().controller.items, '');
    return lines;
  };
  const item = (name: string): vscode.TestItem =>
    tests()
      .tree.leaves(undefined)
      .find(({ label }) => label === name)!;

  /** Runs items by a profile of the view, and gives what became of each. */
  async function run(
    names: string[],
    profile: vscode.TestRunProfile,
    meanwhile?: () => Promise<void>,
  ): Promise<FinishedTest[]> {
    const finished: FinishedTest[] = [];
    const listening = tests().runs.onDidFinish((test) => finished.push(test));
    const cancel = new vscode.CancellationTokenSource();
    const request = new vscode.TestRunRequest(names.map(item), undefined, profile);
    await Promise.all([profile.runHandler(request, cancel.token), meanwhile?.()]);
    listening.dispose();
    return finished;
  }
  const states = (finished: FinishedTest[]): string[] =>
    finished.map(({ item, outcome }) => `${item.label}: ${outcome.status}`);

  suiteSetup(async () => {
    driver = await DebugDriver.create();
    await until(driver.host.mirror.onDidChange, () => driver.host.mirror.tests.tests.length > 0);
  });
  teardown(() => driver.end());
  suiteTeardown(() => driver.dispose());

  test('functions and their events are listed, each at its place', () => {
    assert.deepEqual(tree(), [
      'cart porchlight.yaml:2',
      '  over http porchlight.yaml:8',
      '  cart-empty cart-empty.json:1',
      '  two-lines two-lines.json:1',
      'other porchlight.yaml:16',
      '  other other.json:1',
    ]);
  });

  test('events that give what is expected pass', async () => {
    const finished = await run(['over http', 'cart-empty', 'two-lines', 'other'], tests().profiles.run);
    assert.deepEqual(
      finished.flatMap(({ messages }) => messages.map(({ message }) => message)),
      [],
    );
    assert.deepEqual(states(finished), [
      'over http: passed',
      'cart-empty: passed',
      'two-lines: passed',
      'other: passed',
    ]);
    const [cold, warm] = finished[0]!.outcome.measures;
    assert.match(cold!, /^cold .* \(one cold start, from acceptance to answer; budget 1min\)$/);
    assert.match(warm!, /^warm .* \(median of 5 warm invocations, /);
  });

  test('a failing expectation is a comparison at the line that states it', async () => {
    await driver.edit(expectation, [['total: 13', 'total: 14']]);
    const [failed] = await run(['two-lines'], tests().profiles.run);
    assert.equal(failed!.outcome.status, 'failed');
    const [message] = failed!.messages;
    assert.equal(message!.message, 'result.total: expected 14, got 13');
    assert.equal(message!.expectedOutput, '{\n  "total": 14,\n  "currency": "EUR"\n}');
    assert.equal(message!.actualOutput, '{\n  "total": 13,\n  "currency": "EUR"\n}');
    const { uri, range } = message!.location!;
    assert.deepEqual([uri.fsPath, range.start.line], [driver.file(expectation).fsPath, 1]);
    await driver.edit(expectation, [['total: 14', 'total: 13']]);
  });

  test('an error nobody expected stands at the line that threw it', async () => {
    await driver.edit('src/other.ts', [['({ event })', '{ throw new RangeError(String(event)); }']]);
    const [failed] = await run(['other'], tests().profiles.run);
    const [message] = failed!.messages;
    assert.match(
      String(message!.message),
      /^status: expected ok, but it ended with error, RangeError: \[object Object\]/,
    );
    assert.equal(message!.location?.uri.fsPath, driver.file('src/other.ts').fsPath);
    assert.equal(message!.stackTrace?.[0]?.position?.line, 0);
    await driver.edit('src/other.ts', [['{ throw new RangeError(String(event)); }', '({ event })']]);
  });

  test('a file that cannot be read says so, and the others run', async () => {
    await driver.edit(expectation, [['result:', 'reslt:']]);
    const broken = await until(driver.host.mirror.onDidChange, () =>
      driver.host.mirror.tests.tests.find(({ fault }) => fault !== undefined),
    );
    assert.match(broken.fault!, /two-lines\.expect\.yaml:1:1: Unknown key "reslt"; did you mean "result"\?/);
    const finished = await run(['two-lines', 'cart-empty'], tests().profiles.run);
    assert.deepEqual(states(finished).sort(), ['cart-empty: passed', 'two-lines: errored']);
    assert.match(String(item('two-lines').error), /did you mean "result"/);
    await driver.edit(expectation, [['reslt:', 'result:']]);
    await until(
      driver.host.mirror.onDidChange,
      () => !driver.host.mirror.tests.tests.some(({ fault }) => fault !== undefined),
    );
  });

  test('debugging a test stops at a breakpoint, leaves budgets alone, and ends with it', async () => {
    await driver.breakAt('src/cart.ts', 'const total');
    const finished = await run(['over http'], tests().profiles.debug, async () => {
      const stop = await driver.stop();
      assert.equal(stop.at, 'cart.ts:13');
      assert.equal(await driver.evaluate(stop, 'items.length'), '1');
      await driver.resume(stop);
    });
    assert.deepEqual(states(finished), ['over http: passed']);
    assert.deepEqual(finished[0]!.outcome.measures, ['time budgets are not looked at under a debugger']);
    await driver.allEnded();
    assert.equal(driver.api.debugging.active, false);
  });

  test('a continuous run goes again when the code or an event changes', async () => {
    const { runs, profiles } = tests();
    const seen: string[] = [];
    const waiting: (() => void)[] = [];
    const listening = runs.onDidFinish((test) => {
      seen.push(...states([test]));
      waiting.splice(0).forEach((wake) => wake());
    });
    const ran = async (expected: string): Promise<void> => {
      while (!seen.includes(expected)) await new Promise<void>((resolve) => waiting.push(resolve));
      seen.splice(0);
    };
    const cancel = new vscode.CancellationTokenSource();
    const request = new vscode.TestRunRequest([item('two-lines')], undefined, profiles.run, true);
    const running = Promise.resolve(profiles.run.runHandler(request, cancel.token));
    await ran('two-lines: passed');
    await driver.edit('src/cart.ts', [['sum + price * count', 'sum + price']]);
    await ran('two-lines: failed');
    await driver.edit('src/cart.ts', [['sum + price', 'sum + price * count']]);
    await ran('two-lines: passed');
    await driver.edit('events/cart/two-lines.json', [['"count": 4', '"count": 5']]);
    await ran('two-lines: failed');
    await driver.edit('events/cart/two-lines.json', [['"count": 5', '"count": 4']]);
    await ran('two-lines: passed');
    cancel.cancel();
    await running;
    listening.dispose();
  });

  test('tests run when the host was down', async () => {
    await driver.host.stop();
    assert.equal(driver.host.running, undefined);
    const finished = await run(['other'], tests().profiles.run);
    assert.deepEqual(states(finished), ['other: passed']);
    assert.equal(driver.host.state.kind, 'running');
  });

  test('an invocation is saved as an event with its result as expectation', async () => {
    const record = await driver.invoke('cart', { items: [{ price: 7, count: 1 }] });
    const { dialogs } = driver.api;
    const { input, pick, error } = dialogs;
    const errors: string[] = [];
    dialogs.input = async () => 'seven';
    dialogs.pick = async (choices) => (await choices).find(({ value }) => value === 'expect')?.value;
    dialogs.error = async (text) => void errors.push(text);
    const save = () =>
      vscode.commands.executeCommand('porchlight.saveTestEvent', {
        invocation: record.id,
        folder: driver.host.folder.path,
      });
    try {
      await save();
      assert.deepEqual(errors, []);
      await save();
      assert.deepEqual(errors, ['seven.json is there already. Choose another name.']);
    } finally {
      Object.assign(dialogs, { input, pick, error });
    }
    const { document } = vscode.window.activeTextEditor!;
    assert.match(document.fileName, /events[\\/]cart[\\/]seven\.expect\.yaml$/);
    assert.match(document.getText(), /result:\n {2}total: 7\n {2}currency: EUR\n {2}lines: 1\n$/);
    await until(driver.host.mirror.onDidChange, () =>
      driver.host.mirror.tests.tests.some(({ name, files }) => name === 'seven' && files.length === 2),
    );
    assert.deepEqual(states(await run(['seven'], tests().profiles.run)), ['seven: passed']);
  });
});
