import assert from 'node:assert/strict';
import test from 'node:test';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { FunctionsTree } from '../../../../extension/views/functionsView.ts';
import type { Row } from '../../../../extension/views/row.ts';
import { defaultProcess } from '../../../../runtime/model/functionDefinition.ts';
import { FakeLauncher, functionState, instanceState } from '../../../support/fakeHosts.ts';
import { renderTree } from '../../../support/renderTree.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

async function setUp(t: { after(run: () => void): void }, paths = ['/p']) {
  const { api } = vscodeMock(paths);
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => {
    const now = launcher.clock.epochMs();
    host.functions = [
      functionState('hello', {
        triggers: [{ kind: 'http', name: 'http', path: '/hello', methods: ['GET'], shape: 'http-api' }],
        urls: {
          invoke: 'http://127.0.0.1:4000/_porchlight/invoke/hello',
          http: ['http://127.0.0.1:4000/hello'],
        },
        statistics: { cold: { count: 3, medianMs: 61.4 }, warm: { count: 12, medianMs: 0.81 } },
        instances: [
          instanceState('hello', 3, { calls: 4, startedAt: now - 12_000, freedAt: now + 252_000 }),
          instanceState('hello', 4, { phase: 'prewarmed', calls: 0, startedAt: now }),
        ],
      }),
      functionState('nightly', {
        process: { ...defaultProcess, model: 'ephemeral' },
        triggers: [{ kind: 'timer', name: 'every night', config: { cron: '0 0 3 * * *' } }],
        build: {
          state: 'failed',
          message: 'nightly.ts:3:1: Unexpected "}"',
          at: { file: '/p/nightly.ts', line: 3, column: 1 },
        },
      }),
    ];
  };
  const hosts = new Hosts(api, launcher, () => Promise.resolve(true));
  const tree = new FunctionsTree(api, hosts, launcher.clock);
  t.after(() => hosts.dispose());
  t.after(() => tree.dispose());
  await hosts.startAll();
  tree.provider.flush();
  return { hosts, tree, launcher };
}

test('shows functions with what lives of them', async (t) => {
  const { tree } = await setUp(t);
  assert.equal(
    await renderTree(tree.provider, () => true),
    `<lightbulb> hello | resident · 1 live, 1 prewarmed · cold 61 ms · warm 0.8 ms
  <go-to-file> Handler | src/hello.handler · hello.ts
  <home> Process | resident: freed after 5 min without a call
  <dashboard> Limits | 512 MB · time-out 1 min · at most 10 instances
  <graph> Medians | cold 61 ms (3) · warm 0.8 ms (12)
  <globe> URL | http://127.0.0.1:4000/hello
  <lightbulb> #3 · pid 4703 | idle · 4 calls · 12 s old · freed in 4:12
  <circle-large-outline> #4 · pid 4704 | prewarmed, waiting for code · 0 calls · 0 s old
<error> nightly | build failed · ephemeral · off
  <error> Build failed | nightly.ts:3:1: Unexpected "}"
  <go-to-file> Handler | src/nightly.handler · nightly.ts
  <refresh> Process | ephemeral: a new process for every call · switched here; the project says resident
  <dashboard> Limits | 512 MB · time-out 1 min · at most 10 instances
  <graph> Medians | not called yet
  <calendar> Trigger | timer 0 0 3 * * *
  <circle-outline> no instance | the light is off until somebody calls`,
  );
});

test('groups by folder when several have functions', async (t) => {
  const { tree } = await setUp(t, ['/shop', '/mail']);
  assert.equal(
    await renderTree(tree.provider),
    `<root-folder> shop | running
  <lightbulb> hello | resident · 1 live, 1 prewarmed · cold 61 ms · warm 0.8 ms
  <error> nightly | build failed · ephemeral · off
<root-folder> mail | running
  <lightbulb> hello | resident · 1 live, 1 prewarmed · cold 61 ms · warm 0.8 ms
  <error> nightly | build failed · ephemeral · off`,
  );
});

test('redraws only the function that changed, and keeps its row', async (t) => {
  const { tree, hosts, launcher } = await setUp(t);
  const before = (await tree.provider.getChildren()) ?? [];
  const drawn: (Row[] | undefined)[] = [];
  tree.provider.onDidChangeTreeData((rows) => drawn.push(rows));
  hosts.all[0]?.mirror.setFunction(functionState('hello', { queued: 2 }));
  hosts.all[0]?.mirror.setFunction(functionState('hello', { queued: 3 }));
  launcher.clock.advance(100);
  assert.deepEqual(drawn, [[before[0]]]);
  assert.match(await renderTree(tree.provider), /hello \| resident · off · 3 waiting/);
});

test('counts down while it is visible, and only then', async (t) => {
  const { tree, launcher } = await setUp(t);
  const [hello] = (await tree.provider.getChildren()) ?? [];
  const instance = ((await tree.provider.getChildren(hello)) ?? []).find(
    (row) => row.content().context === 'instance',
  );
  const drawn: (Row[] | undefined)[] = [];
  tree.provider.onDidChangeTreeData((rows) => drawn.push(rows));
  launcher.clock.advance(5000);
  assert.deepEqual(drawn, []);
  tree.setVisible(true);
  launcher.clock.advance(1200);
  assert.deepEqual(drawn, [[instance]]);
  assert.match(instance?.content().description ?? '', /freed in 4:0\d/);
  tree.setVisible(false);
  launcher.clock.advance(5000);
  assert.equal(drawn.length, 1);
});
