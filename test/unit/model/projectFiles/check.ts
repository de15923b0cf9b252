import assert from 'node:assert/strict';
import { relative, resolve } from 'node:path';
import { formatFor } from '../../../../runtime/model/projectFiles/index.ts';
import type { ParsedProjectFile } from '../../../../runtime/model/projectFiles/projectFile.ts';
import { functionText, problemText } from '../../../support/describeParsed.ts';

/** Folder in which the texts of these tests pretend to lie. */
export const folder = resolve('/project');

/** Parses a text as a project file of this name; variables come from `env`, files beside it from `others`. */
export function parse(
  name: string,
  text: string,
  env: Record<string, string> = {},
  others: Record<string, string> = {},
): ParsedProjectFile {
  const format = formatFor(name, text);
  assert.ok(format, `${name} is a project file`);
  const include = (path: string) => {
    const other = others[relative(folder, path).replaceAll('\\', '/')];
    return other === undefined ? { why: 'missing' as const } : { text: other };
  };
  return format.parse(text, { file: resolve(folder, name), variable: (variable) => env[variable], include });
}

/** Compares functions and problems, as text, with what is expected; `/project` stands for the folder. */
export function check(parsed: ParsedProjectFile, functions: string, problems: string): void {
  const shown = parsed.functions.map(({ definition }) => functionText(definition)).join('\n');
  assert.equal(shown.replaceAll(folder, '/project').replaceAll('\\', '/'), functions.trim());
  assert.equal(parsed.problems.map(problemText).join('\n'), problems.trim());
}
