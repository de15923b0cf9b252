import assert from 'node:assert/strict';
import { basename, resolve } from 'node:path';
import { includeFrom } from '../../../../runtime/model/projectFiles/includeFile.ts';
import { formatFor } from '../../../../runtime/model/projectFiles/index.ts';
import type { ParsedProjectFile } from '../../../../runtime/model/projectFiles/projectFile.ts';
import { memoryFiles } from '../../../support/memoryFiles.ts';
import { functionText, problemText } from '../../../support/describeParsed.ts';

/** Folder in which the texts of these tests pretend to lie. */
export const folder = resolve('/project');

/**
 * Parses a text as a project file of this name; variables come from `env`, included files from `files`, by their path in
 * the folder.
 */
export function parse(
  name: string,
  text: string,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
): ParsedProjectFile {
  const format = formatFor(basename(name), text);
  assert.ok(format, `${name} is a project file`);
  const lookup = memoryFiles(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [resolve(folder, path), content])),
  );
  return format.parse(text, {
    file: resolve(folder, name),
    variable: (variable) => env[variable],
    include: includeFrom(folder, lookup),
  });
}

/** Compares functions and problems, as text, with what is expected; `/project` stands for the folder. */
export function check(parsed: ParsedProjectFile, functions: string, problems: string): void {
  const shown = parsed.functions.map(({ definition }) => functionText(definition)).join('\n');
  assert.equal(shown.replaceAll(folder, '/project').replaceAll('\\', '/'), functions.trim());
  assert.equal(parsed.problems.map(problemText).join('\n'), problems.trim());
}
