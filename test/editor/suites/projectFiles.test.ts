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

/** Changes a part of a document, and gives the place behind it. */
async function replace(
  document: vscode.TextDocument,
  before: string,
  after: string,
): Promise<vscode.Position> {
  const start = document.getText().indexOf(before);
  assert.ok(start >= 0, `${before} is not in ${document.fileName}`);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length));
  edit.replace(document.uri, range, after);
  assert.ok(await vscode.workspace.applyEdit(edit));
  return document.positionAt(start + after.length);
}

function placeOf(document: vscode.TextDocument, text: string, further = 0): vscode.Position {
  const start = document.getText().indexOf(text);
  assert.ok(start >= 0, `${text} is not in ${document.fileName}`);
  return document.positionAt(start + further);
}

async function proposals(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
  );
  return items;
}

const labelOf = ({ label }: vscode.CompletionItem): string =>
  typeof label === 'string' ? label : label.label;

async function hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((each) => (typeof each === 'string' ? each : each.value))
    .join('\n');
}

/** Waits until a document has a diagnostic of ours with a code. */
async function diagnostic(uri: vscode.Uri, code: string): Promise<vscode.Diagnostic> {
  const find = () =>
    vscode.languages.getDiagnostics(uri).find((each) => each.source === 'porchlight' && each.code === code);
  return new Promise((resolve) => {
    const look = (): void => {
      const found = find();
      if (!found) return;
      subscription.dispose();
      resolve(found);
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

suite('Writing project files', () => {
  suiteSetup(async () => {
    await vscode.extensions.getExtension('porchlight.porchlight')!.activate();
  });

  teardown(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  test('keys and values are proposed where they belong', async () => {
    const document = await open('orders-sam/template.yaml');
    const behind = await replace(document, '      Handler: orders', '      Mem\n      Handler: orders');
    const position = document.positionAt(document.offsetAt(behind) - '\n      Handler: orders'.length);
    const keys = (await proposals(document, position)).map(labelOf);
    assert.ok(keys.includes('MemorySize'), keys.join(' '));
    const end = await replace(document, '      Mem\n', '      Runtime: \n');
    const runtimes = await proposals(document, document.positionAt(document.offsetAt(end) - 1));
    const old = runtimes.find((each) => labelOf(each) === 'nodejs16.x');
    assert.deepEqual(old?.tags, [vscode.CompletionItemTag.Deprecated]);
    assert.ok(runtimes.some((each) => labelOf(each) === 'nodejs22.x'));
  });

  test('a handler is proposed from the code', async () => {
    const document = await open('verification-code/porchlight.yaml');
    const position = placeOf(document, 'src/handler.handler', 4);
    const labels = (await proposals(document, position)).map(labelOf);
    assert.ok(labels.includes('src/handler.handler'), labels.join(' '));
  });

  test("the platform's bounds are told where a setting stands", async () => {
    const document = await open('hello-fc/s.yaml');
    const text = await hoverText(document, placeOf(document, 'runtime:', 2));
    assert.match(text, /Supported by aliyun-fc: `nodejs20`/);
  });

  test('a slip of a key is mended by its quick fix', async () => {
    const document = await open('hello-fc/s.yaml');
    await replace(document, 'runtime:', 'runtimee:');
    const found = await diagnostic(document.uri, 'SETTING_UNKNOWN');
    assert.equal(document.getText(found.range), 'runtimee');
    const actions = await codeActions(document.uri, found.range);
    const fix = actions.find(({ title }) => title === 'Change to "runtime"');
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(', '));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(document.getText(), /^ *runtime:/m);
  });

  test('renaming a handler changes project file and code', async () => {
    const document = await open('hello-fc/s.yaml');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      placeOf(document, 'index.handler', 8),
      'main',
    );
    const changed = edit.entries().map(([uri]) => uri.path.split('/').pop());
    assert.deepEqual(changed.sort(), ['index.js', 's.yaml']);
    const [code] = edit
      .entries()
      .find(([uri]) => uri.path.endsWith('index.js'))!
      .slice(1) as [vscode.TextEdit[]];
    assert.deepEqual(
      code.map(({ newText }) => newText),
      ['main'],
    );
  });

  test('references lead from the code to the project file', async () => {
    const document = await open('hello-fc/index.js');
    const places = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      placeOf(document, 'exports.handler', 10),
    );
    assert.ok(places.some(({ uri }) => uri.path.endsWith('hello-fc/s.yaml')));
  });

  test('the outline shows functions', async () => {
    const document = await open('hello-fc/s.yaml');
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const resources = symbols.find(({ name }) => name === 'resources');
    assert.ok(resources?.children.some(({ kind }) => kind === vscode.SymbolKind.Function));
  });
});
