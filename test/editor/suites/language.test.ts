import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeActions } from '../codeActions.ts';

const [folder] = vscode.workspace.workspaceFolders ?? [];

const fileIn = (path: string): vscode.Uri => vscode.Uri.joinPath(folder!.uri, path);

async function open(path: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileIn(path));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Waits for diagnostics of ours on a document that satisfy a test. */
async function diagnosticsOf(
  uri: vscode.Uri,
  test: (found: vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  const ours = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'porchlight');
  return new Promise((resolve) => {
    const look = (): void => {
      if (!test(ours())) return;
      subscription.dispose();
      resolve(ours());
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

async function replace(document: vscode.TextDocument, before: string, after: string): Promise<void> {
  const start = document.getText().indexOf(before);
  assert.ok(start >= 0, `${before} is not in ${document.fileName}`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(
    document.uri,
    new vscode.Range(document.positionAt(start), document.positionAt(start + before.length)),
    after,
  );
  assert.ok(await vscode.workspace.applyEdit(edit));
}

async function lensTitles(document: vscode.TextDocument): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
  );
  return lenses
    .filter(({ command }) => command?.command.startsWith('porchlight.'))
    .map(
      ({ command, range }) =>
        `${range.start.line + 1} ${command!.title} ${JSON.stringify(command!.arguments)}`,
    );
}

suite('Project files and handlers', () => {
  suiteSetup(async () => {
    await vscode.extensions.getExtension('porchlight.porchlight')!.activate();
  });

  teardown(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  test('Invoke, Debug and Deploy stand above a handler', async () => {
    const document = await open('orders-sam/src/handlers/orders.ts');
    const line =
      document
        .getText()
        .split('\n')
        .findIndex((text) => text.startsWith('export const handler')) + 1;
    const argument = JSON.stringify([{ function: 'OrdersFunction', folder: folder!.uri.fsPath }]);
    assert.deepEqual(
      (await lensTitles(document)).filter((title) => title.endsWith(argument)),
      ['Invoke', 'Debug', 'Deploy'].map((title) => `${line} ${title} ${argument}`),
    );
  });

  test('a wrong export is an error at the handler, and its quick fix mends it', async () => {
    const document = await open('hello-fc/s.yaml');
    await diagnosticsOf(document.uri, (found) => found.length === 0);
    await replace(document, 'handler: index.handler', 'handler: index.handlr');
    const [missing] = await diagnosticsOf(document.uri, (found) => found.length > 0);
    assert.equal(document.getText(missing!.range), 'index.handlr');
    assert.equal(missing!.severity, vscode.DiagnosticSeverity.Error);
    assert.match(
      missing!.message,
      /^Handler 'handlr' is missing on module '.*index\.js'\. Did you mean "handler"\?$/,
    );

    const actions = await codeActions(document.uri, missing!.range);
    const fix = actions.find(({ title }) => title === 'Change to "index.handler"');
    assert.ok(fix?.edit, `only ${actions.map(({ title }) => title).join(', ')}`);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await diagnosticsOf(document.uri, (found) => found.length === 0);
  });

  test('a missing module is an error at the handler', async () => {
    const document = await open('verification-code/porchlight.yaml');
    await replace(document, 'src/handler.handler', 'src/handlr.handler');
    const [missing] = await diagnosticsOf(document.uri, (found) => found.length > 0);
    assert.equal(document.getText(missing!.range), 'src/handlr.handler');
    assert.equal(missing!.message, `Module 'src/handlr' is missing. Did you mean "src/handler"?`);
  });

  test('from the handler string to the code', async () => {
    const document = await open('verification-code/porchlight.yaml');
    const at = document.positionAt(document.getText().indexOf('src/handler.handler') + 4);
    const links = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      at,
    );
    const [target] = links.map((link) => ('targetUri' in link ? link.targetUri : link.uri));
    assert.equal(target?.fsPath, fileIn('verification-code/src/handler.ts').fsPath);
  });

  test('unsaved text counts', async () => {
    const document = await open('hello-fc/index.js');
    assert.ok((await lensTitles(document)).length >= 3);
    await replace(document, 'exports.handler', 'exports.other');
    assert.deepEqual(await lensTitles(document), []);
    const project = fileIn('hello-fc/s.yaml');
    const [missing] = await diagnosticsOf(project, (found) => found.length > 0);
    assert.equal(missing!.code, 'EXPORT_MISSING');
    await vscode.commands.executeCommand('undo');
    await diagnosticsOf(project, (found) => found.length === 0);
  });
});
