import type * as vscode from 'vscode';
import type { EditorApi } from '../editor/editorApi.ts';

/** Names of project files; the host decides what is in them. */
export const projectFileNames = [
  'porchlight.yaml',
  's.yaml',
  's.yml',
  'template.yaml',
  'template.yml',
  'func.yaml',
] as const;

/** Files whose exports make a bare folder a project. The manifest's activation events look for the same. */
export const handlerFileGlobs = [
  '{index,handler,main,app,lambda,function,lambda_function}.{js,ts,?js,?ts,py}',
  '*/{index,handler,main,app,lambda,function,lambda_function}.{js,ts,?js,?ts,py}',
] as const;

const handlerFile = /(^|[\\/])(index|handler|main|app|lambda|function|lambda_function)\.([mc]?[jt]s|py)$/;

const excluded = '**/{node_modules,.git,.porchlight}/**';
const maxHandlerFiles = 24;
const maxBytes = 256 * 1024;

const name = String.raw`(?:\w*[hH]andler|main)\b`;

/** An exported `handler` or `main`, however it is written. It only decides whether a host is worth starting. */
const handlerExport = new RegExp(
  [
    String.raw`\bexport\s+(?:async\s+)?function\s*\*?\s*${name}`,
    String.raw`\bexport\s+(?:const|let|var|class)\s+${name}`,
    String.raw`\bexport\s*\{[^}]*\b${name}`,
    String.raw`\bexports\.${name}\s*=`,
    // Python: with an event and a context.
    String.raw`(?:^|\n)def\s+${name}\s*\(\s*\w[^),]*,\s*\w`,
    String.raw`\bmodule\.exports\s*=\s*\{[^}]*\b${name}`,
  ].join('|'),
);

/** Whether saving this file may turn a folder into a project. */
export function mayMakeProject(path: string): boolean {
  return handlerFile.test(path) || projectFileNames.some((name) => path.endsWith(name));
}

/** Whether a source text seems to export a handler. */
export function exportsHandler(text: string): boolean {
  return handlerExport.test(text);
}

/** Whether a folder looks as if it had functions: a quick look at names and a few files, nothing is run. */
export async function hasProject(
  api: Pick<EditorApi, 'workspace' | 'RelativePattern'>,
  folder: vscode.WorkspaceFolder,
): Promise<boolean> {
  const find = (glob: string, limit: number) =>
    api.workspace.findFiles(new api.RelativePattern(folder, glob), excluded, limit);
  const projectFiles = await find(`**/{${projectFileNames.join(',')}}`, 1);
  if (projectFiles.length > 0) return true;
  const found = await Promise.all(handlerFileGlobs.map((glob) => find(glob, maxHandlerFiles)));
  const candidates = found.flat();
  for (const uri of candidates) {
    const stat = await api.workspace.fs.stat(uri);
    if (stat.size > maxBytes) continue;
    const bytes = await api.workspace.fs.readFile(uri);
    if (exportsHandler(new TextDecoder().decode(bytes))) return true;
  }
  return false;
}
