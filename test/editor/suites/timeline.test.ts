import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Emitter } from '../../../runtime/support/emitter.ts';
import type { FromPage, ToPage } from '../../../extension/timeline/messages.ts';
import { invocationBy, openPorchlight, until, type Opened } from '../porchlight.ts';

suite('Timeline', () => {
  let opened: Opened;
  const told: ToPage[] = [];
  const heard = new Emitter<void>();
  let ask: (message: FromPage) => void;
  const latest = <T extends ToPage['type']>(type: T) =>
    told.findLast((message): message is ToPage & { type: T } => message.type === type);
  const spans = () => told.flatMap((message) => (message.type === 'spans' ? message.spans : []));

  suiteSetup(async () => {
    opened = await openPorchlight();
  });

  suiteTeardown(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  test('the command opens a tab whose page is fed with what there is', async () => {
    const invoke = () => vscode.commands.executeCommand('porchlight.invoke', { function: 'hello' });
    const before = await invocationBy(opened.host, 'hello', invoke);
    await vscode.commands.executeCommand('porchlight.showTimeline');
    await until(vscode.window.tabGroups.onDidChangeTabs, () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(
          ({ input }) =>
            input instanceof vscode.TabInputWebview && input.viewType.endsWith('porchlight.timeline'),
        ),
    );
    const listening = opened.api.timelines.listen(opened.host, (message) => {
      told.push(message);
      heard.fire();
    });
    assert.ok(listening);
    ask = listening;
    ask({ type: 'ready' });
    await until(heard.event, () => spans().some(({ id }) => id === before.id));
    assert.ok(latest('functions')!.functions.includes('hello'));
    const { lives } = latest('lives')!;
    assert.ok(lives.some(({ id }) => id === before.instance!.id));
  });

  test('a new invocation follows, and choosing one selects it everywhere', async () => {
    const invoke = () => vscode.commands.executeCommand('porchlight.invoke', { function: 'hello' });
    const next = await invocationBy(opened.host, 'hello', invoke);
    await until(heard.event, () => spans().some(({ id, status }) => id === next.id && status === 'ok'));
    assert.equal(latest('selected')?.id, next.id);
    const first = spans().find(({ id }) => id !== next.id)!;
    ask({ type: 'select', id: first.id });
    await until(heard.event, () => opened.api.selection.selected?.id === first.id);
  });

  test('opening one shows its handler beside the timeline', async () => {
    ask({ type: 'open', id: spans()[0]!.id });
    await until(vscode.window.onDidChangeActiveTextEditor, () =>
      vscode.window.activeTextEditor?.document.fileName.endsWith('index.js'),
    );
  });

  test('a load is run, told of and summed up; one that cannot be is refused with the reason', async () => {
    ask({ type: 'load', load: { function: 'hello', invocations: 8, concurrency: 2, event: '{}' } });
    const { result } = await until(heard.event, () => latest('loadEnded'));
    assert.deepEqual([result?.sent, result?.statuses], [8, { ok: 8 }]);
    assert.equal(latest('loadProgress')?.total, 8);
    told.length = 0;
    ask({ type: 'load', load: { function: 'nobody', invocations: 1, concurrency: 1 } });
    const { error } = await until(heard.event, () => latest('loadEnded'));
    assert.match(error ?? '', /nobody/);
  });
});
