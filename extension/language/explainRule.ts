import type * as vscode from 'vscode';
import { join } from 'node:path';

type ExplainApi = {
  commands: Pick<typeof vscode.commands, 'executeCommand'>;
  Uri: Pick<typeof vscode.Uri, 'file'>;
  l10n: Pick<typeof vscode.l10n, 't'>;
};

/** Opens the page that explains a rule, which comes with the extension, as the editor shows Markdown. */
export async function explainRule(
  api: ExplainApi,
  context: Pick<vscode.ExtensionContext, 'asAbsolutePath'>,
  rule: unknown,
): Promise<void> {
  // The id comes by a link; nothing but a rule's name may become part of a path.
  if (typeof rule !== 'string' || !/^[a-z]+(?:-[a-z]+)*$/.test(rule)) return;
  // The pages of other languages lie beside the English ones.
  const name = api.l10n.t('{0}.md', rule);
  const page = api.Uri.file(context.asAbsolutePath(join('docs', 'rules', name)));
  await api.commands.executeCommand('markdown.showPreview', page);
}
