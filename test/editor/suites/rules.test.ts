// @workspace test/fixtures/handlerRules
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeActions } from '../codeActions.ts';

const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;

const ours = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'porchlight');

/** The rules that speak of a file, in order; diagnostics link to their pages. */
const codes = (uri: vscode.Uri): string[] =>
  ours(uri).map(({ code }) => String(typeof code === 'object' ? code.value : code));

function until(test: () => boolean, on: (look: () => void) => vscode.Disposable): Promise<void> {
  return new Promise((resolve) => {
    const subscription = on(look);
    function look(): void {
      if (!test()) return;
      subscription.dispose();
      resolve();
    }
    look();
  });
}

const toldOf = (uri: vscode.Uri, expected: string[]): Promise<void> =>
  until(
    () => JSON.stringify(codes(uri)) === JSON.stringify(expected),
    (look) => vscode.languages.onDidChangeDiagnostics(look),
  );

suite('Rules about handler code', () => {
  const all = ['client-in-handler', 'process-exit', 'not-awaited', 'env-not-given'];
  let document: vscode.TextDocument;

  suiteSetup(async () => {
    await vscode.extensions.getExtension('porchlight.porchlight')!.activate();
  });

  setup(async () => {
    document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), 'index.js'));
    await vscode.window.showTextDocument(document);
    await toldOf(document.uri, all);
  });

  teardown(async () => {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('findings stand at their places, and a fix mends one', async () => {
    const [client] = ours(document.uri);
    assert.equal(document.getText(client!.range), 'new S3Client');
    assert.equal(client!.severity, vscode.DiagnosticSeverity.Warning);
    const fix = (await codeActions(document.uri, client!.range)).find(({ title }) =>
      title.startsWith('Make s3 once'),
    );
    assert.ok(fix?.edit && fix.isPreferred);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await toldOf(document.uri, all.slice(1));
    assert.match(document.getText(), /^const s3 = new S3Client\(\{\}\);\n\nexports\.handler/m);
  });

  test('a comment silences a rule on its line', async () => {
    const exit = ours(document.uri)[1]!;
    const ignore = (await codeActions(document.uri, exit.range)).find(
      ({ title }) => title === 'Ignore process-exit on this line',
    );
    assert.ok(ignore?.edit);
    assert.ok(await vscode.workspace.applyEdit(ignore.edit));
    await toldOf(document.uri, ['client-in-handler', 'not-awaited', 'env-not-given']);
  });

  test('the setting turns a rule off', async () => {
    const settings = vscode.workspace.getConfiguration('porchlight');
    await settings.update('rules', { 'process-exit': 'off' }, vscode.ConfigurationTarget.Global);
    await toldOf(document.uri, ['client-in-handler', 'not-awaited', 'env-not-given']);
    await settings.update('rules', undefined, vscode.ConfigurationTarget.Global);
    await toldOf(document.uri, all);
  });

  test('the explanation opens in the preview', async () => {
    const code = ours(document.uri)[2]!.code;
    assert.ok(typeof code === 'object');
    const page = await vscode.workspace.fs.readFile(code.target);
    assert.match(String(page), /^# Nothing waits for this work/);
    const explain = (await codeActions(document.uri, ours(document.uri)[2]!.range)).find(
      ({ title }) => title === 'Explain not-awaited',
    );
    const { command, arguments: given } = explain!.command!;
    await vscode.commands.executeCommand(command, ...((given ?? []) as unknown[]));
    const isPreview = (tab: vscode.Tab): boolean =>
      tab.input instanceof vscode.TabInputWebview && /markdown\.preview/.test(tab.input.viewType);
    const previews = (): vscode.Tab[] =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isPreview));
    await until(
      () => previews().some(({ label }) => label.includes('not-awaited.md')),
      (look) => vscode.window.tabGroups.onDidChangeTabs(look),
    );
    await vscode.window.tabGroups.close(previews());
  });

  test('the event gets bytes or a type only where one can be found', async () => {
    const at = document.positionAt(document.getText().indexOf('(event)') + 2);
    const titles = (await codeActions(document.uri, new vscode.Range(at, at))).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => title.startsWith('Give the event')),
      [],
    );
  });
});
