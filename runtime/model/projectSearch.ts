import { basename, extname, join, relative } from 'node:path';
import type { FileLookup } from '../support/fileLookup.ts';
import type { LanguageId } from './words.ts';
import { projectFileFormats } from './projectFiles/index.ts';

/** Levels of folders below a project's root that are searched for project files, and the most folders looked into. */
export const searchBounds = { depth: 3, folders: 2000 } as const;

/** Folders that hold results or other people's code. */
const skippedFolders = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  'vendor',
  'bower_components',
  'venv',
  'env',
  'site-packages',
  '__pycache__',
]);

/** Whether a folder is left out of every search below a project's root. */
export function isSkippedFolder(name: string): boolean {
  return name.startsWith('.') || skippedFolders.has(name);
}

/** Of the files in one folder those that may be project files: one per format, in the order of the formats. */
export function projectFileNamesIn(files: ReadonlySet<string>): string[] {
  return projectFileFormats
    .map(({ fileNames }) => fileNames.find((name) => files.has(name)))
    .filter((name) => name !== undefined);
}

/** Paths below a root that may be project files by their name, nearest to the root first. */
export function searchProjectFiles(root: string, lookup: FileLookup): string[] {
  const found: string[] = [];
  let level = [root];
  let visited = 0;
  for (let depth = 0; depth <= searchBounds.depth; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++visited > searchBounds.folders) return found;
      const names = lookup.list(folder);
      found.push(...projectFileNamesIn(new Set(names)).map((name) => join(folder, name)));
      next.push(...foldersIn(names).map((name) => join(folder, name)));
    }
    level = next;
  }
  return found;
}

function foldersIn(names: string[]): string[] {
  const folders = names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
  return folders.filter((name) => !isSkippedFolder(name)).sort();
}

/** Names of modules that may hold handlers in a folder without project files. */
export const bareModuleNames = ['index', 'handler', 'main', 'app', 'lambda', 'function', 'lambda_function'];
/** Sources come before what may have been built from them. */
const bareExtensions = ['.ts', '.mts', '.cts', '.mjs', '.js', '.cjs', '.py', '.php'];
/** Exports that are taken for handlers there, the usual one first. */
export const bareHandlerNames = ['handler', 'main', 'lambdaHandler', 'lambda_handler'];
const mostFolders = 200;
/** Folders that are part of their parent's code instead of functions of their own. */
const partOfParent = new Set(['src', 'lib']);
const neverFunctions = new Set([
  'test',
  'tests',
  '__tests__',
  'scripts',
  'docs',
  'public',
  'static',
  'assets',
  'types',
]);

/** A module that may hold handlers, and the code folder its functions would have. */
export interface BareModule {
  file: string;
  codeRoot: string;
}

/** Modules to look at in a folder without project files: in its root, its `src` and its first-level folders. */
export function searchBareModules(root: string, lookup: FileLookup): BareModule[] {
  const names = lookup.list(root);
  const below = foldersIn(names).filter((name) => !neverFunctions.has(name));
  return [
    ...modulesIn(root, root, names),
    ...below.slice(0, mostFolders).flatMap((name) => {
      const folder = join(root, name);
      return modulesIn(folder, partOfParent.has(name) ? root : folder, lookup.list(folder));
    }),
  ];
}

/** At most one module of each name: a source hides what was built from it. */
function modulesIn(folder: string, codeRoot: string, names: string[]): BareModule[] {
  return bareModuleNames.flatMap((name) => {
    const extension = bareExtensions.find((candidate) => names.includes(name + candidate));
    return extension === undefined ? [] : [{ file: join(folder, name + extension), codeRoot }];
  });
}

const languageOfEnding: Partial<Record<string, LanguageId>> = { '.py': 'python', '.php': 'php' };

/** What a module of a folder without project files is written in. */
export function languageOfModule(file: string): LanguageId {
  return languageOfEnding[extname(file)] ?? 'nodejs';
}

/** A function of a folder without project files. */
export interface BareFunction extends BareModule {
  name: string;
  /** The handler string that names it. */
  handler: string;
  exportName: string;
}

/** Names the handlers that modules export, in the order of the search; `exported` are a module's export names. */
export function nameBareFunctions(modules: (BareModule & { exported: string[] })[]): BareFunction[] {
  const taken = new Set<string>();
  const functions: BareFunction[] = [];
  for (const { file, codeRoot, exported } of modules) {
    for (const exportName of bareHandlerNames.filter((name) => exported.includes(name))) {
      const module = relative(codeRoot, file).slice(0, -extname(file).length).replace(/\\/g, '/');
      const base = safeName(basename(codeRoot));
      const candidates = [base, `${base}-${basename(module)}`, `${base}-${basename(module)}-${exportName}`];
      const name = candidates.find((candidate) => !taken.has(candidate));
      if (name === undefined) continue;
      taken.add(name);
      functions.push({ file, codeRoot, name, exportName, handler: `${module}.${exportName}` });
    }
  }
  return functions;
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'function';
}
