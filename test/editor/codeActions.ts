import * as vscode from 'vscode';

/**
 * The code actions for a range, from all extensions. The editor breaks a question off when another extension registers
 * as a provider meanwhile, as that for TypeScript does when it has come up; it is asked again then, as a window would.
 */
export async function codeActions(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  for (;;) {
    try {
      return await vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range);
    } catch (error) {
      if ((error as Error).name !== 'Canceled') throw error;
    }
  }
}
