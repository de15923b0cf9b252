import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type * as vscode from 'vscode';
import { registerConfigurations } from '../../../../extension/debug/configurationProvider.ts';
import type { Debugging } from '../../../../extension/debug/debugging.ts';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { FakeLauncher, functionState, settle } from '../../../support/fakeHosts.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

type Provider = vscode.DebugConfigurationProvider;
const last = { type: 'porchlight', request: 'launch', name: 'Replay last failure', replay: 'last-failure' };

async function setUp(t: TestContext, failure?: { id: string; function: string }, debugged = false) {
  const mock = vscodeMock();
  const providers: Provider[] = [];
  Object.assign(mock.api, { DebugConfigurationProviderTriggerKind: { Initial: 1, Dynamic: 2 } });
  Object.assign(mock.api.debug, {
    registerDebugConfigurationProvider: (_type: string, provider: Provider) => {
      providers.push(provider);
      return { dispose: () => {} };
    },
  });
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => (host.functions = [functionState('hello'), functionState('other')]);
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  t.after(() => hosts.dispose());
  await hosts.startAll();
  const [host] = hosts.all;
  const done: unknown[] = [];
  const session = { widen: (functions: string[]) => Promise.resolve(done.push(['widen', functions])) };
  const debugging = {
    hostOf: () => host,
    find: () => (debugged ? session : undefined),
  } as unknown as Debugging;
  const replays = {
    latestFailure: () => Promise.resolve(failure),
    replayFailure: (_: unknown, id: string, debug: boolean) =>
      Promise.resolve(void done.push(['replay', id, debug])),
    tellNoFailure: () => Promise.resolve(void done.push('told that there is none')),
  };
  registerConfigurations(mock.api, hosts, debugging, replays, (error) => assert.fail(String(error)));
  const resolve = async (given: object) => {
    const folder = mock.folders[0] as unknown as vscode.WorkspaceFolder;
    const configuration = await providers[0]!.resolveDebugConfiguration!(folder, given as never);
    await settle();
    return configuration;
  };
  return { resolve, done, offered: () => providers[1]!.provideDebugConfigurations!(undefined) };
}

test('what Run and Debug offers', async (t) => {
  const { offered } = await setUp(t);
  const list = (await offered()) as { name: string; functions?: string[]; replay?: string }[];
  assert.deepEqual(
    list.map(({ name, functions, replay }) => [name, functions, replay]),
    [
      ['Debug all functions', undefined, undefined],
      ['Debug hello', ['hello'], undefined],
      ['Debug other', ['other'], undefined],
      ['Replay last failure', undefined, 'last-failure'],
    ],
  );
});

test('Replay last failure debugs the function that failed; the session replays when it has begun', async (t) => {
  const { resolve, done } = await setUp(t, { id: 'past', function: 'other' });
  const configuration = await resolve(last);
  assert.deepEqual(
    [configuration?.['functions'], configuration?.['replay'], configuration?.name],
    [['other'], 'last-failure', 'Replay last failure'],
  );
  assert.deepEqual(done, []);
});

test('within a session there is already, it widens that and replays', async (t) => {
  const { resolve, done } = await setUp(t, { id: 'past', function: 'other' }, true);
  assert.equal(await resolve(last), undefined);
  assert.deepEqual(done, [
    ['widen', ['other']],
    ['replay', 'past', true],
  ]);
});

test('without debugging it is only replayed', async (t) => {
  const { resolve, done } = await setUp(t, { id: 'past', function: 'other' });
  assert.equal(await resolve({ ...last, noDebug: true }), undefined);
  assert.deepEqual(done, [['replay', 'past', false]]);
});

test('without a failure it says so, once, and starts nothing', async (t) => {
  const { resolve, done } = await setUp(t);
  assert.equal(await resolve(last), undefined);
  assert.deepEqual(done, ['told that there is none']);
});

test('another value of "replay" is refused in words', async (t) => {
  const { resolve } = await setUp(t);
  await assert.rejects(resolve({ ...last, replay: 'all' }), /"replay" can only be "last-failure"/);
});
