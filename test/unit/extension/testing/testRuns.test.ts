import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import type * as vscode from 'vscode';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { TestRuns } from '../../../../extension/testing/testRuns.ts';
import type { TestTree } from '../../../../extension/testing/testTree.ts';
import { PorchlightError } from '../../../../runtime/model/errors.ts';
import { Deferred } from '../../../../runtime/support/deferred.ts';
import { Emitter } from '../../../../runtime/support/emitter.ts';
import { FakeLauncher, functionState, settle } from '../../../support/fakeHosts.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

/** A token that the test cancels. */
class Cancellation {
  isCancellationRequested = false;
  readonly #requested = new Emitter<void>();
  readonly onCancellationRequested = this.#requested.event;

  cancel(): void {
    this.isCancellationRequested = true;
    this.#requested.fire();
  }
}

async function setUp(t: TestContext, trusted = true) {
  const mock = vscodeMock();
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
  };
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  t.after(() => hosts.dispose());
  await hosts.startAll();
  // Trust is given or not when the window opens; what is tested is what happens without.
  if (!trusted) mock.setTrusted(false);
  const [host] = hosts.all;
  const items = ['hello/one', 'hello/two', 'hello/three'].map((id) => ({ id }) as vscode.TestItem);
  const tree = {
    leaves: () => items,
    testOf: ({ id }: vscode.TestItem) => ({ host: host!, id }),
  } as unknown as TestTree;
  const said: string[] = [];
  const say =
    (what: string) =>
    ({ id }: vscode.TestItem, message?: vscode.TestMessage | number) => {
      const text = typeof message === 'object' ? `, ${String(message.message)}` : '';
      said.push(`${what} ${id}${text}`);
    };
  const button = new Cancellation();
  const controller = {
    createTestRun: () => ({
      token: button,
      enqueued: say('enqueued'),
      started: say('started'),
      passed: say('passed'),
      skipped: say('skipped'),
      errored: say('errored'),
      appendOutput: () => {},
      end: () => said.push('end'),
    }),
  } as unknown as vscode.TestController;
  class TestMessage {
    message: string;
    constructor(message: string) {
      this.message = message;
    }
  }
  const runs = new TestRuns(
    {
      api: { ...mock.api, TestMessage } as never,
      hosts,
      saveFiles: () => Promise.resolve(),
      debug: () => assert.fail('nothing is to be debugged'),
    },
    controller,
    tree,
  );
  t.after(() => runs.dispose());
  const token = new Cancellation();
  const start = () => runs.run({} as vscode.TestRunRequest, token as never, false);
  return { launcher, said, button, token, start };
}

suite('running saved events in the Testing view', () => {
  for (const by of ['button', 'token'] as const)
    test(`cancelling by the ${by} ends what runs, and nothing more begins`, async (t) => {
      const { launcher, said, start, ...cancel } = await setUp(t);
      const [host] = launcher.launched;
      const asked = new Deferred<void>();
      host!.answers.runTest = (id: string, signal: AbortSignal) => {
        const answer = new Deferred<unknown>();
        signal.addEventListener('abort', () =>
          answer.resolve({
            id,
            name: id,
            status: 'cancelled',
            durationMs: 1,
            failures: [],
            measures: [],
            invocations: [],
            logs: [],
            logsDropped: 0,
          }),
        );
        asked.resolve();
        return answer.promise;
      };
      const done = start();
      await asked.promise;
      cancel[by].cancel();
      await done;
      assert.deepEqual(said.slice(3), [
        'started hello/one',
        'skipped hello/one',
        'skipped hello/two',
        'skipped hello/three',
        'end',
      ]);
      assert.equal(host!.calls.filter(([method]) => method === 'runTest').length, 1);
    });

  test('a run that was cancelled before it began runs nothing', async (t) => {
    const { launcher, said, start, token } = await setUp(t);
    token.cancel();
    await start();
    await settle();
    assert.ok(!said.some((line) => line.startsWith('started')), said.join());
    assert.equal(launcher.launched[0]!.calls.filter(([method]) => method === 'runTest').length, 0);
  });

  test('in a workspace that is not trusted nothing runs, and every test says why', async (t) => {
    const { launcher, said, start } = await setUp(t, false);
    await start();
    const why = new PorchlightError('WORKSPACE_UNTRUSTED').message;
    assert.match(why, /not trusted.*Trust it/);
    assert.deepEqual(said.slice(3), [
      ...['one', 'two', 'three'].map((name) => `errored hello/${name}, ${why}`),
      'end',
    ]);
    assert.equal(launcher.launched[0]!.calls.filter(([method]) => method === 'runTest').length, 0);
  });
});
