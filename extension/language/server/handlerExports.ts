import { dirname, resolve } from 'node:path';
import { phpFunctions } from '../../../runtime/model/phpModule.ts';
import { pythonNames } from '../../../runtime/model/pythonModule.ts';
import type { FileLookup } from '../../../runtime/support/fileLookup.ts';
import { readModuleExports, type ExportPlace, type ModuleExports } from './moduleExports.ts';

/** Where an export is declared, or why that cannot be said. */
export type ExportAnswer =
  | { kind: 'found'; file: string; place: ExportPlace }
  /** The module has it not. `names` are those it has. */
  | { kind: 'missing'; names: string[] }
  /** Only running the code would tell. */
  | { kind: 'unknown' };

/** A Python module's names; `import *` and the like hide what else there is. */
function readPythonExports(text: string): ModuleExports {
  const names = new Map(pythonNames(text).map(({ name, start, end }) => [name, { start, end }]));
  return { names, stars: [], open: /^(from\s+\S+\s+import\s+\*|globals\(\)|def\s+__getattr__)/m.test(text) };
}

/** A PHP file's functions; what it includes, and its classes, may hold others. */
function readPhpExports(text: string): ModuleExports {
  const names = new Map(phpFunctions(text).map(({ name, start, end }) => [name, { start, end }]));
  const open = /\b(require|include)(_once)?\b|\bfunction_exists\b|\bclass\b|\beval\b/.test(text);
  return { names, stars: [], open };
}

function readExports(file: string, text: string): ModuleExports {
  if (file.endsWith('.py')) return readPythonExports(text);
  return file.endsWith('.php') ? readPhpExports(text) : readModuleExports(file, text);
}

/** Follows exports through the modules of a project. Texts are parsed once, until they change. */
export class HandlerExports {
  readonly #files: FileLookup;
  readonly #parsed = new Map<string, { text: string; exports: ModuleExports }>();

  constructor(files: FileLookup) {
    this.#files = files;
  }

  /** Where a module's export comes from, through re-exports of the project's own files. */
  find(file: string, name: string): ExportAnswer {
    return this.#find(file, name, new Set());
  }

  /** Exports of a module as its text tells; undefined when it cannot be read. */
  read(file: string): ModuleExports | undefined {
    const text = this.#files.readText(file);
    if (text === undefined) return undefined;
    const known = this.#parsed.get(file);
    if (known?.text === text) return known.exports;
    const exports = readExports(file, text);
    // Enough for every handler of a large workspace; a rare start from anew keeps the rest bounded.
    if (this.#parsed.size >= 500) this.#parsed.clear();
    this.#parsed.set(file, { text, exports });
    return exports;
  }

  #find(file: string, name: string, seen: Set<string>): ExportAnswer {
    const exports = seen.has(file) ? undefined : this.read(file);
    if (!exports) return { kind: 'unknown' };
    seen.add(file);
    const own = exports.names.get(name);
    if (own) return this.#follow(file, own, seen);
    const names = [...exports.names.keys()];
    let open = exports.open;
    for (const module of exports.stars) {
      const target = resolveModule(file, module, this.#files);
      const answer: ExportAnswer = target ? this.#find(target, name, seen) : { kind: 'unknown' };
      if (answer.kind === 'found') return answer;
      if (answer.kind === 'missing') names.push(...answer.names);
      else open = true;
    }
    return open ? { kind: 'unknown' } : { kind: 'missing', names };
  }

  /** A re-export leads on to its origin; when that cannot be reached, the re-export itself is the place. */
  #follow(
    file: string,
    own: ExportPlace & { from?: { module: string; name: string } },
    seen: Set<string>,
  ): ExportAnswer {
    const place = { start: own.start, end: own.end };
    const target = own.from && resolveModule(file, own.from.module, this.#files);
    const answer = target ? this.#find(target, own.from!.name, seen) : undefined;
    return answer?.kind === 'found' ? answer : { kind: 'found', file, place };
  }
}

const sourceExtensions: Record<string, string[]> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};

/** The file behind a relative import, as TypeScript and Node find it; packages and aliases are not followed. */
export function resolveModule(from: string, module: string, files: FileLookup): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(module)) return undefined;
  const base = resolve(dirname(from), module);
  const extension = /\.[cm]?js$/.exec(base)?.[0] ?? '';
  const stem = base.slice(0, base.length - extension.length);
  const candidates = [
    ...(sourceExtensions[extension] ?? []).map((each) => stem + each),
    base,
    ...['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs'].flatMap((each) => [
      base + each,
      `${base}/index${each}`,
    ]),
  ];
  return candidates.find((path) => files.isFile(path));
}
