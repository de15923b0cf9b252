import { join } from 'node:path';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { LanguageId } from '../../../../runtime/model/words.ts';

/** Names of files with a language's code, without tests, declarations and configuration. */
export const codeExtensions: Record<LanguageId, RegExp> = {
  nodejs: /(?<!\.d|\.test|\.spec|\.config)\.([cm]?[jt]s|tsx)$/,
  python: /(?<!_test)\.py$/,
  php: /\.php$/,
};

const leftOut = /^(node_modules|\.[^/]*|dist|build|coverage|__pycache__|venv|vendor|test|tests|__tests__)\/$/;
const anyCode = (name: string): boolean => Object.values(codeExtensions).some((each) => each.test(name));

/** Bounds of one look. */
const mostFiles = 400;
const deepest = 6;
/** Larger ones are made by tools. */
export const longestCode = 256 * 1024;

/** Code files in and below a folder, those further up first; packages and what builds make are left out. */
export function codeFilesBelow(
  root: string,
  files: FileLookup,
  fits: (name: string) => boolean = anyCode,
): string[] {
  const found: string[] = [];
  const visit = (folder: string, depth: number): void => {
    if (depth > deepest) return;
    const names = files.list(folder).sort();
    for (const name of names) {
      if (found.length >= mostFiles) return;
      if (!name.endsWith('/') && fits(name)) found.push(join(folder, name));
    }
    for (const name of names) {
      if (found.length >= mostFiles) return;
      if (name.endsWith('/') && !leftOut.test(name)) visit(join(folder, name.slice(0, -1)), depth + 1);
    }
  };
  visit(root, 0);
  return found;
}
