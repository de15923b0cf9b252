// @workspace test/fixtures/debug-kinds
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  contributes: { languageModelTools: { name: string }[] };
}

suite('Tools for language models', () => {
  const call = async (name: string, input: object): Promise<string> => {
    const result = await vscode.lm.invokeTool(`porchlight_${name}`, {
      input,
      toolInvocationToken: undefined,
    });
    return result.content.map((part) => (part as vscode.LanguageModelTextPart).value).join('');
  };

  suiteSetup(async () => {
    await vscode.extensions.getExtension('porchlight.porchlight')!.activate();
  });

  test('the editor knows every tool of the manifest', () => {
    const { contributes } = vscode.extensions.getExtension('porchlight.porchlight')!.packageJSON as Manifest;
    const names = vscode.lm.tools.map(({ name }) => name);
    for (const { name } of contributes.languageModelTools) assert.ok(names.includes(name), name);
  });

  test('functions are listed, and invocations and their logs are found', async () => {
    assert.match(await call('list_functions', {}), /"name":"greet"/);
    assert.match(await call('list_invocations', { limit: 1 }), /^\d+ invocation/);
    await assert.rejects(call('get_invocation', { id: 'none' }), /no invocation/);
  });

  test('a folder that is not open is refused with those that are', async () => {
    await assert.rejects(call('list_functions', { folder: 'elsewhere' }), /Known: /);
  });
});
