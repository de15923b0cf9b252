import type * as vscode from 'vscode';
import { join } from 'node:path';

type ExplainApi = {
  commands: Pick<typeof vscode.commands, 'executeCommand'>;
  Uri: Pick<typeof vscode.Uri, 'file'>;
};

/** Opens the page that explains a rule, which comes with the extension, as the editor shows Markdown. */
export async function explainRule(
  api: ExplainApi,
  context: Pick<vscode.ExtensionContext, 'asAbsolutePath'>,
  rule: unknown,
): Promise<void> {
  // The id comes by a link; nothing but a rule's name may become part of a path.
  if (typeof rule !== 'string' || !/^[a-z]+(?:-[a-z]+)*$/.test(rule)) return;
  const page = api.Uri.file(context.asAbsolutePath(join('docs', 'rules', `${rule}.md`)));
  await api.commands.executeCommand('markdown.showPreview', page);
}
