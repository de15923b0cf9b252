import { basename, dirname, join } from 'node:path';
import { findPythonModule } from '../model/pythonModule.ts';
import type { FileLookup } from '../support/fileLookup.ts';
import type { ImportClosure } from './importClosure.ts';

const statement =
  /^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)|import[ \t]+([\w., \t]+))/gm;
const computed = /\b(?:__import__|import_module|exec|runpy)\b/;

/** Follows imports from a module to files of the code folder. A scan by text: too many files do no harm. */
export function pythonImports(
  entry: string,
  codeRoot: string,
  lookup: FileLookup,
  limit = 2000,
): ImportClosure {
  const files = new Set([entry]);
  let dynamic = false;
  const add = (file: string | undefined): void => {
    if (file === undefined || files.size >= limit) return;
    files.add(file);
    // The packages around a module are loaded before it.
    for (
      let folder = dirname(file);
      folder !== codeRoot && folder !== dirname(folder);
      folder = dirname(folder)
    ) {
      const own = join(folder, '__init__.py');
      if (lookup.isFile(own)) files.add(own);
    }
  };
  const addModule = (root: string, module: string): void => {
    const parts = module.split('.');
    for (let length = 1; length <= parts.length; length++)
      add(findPythonModule(root, parts.slice(0, length).join('.'), lookup));
  };
  for (const file of files) {
    const text = lookup.readText(file) ?? '';
    dynamic ||= computed.test(text);
    // A module that a handler string names by its folder finds its neighbours there, too.
    const roots = new Set([codeRoot, dirname(entry)]);
    for (const [, from, names = '', plain] of text.matchAll(statement)) {
      if (plain !== undefined) {
        for (const module of plain.split(',').map((part) => part.trim().split(/\s/)[0]!))
          for (const root of roots) addModule(root, module);
        continue;
      }
      const dots = /^\.*/.exec(from!)![0].length;
      const module = from!.slice(dots);
      let base = file;
      for (let up = 0; up < dots; up++) base = dirname(base);
      for (const root of dots > 0 ? [base] : roots) {
        if (module !== '') addModule(root, module);
        for (const name of names.replace(/[()#]/g, ' ').split(/[,\n]/)) {
          const [first] = name.trim().split(/\s/);
          if (first) add(findPythonModule(root, [module, first].filter(Boolean).join('.'), lookup));
        }
      }
    }
  }
  return { files: [...files], dynamic };
}

/** Whether a folder holds an interpreter and its packages rather than code of a function. */
export function isVirtualEnvironment(folder: string, lookup: FileLookup): boolean {
  return lookup.isFile(join(folder, 'pyvenv.cfg')) || basename(folder) === 'site-packages';
}
