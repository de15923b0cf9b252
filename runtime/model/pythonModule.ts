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

/** A name that a module has at its top, and where it stands in the text. */
export interface PythonName {
  name: string;
  start: number;
  end: number;
  /** A function that takes an event and a context. */
  handles: boolean;
}

const defined =
  /^(?:(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(([^)]*)|class[ \t]+(\w+)|(\w+)[ \t]*(?::[^=\n]+)?=(?!=)|from[ \t]+\S+[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+))/gm;

/** Names that a module defines or imports at its top, read from its text without running it. */
export function pythonNames(text: string): PythonName[] {
  const found: PythonName[] = [];
  for (const match of text.matchAll(defined)) {
    const [whole, fn, parameters = '', klass, variable, imported] = match;
    const add = (name: string, from: number, handles = false): void => {
      const start = text.indexOf(name, match.index + from);
      found.push({ name, start, end: start + name.length, handles });
    };
    if (fn !== undefined) add(fn, whole.indexOf(fn, whole.indexOf('def') + 3), takesTwo(parameters));
    else if (klass !== undefined) add(klass, 'class'.length);
    else if (variable !== undefined) add(variable, 0);
    else if (imported !== undefined) {
      const at = whole.length - imported.length;
      for (const [part, , renamed] of imported.matchAll(/(\w+)(?:[ \t]+as[ \t]+(\w+))?/g))
        add(renamed ?? /^\w+/.exec(part)![0], at);
    }
  }
  return found;
}

/** Functions at the top of a module that may be handlers. */
export function pythonHandlers(text: string): string[] {
  return pythonNames(text).flatMap(({ name, handles }) => (handles ? name : []));
}

/** The first two parameters of a handler are there without being named. */
function takesTwo(parameters: string): boolean {
  const names = parameters.split(',').map((part) => part.trim());
  // Behind a lone star parameters have to be named.
  const star = names.indexOf('*');
  const positional = names.slice(0, star < 0 ? undefined : star).filter((name) => /^\*?[A-Za-z_]/.test(name));
  return positional.length >= 2 || positional.some((name) => name.startsWith('*'));
}
