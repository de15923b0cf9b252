// @workspace test/fixtures/inline
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { InvocationSummary } from '../../../runtime/model/invocationRecord.ts';
import { openPorchlight, until, type Opened } from '../porchlight.ts';

suite('Inline values and summaries', () => {
  let opened: Opened;
  let document: vscode.TextDocument;

  const open = async (path: string): Promise<vscode.TextDocument> => {
    const uri = vscode.Uri.joinPath(opened.folder.uri, path);
    return (await vscode.window.showTextDocument(uri)).document;
  };

  const invoke = async (name: string, event: unknown): Promise<InvocationSummary> => {
    const api = await opened.host.api();
    return api.invoke({ function: name, event: { encoding: 'utf8', data: JSON.stringify(event) } });
  };

  /** What stands behind the lines, as `line text [state]`. */
  const shown = (): string[] =>
    opened.api.inlineLogs
      .marks(document)
      .map(({ line, text, state }) => `${line + 1} ${text}${state === 'current' ? '' : ` [${state}]`}`);

  /** Waits until the lines show this. */
  const shows = async (...expected: string[]): Promise<void> => {
    const same = () => JSON.stringify(shown()) === JSON.stringify(expected);
    await until(opened.api.inlineLogs.onDidDraw, same);
  };

  const select = (id: string): Thenable<unknown> =>
    vscode.commands.executeCommand('porchlight.internal.showInvocation', {
      invocation: id,
      folder: opened.host.folder.path,
    });

  const hover = async (line: number): Promise<string> => {
    const at = document.lineAt(line - 1).range.end;
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    return hovers
      .flatMap(({ contents }) => contents.map((each) => (each as vscode.MarkdownString).value))
      .join('\n');
  };

  suiteSetup(async () => {
    opened = await openPorchlight();
    document = await open('src/orders.ts');
  });

  test('values and errors stand at their lines in the source, those of functions that share it side by side', async () => {
    await invoke('orders', { name: 'Ann' });
    await shows('12 n  ×3', '13 order of Ann', '25 sharing Ann');
    await invoke('refunds', {});
    await shows('12 n  ×3', '13 order of Ann', '25 sharing refund 2');
    await invoke('orders', { name: 'Bo', fail: true });
    await shows('12 o  ×2', '13 order of Bo', '15 TypeError: no Bo', '25 sharing refund 2');
    const error = await hover(15);
    assert.match(error, /TypeError: no Bo\nat all/);
    assert.match(error, /handler · \[orders\\\.ts:15\]\(command:porchlight\.internal\.openSource/);
  });

  test('the editor follows the selected invocation, and the hover tells of the line over time', async () => {
    const first = await invoke('orders', { name: 'Cy' });
    const last = await invoke('orders', { name: 'Dee' });
    await shows('12 e  ×3', '13 order of Dee', '25 sharing Dee');
    await select(first.id);
    await shows('12 y  ×2', '13 order of Cy', '25 sharing Cy');
    const text = await hover(13);
    assert.match(text, /selected in the Invocations view/);
    assert.match(text, /```text\norder of Cy\n```/);
    assert.match(text, new RegExp(`${last.id}[^]*order of Dee[^]*order of Bo[^]*order of Ann`));
    await vscode.commands.executeCommand('porchlight.internal.followLatest');
    assert.deepEqual(shown(), ['12 e  ×3', '13 order of Dee', '25 sharing Dee']);
  });

  test('values dim with an edit of their line, go when it is saved, and come with the next invocation', async () => {
    await invoke('orders', { name: 'Eve' });
    await shows('12 e  ×3', '13 order of Eve', '25 sharing Eve');
    const edit = async (change: (edit: vscode.WorkspaceEdit) => void) => {
      const edits = new vscode.WorkspaceEdit();
      change(edits);
      assert.ok(await vscode.workspace.applyEdit(edits));
    };
    await edit((edits) => edits.insert(document.uri, new vscode.Position(0, 0), '// first\n'));
    assert.deepEqual(shown(), ['13 e  ×3', '14 order of Eve', '26 sharing Eve']);
    await edit((edits) => edits.insert(document.uri, document.lineAt(12).range.end, ' // changed'));
    assert.deepEqual(shown(), ['13 e  ×3 [edited]', '14 order of Eve', '26 sharing Eve']);
    await vscode.commands.executeCommand('undo');
    assert.deepEqual(shown(), ['13 e  ×3', '14 order of Eve', '26 sharing Eve']);
    await vscode.commands.executeCommand('redo');
    assert.ok(await document.save());
    assert.deepEqual(shown(), ['14 order of Eve [older]', '26 sharing Eve [older]']);
    const { artifact } = await invoke('orders', { name: 'Flo' });
    await shows('13 o  ×3', '14 order of Flo', '26 sharing Flo');
    const older = opened.host.mirror.invocations.find(
      (each) => each.function === 'orders' && each.artifact !== artifact,
    );
    await select(older!.id);
    await shows('14 order of Eve [older]', '26 sharing Eve [older]');
    await vscode.commands.executeCommand('porchlight.internal.followLatest');
  });

  test('a summary stands above each handler once it was called, in scripts, modules and TypeScript', async () => {
    const summaries = async (path: string): Promise<string[]> => {
      const { uri } = await open(path);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        uri,
      );
      return lenses
        .filter(({ command }) => command?.command === 'porchlight.internal.showInvocation')
        .map(({ command, range }) => `${range.start.line + 1} ${command!.title}`);
    };
    assert.deepEqual(await summaries('plain.mjs'), []);
    await Promise.all([invoke('plain', { name: 'Gus' }), invoke('common', { name: 'Gus' })]);
    const ended = (name: string) =>
      opened.host.mirror.invocations.some((each) => each.function === name && each.status === 'ok') &&
      opened.host.mirror.function(name)?.statistics.cold !== undefined;
    await until(opened.host.mirror.onDidChange, () => ended('plain') && ended('common'));
    assert.match((await summaries('plain.mjs')).join('\n'), /^1 ok [\d.]+ m?s · cold [\d.]+ m?s$/);
    assert.match((await summaries('common.js')).join('\n'), /^1 ok [\d.]+ m?s · cold [\d.]+ m?s$/);
    const [orders, refunds] = await summaries('src/orders.ts');
    assert.match(orders ?? '', /^11 ok .* · cold .* · \d+ % cold$/);
    assert.match(refunds ?? '', /^21 ok .* · cold .*$/);
  });
});
