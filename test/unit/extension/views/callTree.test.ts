import assert from 'node:assert/strict';
import test from 'node:test';
import type * as vscode from 'vscode';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { InvocationFilter } from '../../../../extension/presentation/invocationFilter.ts';
import { InvocationSelection } from '../../../../extension/presentation/invocationSelection.ts';
import { bindInvocationsView, InvocationsTree } from '../../../../extension/views/invocationsView.ts';
import type { Row } from '../../../../extension/views/row.ts';
import type { InvocationRecord } from '../../../../runtime/model/invocationRecord.ts';
import { Emitter } from '../../../../runtime/support/emitter.ts';
import { FakeLauncher, settle, summaryOf } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';
import { renderTree } from '../../../support/renderTree.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

const noon = new Date(2026, 10, 23, 12, 0, 0).getTime();
const record = (id: string, second: number, changes: Partial<InvocationRecord> = {}): InvocationRecord =>
  recordOf(id, { function: id, receivedAt: noon + second * 1000, phases: [], ...changes });

/** The tree over these invocations, given as the host lists them: newest first. */
async function setUp(t: { after(run: () => void): void }, records: InvocationRecord[]) {
  const mock = vscodeMock();
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => {
    host.recent = records.map(summaryOf);
    for (const one of records) host.records.set(one.id, one);
  };
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const filter = new InvocationFilter();
  const tree = new InvocationsTree(mock.api, hosts, filter, launcher.clock);
  t.after(() => hosts.dispose());
  t.after(() => tree.dispose());
  await hosts.startAll();
  launcher.clock.advance(1000);
  return { tree, filter, launcher, host: launcher.launched[0]!, folder: hosts.all[0]!.folder.path };
}

/** Only rows of invocations and of callers, with everything opened. */
async function drawn(tree: InvocationsTree): Promise<string> {
  const all = await renderTree(tree.provider, () => true);
  return all
    .split('\n')
    .filter((line) => /<(pass|error|call-incoming)>/.test(line))
    .join('\n');
}

const chain = [
  record('stock', 3, { parent: 'shop' }),
  record('price', 2, { parent: 'cart' }),
  record('cart', 1, { parent: 'shop', status: 'error' }),
  record('other', 0.5),
  record('shop', 0),
];

test('a call stands below the invocation that made it, in the order of time', async (t) => {
  const { tree } = await setUp(t, chain);
  assert.equal(
    await drawn(tree),
    `<pass> other | ok · warm · 1.7 ms · 12:00:00
<pass> shop | ok · warm · 1.7 ms · 2 calls · 12:00:00
  <error> cart | error · warm · 1.7 ms · 1 call · 12:00:01
    <call-incoming> Called by shop | 12:00:00
    <pass> price | ok · warm · 1.7 ms · 12:00:02
      <call-incoming> Called by cart | 12:00:01
  <pass> stock | ok · warm · 1.7 ms · 12:00:03
    <call-incoming> Called by shop | 12:00:00`,
  );
});

test('calls lie between the event that came in and the result that went out', async (t) => {
  const { tree } = await setUp(t, chain);
  const [, shop] = (await tree.provider.getChildren()) ?? [];
  const rows = (await tree.provider.getChildren(shop)) ?? [];
  assert.deepEqual(
    rows.map((row) => row.content().label),
    ['Event', 'cart', 'stock', 'Result', 'Log'],
  );
  assert.equal(tree.provider.getParent(rows[1]!), shop);
});

test('a filter finds calls wherever they are: they are listed flat', async (t) => {
  const { tree, filter, host } = await setUp(t, chain);
  host.answers.queryInvocations = () => [chain[2], chain[4]].map((one) => summaryOf(one!));
  filter.set({ text: 'x' });
  await settle();
  assert.equal(
    await drawn(tree),
    `<error> cart | error · warm · 1.7 ms · 12:00:01
  <call-incoming> Called by shop | 12:00:00
<pass> shop | ok · warm · 1.7 ms · 12:00:00`,
  );
  filter.set({});
  assert.match(await drawn(tree), /^<pass> shop .*\n {2}<error> cart/m);
});

test('a caller that is not listed or not known, and callers in a circle, break nothing', async (t) => {
  const rows = [
    record('own', 5, { parent: 'own' }),
    record('b', 4, { parent: 'a' }),
    record('a', 4, { parent: 'b' }),
    record('c', 3, { parent: 'b' }),
    record('late', 2, { parent: 'older' }),
    record('orphan', 1, { parent: 'gone' }),
  ];
  const { tree, host } = await setUp(t, rows);
  host.records.set('older', record('older', 0));
  assert.equal(
    await drawn(tree),
    `<pass> own | ok · warm · 1.7 ms · 12:00:05
  <call-incoming> Called by own | 12:00:05
<pass> b | ok · warm · 1.7 ms · 12:00:04
  <call-incoming> Called by a | 12:00:04
<pass> a | ok · warm · 1.7 ms · 12:00:04
  <call-incoming> Called by b | 12:00:04
<pass> c | ok · warm · 1.7 ms · 12:00:03
  <call-incoming> Called by b | 12:00:04
<pass> late | ok · warm · 1.7 ms · 12:00:02
  <call-incoming> Called by older | 12:00:00
<pass> orphan | ok · warm · 1.7 ms · 12:00:01
  <call-incoming> Called by an invocation that is no longer recorded`,
  );
});

test('a call that comes while its caller runs appears below it', async (t) => {
  const { tree, launcher, host } = await setUp(t, [record('shop', 0, { status: 'running' })]);
  await tree.provider.getChildren();
  host.mirror?.setInvocation(summaryOf(record('stock', 1, { parent: 'shop' })));
  launcher.clock.advance(100);
  assert.match(
    await renderTree(tree.provider, (label) => label === 'shop'),
    / 1 call .*\n(.*\n)* {2}<pass> stock/,
  );
});

test('the caller is revealed by its row, also when a filter hides it', async (t) => {
  const { tree, filter, host, folder } = await setUp(t, chain);
  const revealed: Row[] = [];
  const view = {
    visible: true,
    onDidChangeSelection: new Emitter<never>().event,
    reveal: (row: Row) => Promise.resolve(void revealed.push(row)),
  } as unknown as vscode.TreeView<Row>;
  const selection = new InvocationSelection();
  const bound = bindInvocationsView(view, tree, selection, filter);
  t.after(() => bound.dispose());
  host.answers.queryInvocations = () => [summaryOf(chain[2]!)];
  filter.set({ text: 'x' });
  await settle();
  const [cart] = (await tree.provider.getChildren()) ?? [];
  const details = (await tree.provider.getChildren(cart)) ?? [];
  const caller = details.find((row) => row.content().icon?.id === 'call-incoming');
  assert.deepEqual(caller?.content().command?.argument, { invocation: 'shop', folder });
  selection.reveal({ folder, id: 'shop' });
  assert.deepEqual([revealed.length, filter.active], [0, true]);
  selection.reveal({ folder, id: 'shop' }, true);
  assert.equal(filter.active, false);
  assert.deepEqual(
    revealed.map((row) => row.content().label),
    ['shop'],
  );
});
