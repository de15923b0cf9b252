// @workspace test/fixtures/triggers
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Row } from '../../../extension/views/row.ts';
import { invocationBy, openPorchlight, until, type Opened } from '../porchlight.ts';

suite('Triggers in the Functions view', () => {
  let opened: Opened;

  /** The row of a function's trigger, with the rows below it as text. */
  async function rowOf(name: string, trigger: string): Promise<{ row: Row; below: string[] }> {
    const { provider } = opened.api.trees.functions;
    const functions = (await provider.getChildren()) ?? [];
    const fn = functions.find((row) => row.content().label === name);
    const row = ((await provider.getChildren(fn)) ?? []).find((each) => each.content().label === trigger);
    assert.ok(row, `${name} has a row ${trigger}`);
    const children = (await provider.getChildren(row)) ?? [];
    return {
      row,
      below: children.map((each) => `${each.content().label} ${each.content().description ?? ''}`.trim()),
    };
  }

  suiteSetup(async () => {
    opened = await openPorchlight();
    await until(opened.host.mirror.onDidChange, () => opened.host.mirror.triggers('thumbnails').length > 0);
  });

  test('a timer says when the cloud would fire it, and does not run by itself', async () => {
    const { row, below } = await rowOf('nightly', 'night');
    assert.match(
      row.content().description ?? '',
      /^timer · 0 0 4 \* \* \* \(Asia\/Shanghai\) · not running$/,
    );
    assert.equal(below[0], 'not running only by hand');
    assert.match(below[1] ?? '', /^Next in the cloud \d/);
  });

  test('a schedule that is wrong is marked in its file', async () => {
    const { row } = await rowOf('nightly', 'wrong');
    assert.match(row.content().context ?? '', /^trigger failed/);
    const uri = vscode.Uri.joinPath(opened.folder.uri, 'porchlight.yaml');
    const found = await until(vscode.languages.onDidChangeDiagnostics, () =>
      vscode.languages.getDiagnostics(uri).find(({ message }) => message.startsWith('nightly.wrong.cron')),
    );
    assert.equal(found.range.start.line, 6);
  });

  test('Fire Now sends the event of the platform', async () => {
    const { row } = await rowOf('nightly', 'night');
    const summary = await invocationBy(opened.host, 'nightly', () =>
      vscode.commands.executeCommand('porchlight.fireTrigger', row),
    );
    assert.deepEqual([summary.trigger, summary.triggerName, summary.status], ['timer', 'night', 'ok']);
    await until(opened.host.mirror.onDidChange, () =>
      opened.host.mirror.triggers('nightly').some(({ last }) => last?.status === 'ok'),
    );
    const { below } = await rowOf('nightly', 'night');
    assert.match(below.at(-1) ?? '', /^Fired once .* ok · night by hand$/);
  });

  test('a trigger is started and stopped from its row', async () => {
    const statusOf = () => opened.host.mirror.triggers('broken')[0]?.status;
    const { row } = await rowOf('broken', 'often');
    await vscode.commands.executeCommand('porchlight.startTrigger', row);
    await until(opened.host.mirror.onDidChange, () => statusOf() === 'running');
    assert.match((await rowOf('broken', 'often')).row.content().description ?? '', /running · next /);
    await vscode.commands.executeCommand('porchlight.stopTrigger', row);
    await until(opened.host.mirror.onDidChange, () => statusOf() === 'stopped');
  });

  test('a file that is put into the bucket is an invocation', async () => {
    await until(
      opened.host.mirror.onDidChange,
      () => opened.host.mirror.triggers('thumbnails')[0]?.status === 'running',
    );
    const summary = await invocationBy(opened.host, 'thumbnails', async () => {
      const file = vscode.Uri.joinPath(opened.folder.uri, 'photos', 'in', 'cat.png');
      await vscode.workspace.fs.writeFile(file, Buffer.from('meow'));
    });
    assert.deepEqual([summary.trigger, summary.label], ['storage', 'photos/in/cat.png created']);
  });

  test('a sample is opened in an editor, edited, and sent', async () => {
    opened.api.dialogs.pick = async (choices) =>
      (await choices).find(({ label }) => label === 'SQS messages')?.value;
    await vscode.commands.executeCommand('porchlight.invokeWithSample', { function: 'thumbnails' });
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'porchlight-event');
    const at = editor.document.getText().indexOf('{\\"order\\":17}');
    assert.ok(at > 0, editor.document.getText());
    const range = new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + 14));
    await editor.edit((edit) => edit.replace(range, 'edited'));
    const summary = await invocationBy(opened.host, 'thumbnails', () =>
      vscode.commands.executeCommand('porchlight.sendEvent'),
    );
    assert.equal(summary.label, 'sample sqs');
    const record = await (await opened.host.api()).getInvocation(summary.id);
    assert.match(record?.result?.data ?? '', /"body":"edited"/);
  });
});
