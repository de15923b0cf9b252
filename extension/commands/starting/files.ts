import type * as vscode from 'vscode';
import type { EditorApi } from '../../editor/editorApi.ts';

/** Whether there is something at an address. */
export async function exists(api: Pick<EditorApi, 'workspace'>, uri: vscode.Uri): Promise<boolean> {
  return api.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Writes a text file; folders on the way are made. */
export async function writeText(
  api: Pick<EditorApi, 'workspace'>,
  uri: vscode.Uri,
  text: string,
): Promise<void> {
  await api.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

/** Copies a folder of text files, each changed by `change`. */
export async function copyFolder(
  api: Pick<EditorApi, 'workspace' | 'Uri' | 'FileType'>,
  from: vscode.Uri,
  to: vscode.Uri,
  change: (text: string) => string = (text) => text,
): Promise<void> {
  const { fs } = api.workspace;
  for (const [name, type] of await fs.readDirectory(from)) {
    const [source, target] = [api.Uri.joinPath(from, name), api.Uri.joinPath(to, name)];
    if (type === api.FileType.Directory) await copyFolder(api, source, target, change);
    else await writeText(api, target, change(new TextDecoder().decode(await fs.readFile(source))));
  }
}
