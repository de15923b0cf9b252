import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Row } from '../../../extension/views/row.ts';
import { renderTree } from '../../support/renderTree.ts';
import { invocationBy, openPorchlight, until, type Opened } from '../porchlight.ts';

suite('Functions, invocations and inline values', () => {
  let opened: Opened;
  const run = (command: string, argument?: unknown) =>
    vscode.commands.executeCommand(`porchlight.${command}`, argument);
  const invokeHello = () => invocationBy(opened.host, 'hello', () => run('invoke', { function: 'hello' }));

  suiteSetup(async () => {
    opened = await openPorchlight();
  });

  test('the functions of every project file are listed', async () => {
    const tree = await renderTree(opened.api.trees.functions.provider);
    const names = tree.split('\n').map((line) => line.replace(/^<[\w-]+> /, '').split(' | ')[0]);
    assert.deepEqual(names.sort(), [
      'OrdersFunction',
      'StockReportFunction',
      'announce-parcels',
      'closing-list',
      'count',
      'counter',
      'counter-per-request',
      'digest-go',
      'digest-node',
      'digest-python',
      'guestbook',
      'hello',
      'notes',
      'order-events',
      'report-at-once',
      'report-in-turn',
      'sales-of-shop',
      'shop',
      'shortener',
      'slug',
      'verification-code',
      'visits-reconnecting',
      'visits-reusing',
      'word-count',
      'word-count-fc',
    ]);
  });

  test('an invocation appears with phases that add up to its time', async () => {
    const summary = await invokeHello();
    assert.equal(summary.status, 'ok');
    assert.equal(summary.startKind, 'cold');
    const sumMs = summary.phases.reduce((sum, phase) => sum + phase.durationUs, 0) / 1000;
    assert.ok(
      Math.abs(sumMs - summary.wallMs) <= summary.wallMs * 0.05,
      `${sumMs} ms of ${summary.wallMs} ms`,
    );
    const { provider } = opened.api.trees.invocations;
    const [row] = (await provider.getChildren()) ?? [];
    assert.match(row?.content().description ?? '', /^ok · cold · [\d.]+ m?s · GET \/hello · \d\d:\d\d:\d\d$/);
    const details = ((await provider.getChildren(row)) ?? []).map((child: Row) => child.content().label);
    assert.deepEqual(details, ['Event', 'Result', 'Phases', 'Log']);
    const tree = await renderTree(provider, (label) => label === 'hello');
    for (const phase of ['spawn', 'boot', 'load', 'init', 'handler'])
      assert.match(tree, new RegExp(`⣿.* \\| ${phase} `));
    assert.match(tree, /call 1 of this process, greeting world \| index\.js:\d+/);
  });

  test('the result opens as a read-only document', async () => {
    const [latest] = opened.host.mirror.invocations;
    const argument = { invocation: latest?.id, folder: opened.host.folder.path, body: 'result' };
    await run('internal.openBody', argument);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'porchlight');
    assert.equal(editor?.document.languageId, 'json');
    assert.match(editor?.document.getText() ?? '', /"message": "Hello, world!"/);
  });

  test('log values stand at the end of the line that printed them', async () => {
    const uri = vscode.Uri.joinPath(opened.folder.uri, 'hello-fc', 'index.js');
    const { document } = await vscode.window.showTextDocument(uri);
    const marks = () =>
      opened.api.inlineLogs
        .marks(document)
        .map(({ line, text }) => [document.lineAt(line).text.trim(), text]);
    const expected = [
      'console.log(`call ${calls} of this process, greeting ${name}`);',
      'call 1 of this process, greeting world',
    ];
    assert.deepEqual(marks().at(-1), expected);
    const summary = await invokeHello();
    assert.equal(summary.startKind, 'warm');
    // Lines may be told after the end.
    await until(
      opened.host.mirror.onDidChange,
      () => marks().at(-1)?.[1] === 'call 2 of this process, greeting world',
    );
    const mark = opened.api.inlineLogs.marks(document).at(-1)!;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), '\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(opened.api.inlineLogs.marks(document).at(-1)?.line, mark.line + 1);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('the functions view shows the live instance and the medians', async () => {
    const tree = await renderTree(opened.api.trees.functions.provider, (label) => label === 'hello');
    assert.match(tree, /hello \| resident · 1 live · cold [\d.]+ m?s · warm [\d.]+ ms/);
    assert.match(tree, /#1 · pid \d+ \| idle.* · 2 calls · .* · freed in \d+:\d\d/);
  });

  test('the process model is switched from the view', async () => {
    const model = () => opened.host.mirror.function('hello')?.process.model;
    await run('switchProcessModel', { function: 'hello' });
    await until(opened.host.mirror.onDidChange, () => model() === 'ephemeral');
    assert.deepEqual([(await invokeHello()).startKind, (await invokeHello()).startKind], ['cold', 'cold']);
    await run('switchProcessModel', { function: 'hello' });
    await until(opened.host.mirror.onDidChange, () => model() === 'resident');
  });

  test('a past invocation is invoked again with its event', async () => {
    const past = opened.host.mirror.invocations.at(-1);
    const again = await invocationBy(opened.host, 'hello', () =>
      run('rerunInvocation', { invocation: past?.id, folder: opened.host.folder.path }),
    );
    assert.equal(again.status, 'ok');
    assert.deepEqual([again.label, again.replayOf, again.trigger], ['GET /hello', past?.id, 'http']);
  });

  test('a host that is killed is replaced, and the history stays', async () => {
    const { host } = opened;
    const ids = host.mirror.invocations.map(({ id }) => id);
    const before = host.state.kind === 'running' ? host.state.pid : 0;
    process.kill(before, 'SIGKILL');
    await until(host.onDidChangeState, () => host.state.kind === 'running' && host.state.pid !== before);
    assert.deepEqual(
      host.mirror.invocations.map(({ id }) => id),
      ids,
    );
    assert.equal((await invokeHello()).status, 'ok');
  });
});
