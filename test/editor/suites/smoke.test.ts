import assert from 'node:assert/strict';
import * as vscode from 'vscode';

suite('The extension', () => {
  const extension = vscode.extensions.getExtension('porchlight.porchlight');

  test('activates', async () => {
    assert.ok(extension, 'the editor does not know the extension');
    await extension.activate();
    assert.ok(extension.isActive);
  });

  test('registers every command its manifest declares', async () => {
    const manifest = extension?.packageJSON as { contributes?: { commands?: { command: string }[] } };
    const declared = (manifest.contributes?.commands ?? []).map(({ command }) => command);
    const known = new Set(await vscode.commands.getCommands(true));
    assert.ok(declared.length > 0, 'the manifest declares no command');
    assert.deepEqual(
      declared.filter((command) => !known.has(command)),
      [],
    );
  });
});
