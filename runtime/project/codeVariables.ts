import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { environmentUse, type EnvironmentUse } from '../model/code/environmentReads.ts';
import { isKnownVariable } from '../model/code/knownVariables.ts';
import type { VariableRead } from '../model/environment.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { isInside } from '../model/handlerModule.ts';
import { locateHandlers } from '../packaging/handlerTargets.ts';
import { diskLookup, type FileLookup } from '../support/fileLookup.ts';

/** Larger files are generated, and lines longer than this on average are minified. */
const fileBytes = 256 * 1024;
const averageLine = 300;
/** Bounds of one function's code. */
const mostFiles = 400;
const mostBytes = 8 * 1024 * 1024;
/** Files that are remembered, of all functions. */
const mostKnown = 2000;

interface Known {
  size: number;
  mtimeMs: number;
  use: EnvironmentUse | undefined;
}

/**
 * Finds the environment variables the functions of a project read in their own code, packages left out. Nothing is run or
 * built: relative imports are followed from the handler, and what was read stays known until it changes.
 */
export class CodeVariables {
  readonly #root: string;
  readonly #lookup: FileLookup;
  readonly #known = new Map<string, Known>();
  /** Files that were asked for, by function. */
  readonly #files = new Map<string, ReadonlySet<string>>();

  constructor(root: string, lookup: FileLookup = diskLookup) {
    this.#root = root;
    this.#lookup = lookup;
  }

  /**
   * The variables the code of a function depends on and `isGiven` does not know, each at its first place. `more` are files
   * that belong to the function as well, e.g. those a build found.
   */
  async missing(
    definition: FunctionDefinition,
    isGiven: (name: string) => boolean,
    more: readonly string[] = [],
  ): Promise<VariableRead[]> {
    const files = await this.#read(definition, more);
    if (files.some(({ use }) => use.writesOthers)) return [];
    const provided = new Set(files.flatMap(({ use }) => use.writes));
    const found = new Map<string, { read: VariableRead; demanded: boolean; optional: boolean }>();
    for (const { file, use } of files) {
      for (const { name, line, column, endColumn, use: how } of use.reads) {
        if (provided.has(name) || isKnownVariable(name) || isGiven(name) || how === 'shown') continue;
        const known = found.get(name) ?? {
          read: { name, file, line, column, endColumn },
          demanded: false,
          optional: false,
        };
        known.demanded ||= how === 'demanded';
        known.optional ||= how === 'optional';
        found.set(name, known);
      }
    }
    return [...found.values()].flatMap(({ read, demanded, optional }) =>
      demanded || !optional ? [read] : [],
    );
  }

  /** Functions whose code some of these files were when it was last looked at. */
  functionsOf(files: readonly string[]): string[] {
    return [...this.#files].flatMap(([name, own]) => (concerns(own, files) ? name : []));
  }

  #entries(definition: FunctionDefinition): string[] {
    // Only the text of JavaScript and TypeScript is understood.
    if (definition.language !== 'nodejs') return [];
    try {
      const { handler, initializer, preFreeze, preStop } = locateHandlers(definition, this.#root);
      return [handler, initializer, preFreeze, preStop].flatMap((target) => target?.file ?? []);
    } catch {
      // Whoever invokes it is told what is wrong with the handler.
      return [];
    }
  }

  async #read(
    definition: FunctionDefinition,
    more: readonly string[],
  ): Promise<{ file: string; use: EnvironmentUse }[]> {
    const waiting = new Set(this.#entries(definition));
    this.#files.set(definition.name, waiting);
    const found: { file: string; use: EnvironmentUse }[] = [];
    let bytes = 0;
    let added = false;
    // A set gives what is added to it while it is gone through as well.
    for (const file of waiting) {
      if (found.length >= mostFiles || bytes >= mostBytes) break;
      const known = await this.#useOf(file);
      if (known?.use) {
        bytes += known.size;
        found.push({ file, use: known.use });
        for (const specifier of known.use.modules) {
          const target = specifier.startsWith('.') ? this.#findModule(dirname(file), specifier) : undefined;
          if (target !== undefined) waiting.add(target);
        }
      }
      if (!added && found.length > 0) {
        added = true;
        for (const other of more) if (isOwnScript(other) && isInside(this.#root, other)) waiting.add(other);
      }
    }
    return found;
  }

  async #useOf(file: string): Promise<Known | undefined> {
    try {
      const { size, mtimeMs } = await stat(file);
      const before = this.#known.get(file);
      if (before?.size === size && before.mtimeMs === mtimeMs) return before;
      const known: Known = { size, mtimeMs, use: undefined };
      if (size <= fileBytes) {
        const text = await readFile(file, 'utf8');
        const lines = text.split('\n').length;
        if (text.length / lines <= averageLine) known.use = environmentUse(text);
      }
      if (this.#known.size >= mostKnown) this.#known.clear();
      this.#known.set(file, known);
      return known;
    } catch {
      // Gone or unreadable: the build says so.
      return undefined;
    }
  }

  /** As Node and TypeScript find a relative import: `./x.js` may be written as `x.ts`. */
  #findModule(folder: string, specifier: string): string | undefined {
    const base = resolve(folder, specifier);
    const source = base.replace(/\.([cm]?)js$/, '.$1ts');
    const candidates = [
      base,
      ...(source === base ? [] : [source, base.replace(/\.js$/, '.tsx')]),
      ...endings.map((ending) => base + ending),
      ...endings.map((ending) => resolve(base, `index${ending}`)),
    ];
    return candidates.find((path) => isOwnScript(path) && this.#lookup.isFile(path));
  }
}

/** A function whose handler was not found may get one with any script. */
function concerns(own: ReadonlySet<string>, files: readonly string[]): boolean {
  return files.some((file) => (own.size === 0 ? isOwnScript(file) : own.has(file)));
}

const endings = ['.ts', '.tsx', '.js', '.mts', '.cts', '.mjs', '.cjs', '.jsx'];

function isOwnScript(path: string): boolean {
  return (
    /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path) &&
    !/\.d\.[cm]?ts$/.test(path) &&
    !/[\\/]node_modules[\\/]/.test(path)
  );
}
