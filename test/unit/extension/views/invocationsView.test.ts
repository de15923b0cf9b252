import assert from 'node:assert/strict';
import test from 'node:test';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { InvocationFilter } from '../../../../extension/presentation/invocationFilter.ts';
import { InvocationsTree } from '../../../../extension/views/invocationsView.ts';
import { pageSize } from '../../../../extension/views/invocationList.ts';
import type { Row } from '../../../../extension/views/row.ts';
import type { InvocationRecord, LogEntry } from '../../../../runtime/model/invocationRecord.ts';
import { FakeLauncher, functionState, settle, summaryOf } from '../../../support/fakeHosts.ts';
import { bodyOf, recordOf } from '../../../support/records.ts';
import { renderTree } from '../../../support/renderTree.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

const log = (text: string, changes: Partial<LogEntry> = {}): LogEntry => ({
  t: 9500,
  level: 'info',
  text,
  stream: 'stdout',
  ...changes,
});

const cold = recordOf('c0ffee', {
  receivedAt: new Date(2026, 10, 23, 12, 4, 5).getTime(),
  startKind: 'cold',
  label: 'GET /hello?name=x',
  wallMs: 84.2,
  phases: [
    { name: 'queue', startUs: 0, durationUs: 200 },
    { name: 'spawn', startUs: 200, durationUs: 20_000 },
    { name: 'load', startUs: 20_200, durationUs: 40_000 },
    { name: 'handler', startUs: 60_200, durationUs: 24_000 },
  ],
  notes: ['new instance because the code changed'],
  logs: [
    log('hello x', { at: { file: '/p/src/hello.ts', line: 7, column: 3 } }),
    log('careful', { level: 'warn' }),
  ],
  logCount: 2,
  event: bodyOf('{ "name": "x" }'),
});

const failed = recordOf('bad', {
  receivedAt: cold.receivedAt + 1000,
  status: 'error',
  error: {
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'name')",
    stack: [
      'TypeError: no name',
      'at greet (/p/src/hello.ts:12:7)',
      'at async handler (/p/src/hello.ts:7:3)',
      'at native',
    ],
    at: { file: '/p/src/hello.ts', line: 12, column: 7 },
  },
  result: bodyOf('{"errorType":"TypeError"}'),
});

async function setUp(t: { after(run: () => void): void }, records: InvocationRecord[]) {
  const mock = vscodeMock();
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
    host.recent = records.map(summaryOf);
    for (const record of records) host.records.set(record.id, record);
  };
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const filter = new InvocationFilter();
  const tree = new InvocationsTree(mock.api, hosts, filter, launcher.clock);
  t.after(() => hosts.dispose());
  t.after(() => tree.dispose());
  await hosts.startAll();
  const mirror = hosts.all[0]!.mirror;
  const drawn: (Row[] | undefined)[] = [];
  tree.provider.onDidChangeTreeData((rows) => drawn.push(rows));
  launcher.clock.advance(1000);
  drawn.length = 0;
  return { hosts, tree, launcher, filter, mirror, drawn, host: launcher.launched[0]! };
}

test('shows a cold invocation with its phases, log, event and result', async (t) => {
  const { tree } = await setUp(t, [cold]);
  assert.equal(
    await renderTree(tree.provider, (label) => label === 'hello'),
    `<pass> hello | ok · cold · 84 ms · GET /hello?name=x · 12:04:05
  <info> new instance because the code changed
  <arrow-right> Event | { "name": "x" } · 15 B
  <arrow-left> Result | {"ok":true} · 11 B
  <clock> Phases | 84 ms in all, longest load 40 ms
    ⣿⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀ | queue 0.2 ms
    ⣿⣿⣿⣀⣀⣀⣀⣀⣀⣀⣀⣀ | spawn 20 ms
    ⣀⣀⣀⣿⣿⣿⣿⣿⣿⣀⣀⣀ | load 40 ms
    ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣿⣿⣿ | handler 24 ms
  <output> Log | 2 lines
    <circle-small> hello x | hello.ts:7 · 9.5 ms
    <warning> careful | 9.5 ms`,
  );
});

test('shows a failed invocation with its stack', async (t) => {
  const { tree } = await setUp(t, [failed]);
  assert.equal(
    await renderTree(tree.provider, (label) => label === 'hello'),
    `<error> hello | error · warm · 1.7 ms · 12:04:06
  <error> TypeError | Cannot read properties of undefined (reading 'name')
    <debug-stackframe> greet | hello.ts:12
    <debug-stackframe> async handler | hello.ts:7
    <debug-stackframe> at native
  <arrow-right> Event | {} · 2 B
  <arrow-left> Result | {"errorType":"TypeError"} · 25 B
  <clock> Phases | 1.6 ms in all, longest handler 1.5 ms
    ⣀⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿ | handler 1.5 ms
  <output> Log | nothing printed`,
  );
});

test('shows what would surprise in the cloud; a click opens the line', async (t) => {
  const surprising = recordOf('late', {
    warnings: [
      { kind: 'openWork', text: 'A timer was open.', at: { file: '/p/src/hello.ts', line: 9, column: 3 } },
      { kind: 'carriedState', text: '`seen` held what `x` left.', from: 'c0ffee' },
    ],
  });
  const { tree } = await setUp(t, [surprising]);
  const text = await renderTree(tree.provider, (label) => label === 'hello');
  assert.match(text, /^<pass> hello \| ok · warm · 1\.7 ms · left work open · /);
  assert.match(
    text,
    /\n  <warning> A timer was open\. \| hello\.ts:9\n  <history> `seen` held what `x` left\.\n/,
  );
  const [row] = (await tree.provider.getChildren()) ?? [];
  const [warning] = (await tree.provider.getChildren(row)) ?? [];
  assert.deepEqual(
    (warning?.content().command?.argument as { position: unknown }).position,
    surprising.warnings?.[0]?.at,
  );
});

test('stack frames and log lines open their source', async (t) => {
  const { tree } = await setUp(t, [failed]);
  const [row] = (await tree.provider.getChildren()) ?? [];
  const [error] = (await tree.provider.getChildren(row)) ?? [];
  const frames = (await tree.provider.getChildren(error)) ?? [];
  const lines = frames.map(
    (frame) =>
      (frame.content().command?.argument as { position: { line: number } } | undefined)?.position.line,
  );
  assert.deepEqual(lines, [12, 7, undefined]);
});

test('a screen reader gets what the source lines show: level, text and place', async (t) => {
  const { tree } = await setUp(t, [failed, cold]);
  const spoken: (string | undefined)[] = [];
  for (const row of (await tree.provider.getChildren()) ?? []) {
    for (const detail of (await tree.provider.getChildren(row)) ?? []) {
      if (detail.id.endsWith('/error')) spoken.push(labelOf(detail));
      if (!detail.id.endsWith('/log')) continue;
      for (const line of (await tree.provider.getChildren(detail)) ?? []) spoken.push(labelOf(line));
    }
  }
  function labelOf(row: Row): string | undefined {
    return tree.provider.getTreeItem(row).accessibilityInformation?.label;
  }
  assert.deepEqual(spoken, [
    "TypeError: Cannot read properties of undefined (reading 'name'), hello.ts line 12",
    'info: hello x, hello.ts line 7',
    'warning: careful',
  ]);
});

test('a new invocation appears, progresses and ends in place', async (t) => {
  const { tree, mirror, launcher, drawn } = await setUp(t, [cold]);
  const running = { ...summaryOf(failed), id: 'new', status: 'running' as const, phases: [] };
  delete running.error;
  mirror.setInvocation(running);
  mirror.addLogs('new', [log('working')]);
  launcher.clock.advance(100);
  assert.deepEqual(drawn, [undefined]);
  const rows = (await tree.provider.getChildren()) ?? [];
  assert.deepEqual(
    rows.map((row) => row.content().context),
    ['invocation running', 'invocation ended'],
  );
  assert.match(await renderTree(tree.provider, () => true), /working/);
  mirror.setInvocation({ ...summaryOf(failed), id: 'new' });
  launcher.clock.advance(100);
  assert.deepEqual(drawn.slice(1), [[rows[0]]]);
  assert.equal(rows[0]?.content().context, 'invocation ended failed');
});

test('a replay says what it replays, and leads there', async (t) => {
  const replay = { ...cold, id: 'again', replayOf: cold.id, receivedAt: cold.receivedAt + 1 };
  const lost = { ...replay, id: 'lost', replayOf: 'gone' };
  const { tree } = await setUp(t, [lost, replay, cold]);
  const [first, second] = (await tree.provider.getChildren()) ?? [];
  assert.equal(second?.content().context, 'invocation ended replay');
  assert.match(second?.content().description ?? '', / · replay · /);
  const original = (await second?.children())?.find((row) => row.id.endsWith('/original'));
  assert.equal(original?.content().label, 'Replay of hello');
  assert.deepEqual(original?.content().command?.argument, { invocation: cold.id, folder: '/p' });
  assert.deepEqual(original?.argument, second?.argument, 'its menu compares the replay');
  const unknown = (await first?.children())?.find((row) => row.id.endsWith('/original'));
  assert.equal(unknown?.content().label, 'Replay of an invocation that is no longer recorded');
  assert.equal(unknown?.content().command, undefined);
});

test('log lines of a row nobody opened do not redraw it', async (t) => {
  const { tree, mirror, launcher, drawn } = await setUp(t, [cold]);
  await tree.provider.getChildren();
  mirror.addLogs(cold.id, [log('more')]);
  launcher.clock.advance(1000);
  assert.deepEqual(drawn, []);
});

test('older invocations are loaded on demand', async (t) => {
  const page = Array.from({ length: pageSize }, (_, i) =>
    recordOf(`r${i}`, { receivedAt: cold.receivedAt - i }),
  );
  const { tree, host } = await setUp(t, page);
  const labels = async () => ((await tree.provider.getChildren()) ?? []).map((row) => row.content().label);
  assert.equal((await labels()).at(-1), 'Load more…');
  host.answers.queryInvocations = () => [summaryOf(recordOf('older', { function: 'older', receivedAt: 1 }))];
  await tree.list.loadMore();
  assert.equal((await labels()).at(-1), 'older');
  assert.equal((await labels()).length, pageSize + 1);
});

test('a filter lists what the host finds', async (t) => {
  const { tree, filter, host, launcher, mirror } = await setUp(t, [failed, cold]);
  filter.set({ status: 'error', text: 'mail' });
  await settle();
  assert.deepEqual(host.calls.at(-1), [
    'queryInvocations',
    { status: 'error', text: 'mail', limit: pageSize },
  ]);
  assert.deepEqual(await tree.provider.getChildren(), []);
  const asked = host.calls.length;
  mirror.setInvocation(summaryOf(recordOf('x')));
  mirror.setInvocation(summaryOf(recordOf('y')));
  launcher.clock.advance(300);
  assert.equal(host.calls.length, asked + 1);
  filter.set({});
  assert.equal(((await tree.provider.getChildren()) ?? []).length, 4);
});

test('rows stay readable when the host is gone', async (t) => {
  const { tree, host } = await setUp(t, [cold]);
  host.crash('boom');
  await settle();
  assert.match(await renderTree(tree.provider, () => true), /^<pass> hello \| ok · cold/);
});

test('says which trigger brought an event, and which attempt it is', async (t) => {
  const changes = { trigger: 'timer', triggerName: 'nightly' } as const;
  const { tree } = await setUp(t, [
    recordOf('second', { ...changes, attempt: { number: 2, of: 3 } }),
    recordOf('queued', { ...changes, attempt: { number: 4 } }),
  ]);
  const text = await renderTree(tree.provider, () => true);
  assert.match(text, /<zap> Trigger \| timer nightly · attempt 2 of 3\n/);
  assert.match(text, /<zap> Trigger \| timer nightly · attempt 4\n/);
});
