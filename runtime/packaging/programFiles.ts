import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { isInside } from '../model/handlerModule.ts';
import { diskLookup } from '../support/fileLookup.ts';
import { isAsset, isPackageFile, listFiles } from './fileState.ts';
import { isVirtualEnvironment } from './pythonImports.ts';

/** Files that programs of any language are made of. Data is left out: programs write it, and a write is no edit. */
const sourceExtension =
  /\.(go|mod|sum|work|rs|toml|c|h|cc|cpp|cxx|hh|hpp|m|mm|zig|nim|d|v|swift|java|kt|kts|scala|clj|groovy|gradle|cs|csproj|fs|fsproj|vb|hs|ml|mli|ex|exs|erl|rb|ru|php|pl|pm|lua|r|jl|dart|py|sh|bash|ps1|bat|cmd|[cm]?js|[cm]?ts|jsx|tsx|mk|cmake|s|asm|templ|tmpl|gohtml)$/i;
const sourceName =
  /^(Makefile|GNUmakefile|Dockerfile|Gemfile|Rakefile|Procfile|bootstrap|BUILD|WORKSPACE|composer\.json|deno\.jsonc?)$/;

/** Where tools keep what they make. */
const madeFolder = /^(target|__pycache__|obj|\.gradle)$/;

/** Whether a change of this file may make another program. */
export function isProgramSource(path: string): boolean {
  const name = basename(path);
  return sourceExtension.test(name) || sourceName.test(name) || isPackageFile(name) || isAsset(path);
}

/** What says that a folder is the root of what is built together. */
const manifests = [
  'go.work',
  'go.mod',
  'Cargo.toml',
  'package.json',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
];

/** The folder whose sources a program is made of: its code folder, or the one above that its build belongs to. */
export function sourceRoot(codeRoot: string, root: string): string {
  let found = codeRoot;
  for (let folder = codeRoot; isInside(root, folder) && folder !== root;) {
    folder = dirname(folder);
    if (manifests.some((name) => existsSync(join(folder, name)))) found = folder;
  }
  return found;
}

/** Sources below a folder, sorted; at most 5000 entries are looked at. */
export function programFiles(folder: string): string[] {
  const isSkipped = (path: string) =>
    (madeFolder.test(basename(path)) && !hasSources(path)) || isVirtualEnvironment(path, diskLookup);
  return listFiles(folder, isProgramSource, 5000, isSkipped);
}

/** A folder that only has the name of one that tools make. */
function hasSources(folder: string): boolean {
  return readdirSync(folder).some((name) => /\.(go|rs|java|cs)$/.test(extname(name)));
}
