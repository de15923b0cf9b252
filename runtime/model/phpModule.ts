import { join } from 'node:path';
import type { FileLookup } from '../support/fileLookup.ts';

/** The file behind the module part of a handler string: slashes are folders, dots belong to the name. */
export function findPhpModule(codeRoot: string, module: string, lookup: FileLookup): string | undefined {
  const path = `${join(codeRoot, ...module.split('/').filter((part) => part !== ''))}.php`;
  return lookup.isFile(path) ? path : undefined;
}

/** Whether a file may hold handlers. */
export function isPhpModule(name: string): boolean {
  return /\.php$/i.test(name) && !/(test|\.blade|\.config)\.php$/i.test(name);
}

/** A function that a file defines outside of any class, and where its name stands in the text. */
export interface PhpFunction {
  name: string;
  start: number;
  end: number;
  /** It takes an event and a context. */
  handles: boolean;
}

/** What is no code: what lies between PHP's tags, strings, comments, here documents. */
const noCode =
  /^(?:(?!<\?)[^])+|\?>[^]*?(?:<\?(?:php|=)?|$)|'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|\/\*[^]*?\*\/|\/\/[^\n]*|#(?!\[)[^\n]*|<<<[ \t]*(['"]?)(\w+)\1\r?\n[^]*?\n[ \t]*\2\b/g;

/** Functions of a file, read from its text without running it; those of classes and within others are left out. */
export function phpFunctions(text: string): PhpFunction[] {
  // Of the same length, so that places are those of the text.
  const code = text.replace(noCode, (found) => found.replace(/[^\n]/g, ' '));
  const found: PhpFunction[] = [];
  let depth = 0;
  for (const match of code.matchAll(/[{}]|\bfunction\s+&?\s*(\w+)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)/gi)) {
    const [whole, name, parameters = ''] = match;
    if (whole === '{') depth++;
    else if (whole === '}') depth--;
    else if (name !== undefined && depth === 0) {
      const start = match.index + whole.indexOf(name, 'function'.length);
      const variables = parameters.match(/\$\w+/g) ?? [];
      found.push({ name, start, end: start + name.length, handles: variables.length >= 2 });
    }
  }
  return found;
}

/** Functions of a file that may be handlers: Function Compute's, the one cloud with a runtime for PHP, take two values. */
export function phpHandlers(text: string): string[] {
  return phpFunctions(text).flatMap(({ name, handles }) => (handles ? name : []));
}
