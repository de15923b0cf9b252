import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { FileLookup } from '../support/fileLookup.ts';
import type { BuildDefinition } from './functionDefinition.ts';
import { nearest } from './nearest.ts';
import { findPhpModule, isPhpModule } from './phpModule.ts';
import { findPythonModule, isPythonModule } from './pythonModule.ts';
import { readCompilerFolders, type CompilerFolders } from './tsconfig.ts';
import type { LanguageId } from './words.ts';

/** Extensions Node loads as they are, and those that are compiled first; in order of preference. */
export const scriptExtensions = ['.js', '.mjs', '.cjs'];
export const typedExtensions = ['.ts', '.mts', '.cts', '.tsx'];

/** What is known about a function when its module is looked for. */
export interface HandlerModuleQuery {
  /** Absolute folder of the project; configuration above it is not consulted. */
  root: string;
  codeRoot: string;
  /** The module part of the handler string. */
  module: string;
  build?: BuildDefinition;
  /** JavaScript and TypeScript when absent. */
  language?: LanguageId;
}

/** The user's file behind the module part of a handler string. */
export interface HandlerModule {
  file: string;
  /** Whether it has to be compiled: TypeScript, or JavaScript the project file wants bundled. */
  compiled: boolean;
}

/** Languages whose modules are found by their own rules and run as they are. */
const interpreted: Partial<
  Record<
    LanguageId,
    {
      find(codeRoot: string, module: string, lookup: FileLookup): string | undefined;
      isModule(name: string): boolean;
    }
  >
> = {
  python: { find: findPythonModule, isModule: isPythonModule },
  php: { find: findPhpModule, isModule: isPhpModule },
};

/**
 * Finds the file that holds a handler: an entry point of the project's own bundling, the TypeScript source of compiled
 * output (so that a save takes effect without a build), or the file the platform itself would load.
 */
export function findHandlerModule(query: HandlerModuleQuery, lookup: FileLookup): HandlerModule | undefined {
  const { find } = interpreted[query.language ?? ''] ?? {};
  if (find) {
    const file = find(query.codeRoot, query.module, lookup);
    return file === undefined ? undefined : { file, compiled: false };
  }
  const base = resolve(query.codeRoot, query.module);
  const entryPoint = query.build && findEntryPoint(query.build.entryPoints, query, lookup);
  if (entryPoint) return { file: entryPoint, compiled: true };
  const configs = compilerConfigs(query.root, dirname(base), lookup);
  const source = findCompilerSource(base, configs, lookup);
  if (source) return { file: source, compiled: true };
  const script = firstFile(base, scriptExtensions, lookup);
  const typed = firstFile(base, typedExtensions, lookup);
  // Both side by side under a tsconfig: the script is what `tsc` made of the other, and may be old.
  if (typed && (!script || configs.length > 0)) return { file: typed, compiled: true };
  if (script) return { file: script, compiled: query.build !== undefined };
  const unbuilt = findUnbuiltSource(query, base, lookup);
  return unbuilt ? { file: unbuilt, compiled: true } : undefined;
}

function firstFile(base: string, extensions: string[], lookup: FileLookup): string | undefined {
  return extensions.map((extension) => base + extension).find((path) => lookup.isFile(path));
}

/** esbuild names outputs by their path below the lowest common folder of all entry points, so handlers name that. */
function findEntryPoint(
  entryPoints: string[],
  query: HandlerModuleQuery,
  lookup: FileLookup,
): string | undefined {
  const files = entryPoints.map((entry) => resolve(query.codeRoot, entry));
  const common = files
    .map((file) => dirname(file))
    .reduce((a, b) => commonFolder(a, b), dirname(files[0] ?? ''));
  const wanted = query.module.replace(/\\/g, '/');
  const names = (file: string): string[] => [
    slashed(relative(common, file)),
    slashed(relative(query.codeRoot, file)),
  ];
  return files.find(
    (file) => names(file).some((name) => withoutExtension(name) === wanted) && lookup.isFile(file),
  );
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== dirname(folder) && !isInside(folder, b)) folder = dirname(folder);
  return folder;
}

/** Every tsconfig from a folder up to the project's root, nearest first. */
function compilerConfigs(root: string, from: string, lookup: FileLookup): CompilerFolders[] {
  const found: CompilerFolders[] = [];
  for (let folder = from; isInside(root, folder); folder = dirname(folder)) {
    const names = lookup.list(folder).filter((name) => /^tsconfig(\..+)?\.json$/.test(name));
    for (const name of names.sort((a, b) => a.length - b.length)) {
      const config = readCompilerFolders(join(folder, name), lookup);
      if (config) found.push(config);
    }
    if (folder === dirname(folder)) break;
  }
  return found;
}

function findCompilerSource(
  base: string,
  configs: CompilerFolders[],
  lookup: FileLookup,
): string | undefined {
  for (const { outDir, sourceRoots } of configs) {
    if (!outDir || !isInside(outDir, base)) continue;
    for (const root of sourceRoots) {
      const source = firstFile(resolve(root, relative(outDir, base)), typedExtensions, lookup);
      if (source) return source;
    }
  }
  return undefined;
}

const outputFolders = /^(dist|build|out|lib|\.build|output)$/;

/** Output that was never built: the same path below `src`, or without the output folder, is where it will come from. */
function findUnbuiltSource(query: HandlerModuleQuery, base: string, lookup: FileLookup): string | undefined {
  const parts = slashed(relative(query.root, base)).split('/');
  const index = parts.findIndex((part) => outputFolders.test(part));
  if (index < 0) return undefined;
  const before = parts.slice(0, index);
  const after = parts.slice(index + 1);
  const places = [
    [...before, 'src', ...after],
    [...before, ...after],
  ];
  for (const place of places) {
    const source = firstFile(resolve(query.root, ...place), typedExtensions, lookup);
    if (source) return source;
  }
  return undefined;
}

/** The module most like a missing one, as a handler string would write it: a similar name, or the same one elsewhere. */
export function nearestModule(query: HandlerModuleQuery, lookup: FileLookup): string | undefined {
  const modules = listModules(query, lookup);
  const name = basename(query.module);
  return (
    nearest(query.module, modules) ??
    modules.find((module) => basename(module) === name) ??
    modules.find((module) => nearest(name, [basename(module)]) !== undefined) ??
    (modules.length === 1 ? modules[0] : undefined)
  );
}

const otherCode = new Set(['node_modules/', '__pycache__/', 'vendor/']);

/** Modules that a handler of this code folder could name: scripts and typed sources, three folders deep, at most 500. */
export function listModules(query: HandlerModuleQuery, lookup: FileLookup): string[] {
  const found = new Set<string>();
  const isOne = interpreted[query.language ?? '']?.isModule ?? isModule;
  const visit = (folder: string, prefix: string, depth: number): void => {
    for (const name of lookup.list(folder)) {
      if (found.size >= 500 || name.startsWith('.')) continue;
      if (!name.endsWith('/')) {
        if (isOne(name)) found.add(prefix + withoutExtension(name));
      } else if (depth > 0 && !otherCode.has(name)) visit(join(folder, name), prefix + name, depth - 1);
    }
  };
  visit(query.codeRoot, '', 3);
  return [...found];
}

function isModule(name: string): boolean {
  const code = [...scriptExtensions, ...typedExtensions].some((extension) => name.endsWith(extension));
  return code && !/\.d\.[cm]?ts$|\.(test|spec|config)\.[^.]+$/.test(name);
}

const withoutExtension = (path: string): string => path.replace(/\.[^./]+$/, '');
const slashed = (path: string): string => path.replace(/\\/g, '/');

/** Whether a path is a folder or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!/^\.\.($|[\\/])/.test(way) && !isAbsolute(way));
}
