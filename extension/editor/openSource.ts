import type * as vscode from 'vscode';
import type { SourcePosition } from '../../runtime/model/words.ts';
import type { EditorApi } from './editorApi.ts';

/** How a file is shown: in the active column unless another is named; `preview`: the next one that is opened takes its tab. */
export interface OpenOptions {
  viewColumn?: vscode.ViewColumn | undefined;
  preview?: boolean;
}

/** Opens a file of the user at a place and puts the cursor there. Rejects when the file is gone. */
export async function openSource(
  api: Pick<EditorApi, 'Uri' | 'Position' | 'Range' | 'window'>,
  position: SourcePosition,
  { viewColumn, preview = true }: OpenOptions = {},
): Promise<vscode.TextEditor> {
  const at = new api.Position(Math.max(0, position.line - 1), Math.max(0, position.column - 1));
  return api.window.showTextDocument(api.Uri.file(position.file), {
    selection: new api.Range(at, at),
    preview,
    ...(viewColumn === undefined ? {} : { viewColumn }),
  });
}
