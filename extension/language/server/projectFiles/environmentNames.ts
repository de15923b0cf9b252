import { basename, dirname, join } from 'node:path';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import type { FolderState } from '../workspace.ts';

/** A variable's line in an environment file. */
export interface EnvironmentLine {
  file: string;
  name: string;
  range: TextRange;
}

/** Whether a file of this name holds variables. */
export function isEnvironmentFile(path: string): boolean {
  return /^\.env(\.[\w.-]+)?$/.test(basename(path));
}

/** The variables that an environment file gives, as dotenv reads its lines; a name counts where it stands last. */
export function environmentLines(file: string, files: FileLookup): EnvironmentLine[] {
  const text = files.readText(file) ?? '';
  const found = new Map<string, EnvironmentLine>();
  for (const match of text.matchAll(/^[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=|:[ \t]+)/gm)) {
    const [whole, name] = match;
    const start = match.index + whole.indexOf(name!);
    found.set(name!, { file, name: name!, range: { start, end: start + name!.length } });
  }
  return [...found.values()];
}

/** Environment files of a folder: beside its project files and their functions' code. */
export function environmentFilesOf(
  { root, files: projectFiles, functions }: FolderState,
  files: FileLookup,
): string[] {
  const folders = new Set([
    root,
    ...projectFiles.map((file) => dirname(file)),
    ...functions.map(({ definition }) => definition.codeRoot),
  ]);
  return [...folders].flatMap((folder) =>
    files
      .list(folder)
      .filter((name) => isEnvironmentFile(name))
      .map((name) => join(folder, name)),
  );
}
