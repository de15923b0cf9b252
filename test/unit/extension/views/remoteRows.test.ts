import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { InvocationFilter } from '../../../../extension/presentation/invocationFilter.ts';
import { letsThrough } from '../../../../extension/presentation/remoteFilter.ts';
import { InvocationsTree } from '../../../../extension/views/invocationsView.ts';
import { RemoteRow } from '../../../../extension/views/remoteRow.ts';
import type { Row } from '../../../../extension/views/row.ts';
import type { LogEntry } from '../../../../runtime/model/invocationRecord.ts';
import { FakeLauncher, functionState, settle, summaryOf } from '../../../support/fakeHosts.ts';
import { bodyOf, recordOf, remoteOf } from '../../../support/records.ts';
import { renderTree } from '../../../support/renderTree.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

const at = (second: number): number => new Date(2026, 10, 23, 12, 4, second).getTime();
const entry = (text: string, changes: Partial<LogEntry> = {}): LogEntry => ({
  ...{ t: 1500, level: 'info', text, stream: 'stdout' },
  ...changes,
});

const failed = remoteOf('r-1', {
  ...{ startedAt: at(6), status: 'error', startKind: 'cold', instance: '2026/11/23/[7]aa', version: '7' },
  ...{ durationMs: 12.34, initMs: 165, billedMs: 178, memoryMB: 128, maxMemoryMB: 64.6 },
  error: {
    ...{ type: 'TypeError', message: 'no name', at: { file: '/p/src/a.js', line: 3, column: 5 } },
    stack: ['TypeError: no name', '    at h (/p/src/a.js:3:5)', '    at g (/var/task/node_modules/x.js:1:1)'],
  },
  logs: [
    entry('START RequestId: r-1 Version: 7', { t: 0, stream: 'platform' }),
    entry('no name', { level: 'error', stream: 'stderr', at: { file: '/p/src/a.js', line: 3, column: 5 } }),
  ],
});

async function setUp(t: TestContext) {
  const mock = vscodeMock();
  const launcher = new FakeLauncher();
  const local = [recordOf('l-1', { receivedAt: at(5) }), recordOf('l-2', { receivedAt: at(7) })];
  launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
    host.recent = local.map(summaryOf).reverse();
    host.answers.queryInvocations = () => local.map(summaryOf).reverse();
    host.answers.followRemoteLogs = (...args: unknown[]) =>
      new Promise((_resolve, reject) => {
        (args[4] as AbortSignal).addEventListener('abort', () => reject(new Error('aborted')));
      });
  };
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const filter = new InvocationFilter();
  const tree = new InvocationsTree(mock.api, hosts, filter, launcher.clock);
  t.after(() => hosts.dispose());
  t.after(() => tree.dispose());
  await hosts.startAll();
  const drawn: (Row[] | undefined)[] = [];
  tree.provider.onDidChangeTreeData((rows) => drawn.push(rows));
  const { remote } = hosts.all[0]!;
  const labels = async () => renderTree(tree.provider, () => false);
  const roots = async () => (await tree.provider.getChildren()) ?? [];
  return { mock, tree, remote, launcher, filter, drawn, labels, roots };
}

test('invocations of targets stand among those of this machine, told apart at once', async (t) => {
  const { remote, labels, drawn, launcher, roots } = await setUp(t);
  remote.add([failed, remoteOf('r-2', { target: 'local', startedAt: at(8), called: true })]);
  launcher.clock.advance(200);
  assert.ok(drawn.length > 0);
  assert.equal(
    await labels(),
    `<vm> hello | local · ok · called from here · 12:04:08
<pass> hello | ok · warm · 1.7 ms · 12:04:07
<cloud> hello | prod · error · cold · 12 ms · 12:04:06
<pass> hello | ok · warm · 1.7 ms · 12:04:05`,
  );
  const spoken = (await roots()).map((row) => row.content().spoken);
  assert.equal(spoken[2], 'Invocation of hello on target prod: error, cold, 12 ms, 12:04:06');
});

test('a row has what the target told, with its log and the way to the source', async (t) => {
  const { remote, tree, roots } = await setUp(t);
  remote.add([failed]);
  const row = (await roots()).find((one) => one instanceof RemoteRow)!;
  assert.equal(
    await renderTree(tree.provider, () => true).then((text) =>
      text.slice(text.indexOf('<cloud>'), text.lastIndexOf('\n<pass>')),
    ),
    `<cloud> hello | prod · error · cold · 12 ms · 12:04:06
  <error> TypeError | no name
    <debug-stackframe> h | a.js:3
    <debug-stackframe> g | x.js:1
  <clock> Duration | 12 ms in the handler · 165 ms of initialization · 178 ms billed
  <chip> Memory | 65 of 128 MB
  <tag> Version | 7
  <server-process> Instance | 2026/11/23/[7]aa
  <output> Log | 2 lines
    <cloud> START RequestId: r-1 Version: 7 | 0.0 ms
    <error> no name | a.js:3 · 1.5 ms`,
  );
  const [error] = row.children();
  const frames = await error!.children();
  assert.deepEqual(
    frames.map((frame) => frame.content().command?.id),
    ['porchlight.internal.openSource', undefined],
    'what lies elsewhere cannot be opened',
  );
  assert.match(row.content().tooltip ?? '', /\| Request id \| `r-1` \|/);
});

test('only what can be done with it is offered', async (t) => {
  const { remote, roots } = await setUp(t);
  const event = bodyOf('{"a":1}');
  remote.add([
    failed,
    remoteOf('r-2', { startedAt: at(9), event }),
    remoteOf('r-3', { startedAt: at(10), event, function: 'gone' }),
    remoteOf('r-4', { startedAt: at(11), event: { ...event, truncated: true } }),
  ]);
  assert.deepEqual(
    (await roots()).map((row) => row.content().context),
    [
      'remoteInvocation',
      'remoteInvocation',
      'remoteInvocation event',
      'invocation ended',
      'remoteInvocation failed',
      'invocation ended',
    ],
  );
});

test('one that has not ended runs as long as its log is followed', async (t) => {
  const { remote, labels } = await setUp(t);
  remote.add([remoteOf('r', { status: 'running', startedAt: at(9), called: true, logsCut: true })]);
  assert.match(await labels(), /^<cloud> hello \| prod · end not told · called from here · 12:04:09\n/);
  const following = remote.start({ target: 'prod', function: 'hello' });
  await settle();
  assert.match(await labels(), /^<cloud> hello \| prod · running · /);
  remote.stop({ target: 'prod', function: 'hello' });
  await following;
});

test('rows are kept while they change', async (t) => {
  const { remote, roots } = await setUp(t);
  remote.add([remoteOf('r', { status: 'running', startedAt: at(9) })]);
  const [before] = await roots();
  remote.add([remoteOf('r', { startedAt: at(9), durationMs: 3 })]);
  const [after] = await roots();
  assert.equal(after, before);
  assert.match(after!.content().description ?? '', /^prod · ok · 3\.0 ms · /);
});

test('the filter knows where an invocation happened', async (t) => {
  const { remote, filter, labels, launcher } = await setUp(t);
  remote.add([failed]);
  filter.set({ where: 'remote' });
  await settle();
  assert.equal(await labels(), '<cloud> hello | prod · error · cold · 12 ms · 12:04:06');
  assert.equal(filter.describe(), 'on targets');
  assert.deepEqual(
    launcher.launched[0]!.calls.filter(([name]) => name === 'queryInvocations'),
    [],
  );
  filter.set({ where: 'here' });
  await settle();
  assert.equal((await labels()).split('\n').length, 2);
  const [query] = launcher.launched[0]!.calls.filter(([name]) => name === 'queryInvocations');
  assert.deepEqual(query![1], { limit: 200 }, 'a word of the view, not of the history');
});

test('the other conditions hold for both', () => {
  const now = at(30);
  const passes = (conditions: Parameters<typeof letsThrough>[0]) => letsThrough(conditions, failed, now);
  for (const conditions of [
    {},
    { function: 'hello', status: 'error', startKind: 'cold' },
    { text: 'NAME prod' },
    { text: 'r-1' },
    { withinMs: 60_000 },
    { loggedAt: { file: '/p/src/a.js', line: 3 } },
  ] as const)
    assert.ok(passes(conditions), JSON.stringify(conditions));
  for (const conditions of [
    { function: 'other' },
    { status: 'ok' },
    { startKind: 'warm' },
    { text: 'name missing' },
    { withinMs: 1000 },
    { loggedAt: { file: '/p/src/a.js', line: 4 } },
    { where: 'here' },
  ] as const)
    assert.ok(!passes(conditions), JSON.stringify(conditions));
});
