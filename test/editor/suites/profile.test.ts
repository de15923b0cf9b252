import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openPorchlight, until, type Opened } from '../porchlight.ts';

suite('Cold start profile', () => {
  let opened: Opened;

  suiteSetup(async () => {
    opened = await openPorchlight();
  });

  test('opens as a document whose places lead to the source', async () => {
    await vscode.commands.executeCommand('porchlight.profile', { function: 'OrdersFunction' });
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.scheme, 'porchlight');
    assert.equal(document.languageId, 'markdown');
    assert.match(document.getText(), /^# Cold start of OrdersFunction: /);
    assert.match(document.getText(), /^\| load +\|/m);
    assert.match(document.getText(), /^\| orders-sam\/src\/handlers\/orders\.ts +\|/m);
    await until(opened.host.mirror.onDidChange, () =>
      opened.host.mirror.importCosts.find((costs) => costs.function === 'OrdersFunction'),
    );
  });

  test('import lines show what they cost, and grey once the file differs', async () => {
    const { host, api, folder } = opened;
    const uri = vscode.Uri.joinPath(folder.uri, 'orders-sam', 'src', 'handlers', 'orders.ts');
    const { document } = await vscode.window.showTextDocument(uri);
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('import '));
    const known = host.mirror.importCosts.find((costs) => costs.function === 'OrdersFunction')!;
    const at = { file: uri.fsPath, line: line + 1, column: 1 };
    // The example's own imports cost next to nothing: a profile of a heavier version stands in.
    host.mirror.setImportCosts({
      ...known,
      at: known.at + 1,
      imports: [
        {
          name: 'heavy',
          kind: 'package',
          at,
          text: document.lineAt(line).text.trim(),
          totalMs: 412,
          onlyMs: 400,
          share: 0.63,
        },
      ],
      files: known.files.some(({ file }) => file === uri.fsPath)
        ? known.files
        : [...known.files, { file: uri.fsPath, hash: '' }],
    });
    const [mark] = api.importCosts.marks(document);
    assert.deepEqual([mark?.line, mark?.text], [line, '412 ms · 63 %']);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), '\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    const [moved] = api.importCosts.marks(document);
    assert.deepEqual([moved?.line, moved?.outdated], [line + 1, true]);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
