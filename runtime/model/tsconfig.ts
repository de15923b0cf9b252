import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileLookup } from '../support/fileLookup.ts';

/** What a tsconfig says about where compiled files come from. Absolute paths. */
export interface CompilerFolders {
  file: string;
  /** Where `tsc` writes; absent when it writes beside the sources or not at all. */
  outDir?: string;
  /** Folders that `outDir` may mirror, most likely first. */
  sourceRoots: string[];
}

/** Reads one tsconfig and those it extends by relative path; undefined when it is no object or cannot be read. */
export function readCompilerFolders(file: string, lookup: FileLookup): CompilerFolders | undefined {
  const options = compilerOptions(file, lookup, 0);
  if (!options) return undefined;
  const folder = dirname(file);
  const roots = options.rootDir ? [options.rootDir] : [folder, join(folder, 'src')];
  return { file, sourceRoots: roots, ...(options.outDir ? { outDir: options.outDir } : {}) };
}

interface Folders {
  outDir?: string;
  rootDir?: string;
}

function compilerOptions(file: string, lookup: FileLookup, depth: number): Folders | undefined {
  const text = lookup.readText(file);
  const config = text === undefined ? undefined : parseJsonWithComments(text);
  if (!isObject(config)) return undefined;
  const found: Folders = {};
  // Ten levels are more than anybody has; a ring of `extends` must not loop for ever.
  if (depth < 10) {
    for (const base of [config.extends].flat()) {
      if (typeof base !== 'string' || !(base.startsWith('.') || isAbsolute(base))) continue;
      const target = resolve(dirname(file), base);
      const path = lookup.isFile(target) ? target : `${target}.json`;
      Object.assign(found, compilerOptions(path, lookup, depth + 1));
    }
  }
  const own = isObject(config.compilerOptions) ? config.compilerOptions : {};
  for (const key of ['outDir', 'rootDir'] as const) {
    const value = own[key];
    if (typeof value === 'string')
      found[key] = resolve(dirname(file), value.replace(/^\$\{configDir\}/, '.'));
  }
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON as TypeScript reads it: comments and trailing commas are allowed. Undefined when it is broken. */
export function parseJsonWithComments(text: string): unknown {
  const plain = text
    .replace(/^\uFEFF/, '')
    // Strings are matched first, so that `//` in one is no comment.
    .replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
      part.startsWith('"') ? part : ' ',
    )
    .replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (part) => (part.startsWith('"') ? part : ''));
  try {
    return JSON.parse(plain);
  } catch {
    return undefined;
  }
}
