import { join } from 'node:path';
import type { FileLookup } from '../support/fileLookup.ts';

/** The file of a module or package, by the names an import or a handler string gives it: dots and slashes are folders. */
export function findPythonModule(codeRoot: string, module: string, lookup: FileLookup): string | undefined {
  const base = join(codeRoot, ...module.split(/[./]/).filter((part) => part !== ''));
  return [`${base}.py`, join(base, '__init__.py')].find((path) => lookup.isFile(path));
}

/** Whether a file may hold handlers. */
export function isPythonModule(name: string): boolean {
  return /^(?!__|test_|conftest|setup\.py$).+(?<!_test)\.py$/.test(name);
}

/** Where a module defines a name at its top: a function, a class, an assignment or an import. */
export function findPythonName(text: string, name: string): { line: number; column: number } | undefined {
  const escaped = name.replace(/[^\w]/g, '');
  const defined = new RegExp(
    `^(?:(?:async\\s+)?def\\s+|class\\s+|(?:from\\s+\\S+\\s+)?import\\s.*?\\b)?(?=${escaped}\\b)`,
    'm',
  );
  const found = escaped === '' ? null : defined.exec(text);
  if (!found) return undefined;
  const before = text.slice(0, found.index + found[0].length).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Names of functions that a module defines at its top. */
export function pythonFunctions(text: string): string[] {
  return [...text.matchAll(/^(?:async\s+)?def\s+(\w+)/gm)].map(([, name]) => name!);
}
