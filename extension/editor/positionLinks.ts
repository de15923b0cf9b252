import type * as vscode from 'vscode';
import type { EditorApi } from './editorApi.ts';

/** A place that a text names, with where the name stands; lines count from 1, offsets from 0. */
export interface PositionLink {
  start: number;
  end: number;
  path: string;
  line: number;
}

const place = /(?<=[\s(|])((?:[A-Za-z]:)?[\w@./\\ -]*[\w@-]+\.[\w]+):(\d+)(?=[\s)|]|$)/gm;

/** Places written as `path:line`. */
export function positionLinks(text: string): PositionLink[] {
  return [...text.matchAll(place)].map((match) => {
    const path = match[1]!.trimStart();
    const end = match.index + match[0].length;
    const start = match.index + match[1]!.length - path.length;
    return { start, end, path, line: Number(match[2]) };
  });
}

/** Folder that a text's places lie below: the first path in back quotes. */
const folder = /`([^`\n]+)`/;

/** Makes the places in our read-only Markdown documents lead to the files. */
export function registerPositionLinks(
  api: Pick<EditorApi, 'languages' | 'Uri' | 'Range' | 'DocumentLink'>,
  scheme: string,
): vscode.Disposable {
  return api.languages.registerDocumentLinkProvider(
    { scheme, language: 'markdown' },
    {
      provideDocumentLinks(document) {
        const text = document.getText();
        const root = folder.exec(text)?.[1];
        return positionLinks(text).map(({ start, end, path, line }) => {
          const absolute = /^([A-Za-z]:)?[\\/]/.test(path) || root === undefined;
          const file = absolute ? api.Uri.file(path) : api.Uri.joinPath(api.Uri.file(root), path);
          const range = new api.Range(document.positionAt(start), document.positionAt(end));
          return new api.DocumentLink(range, file.with({ fragment: `L${line}` }));
        });
      },
    },
  );
}
