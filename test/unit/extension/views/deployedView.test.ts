import assert from 'node:assert/strict';
import test from 'node:test';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { DeployedTree } from '../../../../extension/views/deployedView.ts';
import type { DeployedFunction, DeployPlan } from '../../../../runtime/model/deploy.ts';
import type { RemoteLogListener } from '../../../../extension/hostClient/hostApi.ts';
import { FakeLauncher, functionState, settle } from '../../../support/fakeHosts.ts';
import { renderTree } from '../../../support/renderTree.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

const version = { packageHash: 'abcdef0123', createdAt: 0, verified: true };
const hello: DeployedFunction = {
  function: 'hello',
  target: 'prod',
  urls: ['https://gw.example.com/function/hello'],
  versions: [
    { ...version, version: '2', current: true },
    { ...version, version: '1', current: false },
  ],
};

async function setUp(t: { after(run: () => void): void }) {
  const { api } = vscodeMock(['/p']);
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
  };
  const hosts = new Hosts(api, launcher, () => Promise.resolve(true));
  const tree = new DeployedTree(api, hosts, launcher.clock, (folder) =>
    folder === '/p' ? 'prod' : undefined,
  );
  t.after(() => hosts.dispose());
  t.after(() => tree.dispose());
  await hosts.startAll();
  const { mirror, remote } = hosts.all[0]!;
  return { tree, mirror, remote, host: launcher.launched[0]! };
}

/** Without times, which depend on where one is. */
const shown = async (tree: DeployedTree): Promise<string> =>
  (await renderTree(tree.provider, () => true)).replace(/ · [^·\n]* · abcdef01/g, '');

test('the target of the last time is asked when its row is opened', async (t) => {
  const { tree, host } = await setUp(t);
  host.answers.listDeployed = (target: string) => (target === 'prod' ? [hello] : []);
  const [row] = (await tree.provider.getChildren()) ?? [];
  assert.deepEqual(
    [row!.content().label, row!.content().description, row!.expansion()],
    [...['prod', 'open to look', 'collapsed']],
  );
  assert.deepEqual(
    host.calls.filter(([name, target]) => name === 'listDeployed' && target === 'prod'),
    [],
    'nobody is asked before',
  );
  await row!.children();
  assert.equal(
    await shown(tree),
    `<cloud> prod
  <symbol-function> hello | version 2 · https://gw.example.com/function/hello
    <pass-filled> version 2 | current · verified
    <history> version 1 | verified`,
  );
});

test('shares of the calls are shown', async (t) => {
  const { tree, mirror } = await setUp(t);
  const [newer, older] = hello.versions;
  const versions = [
    { ...newer!, current: false, percent: 10 },
    { ...older!, current: true, percent: 90 },
  ];
  mirror.setDeployed('prod', [{ ...hello, versions }]);
  assert.equal(
    await shown(tree),
    `<cloud> prod
  <symbol-function> hello | version 1 · 10 % to version 2 · https://gw.example.com/function/hello
    <history> version 2 | 10 % of the calls · verified
    <pass-filled> version 1 | current · 90 % of the calls · verified`,
  );
});

test('a plan tells what differs, until something is deployed', async (t) => {
  const { tree, mirror } = await setUp(t);
  mirror.setDeployed('prod', [hello]);
  const plan: DeployPlan = {
    ...{ id: 'p', target: 'prod', targetType: 'openfaas', createdAt: 0 },
    functions: [
      {
        ...{ function: 'hello', change: 'change', findings: [] },
        fields: [
          { path: 'limits.cpu', change: 'change' },
          { path: 'secrets', change: 'same' },
        ],
        package: { hash: '', bytes: 0, files: 0, unchanged: false, largest: [] },
      },
    ],
  };
  mirror.setPlan(plan);
  assert.match(await shown(tree), /hello \| version 2 · differs from the project in 2 places/);
  mirror.forgetPlan('prod', ['hello']);
  assert.doesNotMatch(await shown(tree), /differs/);
});

test('a target that does not answer says why', async (t) => {
  const { tree, host } = await setUp(t);
  host.answers.listDeployed = (target: string) => {
    if (target === 'prod') throw new Error('OpenFaaS cannot be reached.');
    return [];
  };
  assert.equal(
    await shown(tree),
    `<cloud> prod | open to look
  <warning> OpenFaaS cannot be reached.`,
  );
});

test('a log that is followed is seen on its row, as is why it cannot be read', async (t) => {
  const { tree, mirror, remote, host } = await setUp(t);
  mirror.setDeployed('prod', [hello]);
  let listener: RemoteLogListener | undefined;
  host.answers.followRemoteLogs = (...args: unknown[]) => {
    listener = args[3] as RemoteLogListener;
    return new Promise((_resolve, reject) => {
      (args[4] as AbortSignal).addEventListener('abort', () => reject(new Error('aborted')));
    });
  };
  const ended = remote.start({ target: 'prod', function: 'hello' });
  await settle();
  assert.match(await shown(tree), /<eye> hello \| version 2 · following · https:/);
  const [target] = (await tree.provider.getChildren()) ?? [];
  const context = async () => ((await target!.children())[0]!.content().context ?? '').split(' ');
  assert.ok((await context()).includes('followed'));
  listener!.onLogged({ lines: [], invocations: [], linesOnly: true });
  assert.match(await shown(tree), /<eye> hello \| version 2 · following, lines only · /);
  listener!.onTrouble('The token is expired.');
  assert.match(await shown(tree), /<warning> hello \| version 2 · its log cannot be read, trying again · /);
  remote.stop({ target: 'prod', function: 'hello' });
  await ended;
  assert.match(await shown(tree), /<symbol-function> hello \| version 2 · https:/);
  assert.ok((await context()).includes('silent'));
});
