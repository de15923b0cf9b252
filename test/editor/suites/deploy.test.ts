// @alone
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openPorchlight, until, type Opened } from '../porchlight.ts';
import { renderTree } from '../../support/renderTree.ts';

suite('Deploying to the local target', () => {
  let opened: Opened;
  const questions: string[] = [];
  const run = (command: string, argument?: unknown) =>
    vscode.commands.executeCommand(`porchlight.${command}`, argument);
  const hello = async () => {
    const api = await opened.host.api();
    return (await api.listDeployed('local')).find((item) => item.function === 'hello');
  };
  const versions = async () =>
    (await hello())?.versions.map(({ version, current }) => (current ? `*${version}` : version));
  const answer = async (): Promise<string> => (await fetch((await hello())?.urls[0] ?? '')).text();

  suiteSetup(async () => {
    opened = await openPorchlight();
    const { dialogs } = opened.api;
    dialogs.confirm = (message, detail) => {
      questions.push(`${message} ${detail.split('\n')[0]}`);
      return Promise.resolve(true);
    };
    dialogs.info = () => Promise.resolve(undefined);
    dialogs.error = (message) => {
      questions.push(`error: ${message}`);
      return Promise.resolve(undefined);
    };
  });

  suiteTeardown(async () => {
    await run('serveStop');
  });

  test('shows the plan, asks, deploys and serves the version', async () => {
    await run('deploy', { function: 'hello' });
    assert.match(questions.join('\n'), /^Deploy hello to local\? hello: create \(/);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /# Deploy plan for local/);
    assert.deepEqual(await versions(), ['*1']);
    assert.match(await answer(), /Hello, world!/);
  });

  test('a changed function becomes the next version', async () => {
    const uri = vscode.Uri.joinPath(opened.folder.uri, 'hello-fc', 'index.js');
    const { document } = await vscode.window.showTextDocument(uri);
    const at = document.getText().indexOf("?? 'world'");
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, document.positionAt(at + "?? 'world".length), ' again');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(await document.save());
    await run('deploy', { function: 'hello' });
    assert.deepEqual(await versions(), ['*2', '1']);
    assert.match(await answer(), /Hello, world again!/);
  });

  test('rolls back to the version before', async () => {
    opened.api.dialogs.pick = async (choices) =>
      (await choices).find((choice) => choice.value !== undefined)?.value;
    await run('rollBack', { function: 'hello' });
    assert.match(questions.at(-1) ?? '', /^Roll hello back to version 1\?/);
    assert.deepEqual(await versions(), ['2', '*1']);
    assert.match(await answer(), /Hello, world!/);
  });

  test('the Deployed view lists target, function and versions', async () => {
    const tree = await renderTree(opened.api.trees.deployed.provider, () => true);
    assert.match(
      tree,
      /^<vm-running> local \| serving at http:\S+ \(pid \d+\)\n {2}<symbol-function> hello \| version 1 · http:\S+\n {4}<history> version 2 \| verified · .*\n {4}<pass-filled> version 1 \| current · verified · /,
    );
  });

  test('serving is stopped and started', async () => {
    await run('serveStop');
    assert.equal(opened.host.mirror.serve?.running, false);
    await run('serveStart');
    assert.equal(opened.host.mirror.serve?.running, true);
    assert.match(await answer(), /Hello, world!/);
  });

  test('what happens on the target is seen beside what happens here, as long as it is followed', async () => {
    const { host, api } = opened;
    api.dialogs.input = (options) => Promise.resolve(options.value);
    const place = { function: 'hello', target: 'local' };
    await run('followDeployed', place);
    const tree = await renderTree(api.trees.deployed.provider, (label) => label === 'local');
    assert.match(tree, /<eye> hello \| version 1 · following · http/);
    await answer();
    const served = await until(host.remote.onDidChange, () =>
      host.remote.invocations.find(({ status, called }) => status === 'ok' && !called),
    );
    await run('invokeDeployed', place);
    const called = host.remote.invocations.find((one) => one.called);
    assert.ok(called && called.id !== served.id);
    // Its lines come by the log, and make no second row.
    await until(host.remote.onDidChange, () =>
      host.remote.invocations.find(({ id, logs }) => id === called.id && logs.length > 0),
    );
    assert.equal(host.remote.invocations.filter(({ id }) => id === called.id).length, 1);
    const rows = await renderTree(api.trees.invocations.provider, () => false);
    assert.match(rows, /^<vm> hello \| local · ok · .* · called from here · /m);
    const known = host.mirror.invocations.map(({ id }) => id);
    assert.ok(!known.includes(called.id), 'it is not in the history');
    await run('replayLocally', { ...place, folder: opened.folder.uri.fsPath, invocation: called.id });
    await until(host.mirror.onDidChange, () =>
      host.mirror.invocations.find(({ id, status }) => !known.includes(id) && status === 'ok'),
    );
    await run('stopFollowing', place);
    await until(host.remote.onDidChange, () => host.remote.follows.length === 0);
  });

  test('what is deployed is called, and removed', async () => {
    const { dialogs } = opened.api;
    dialogs.input = (options) => Promise.resolve(options.value);
    const argument = { function: 'hello', target: 'local' };
    await run('invokeDeployed', argument);
    const shown = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(shown, /^# hello on local\n\n- Version: 1\n- Status: ok\n/);
    assert.match(shown, /Hello, world!/);
    await run('removeDeployed', argument);
    assert.match(questions.at(-1) ?? '', /^Remove hello from local\? Its versions go: 2, 1\./);
    assert.equal(await hello(), undefined);
  });
});
