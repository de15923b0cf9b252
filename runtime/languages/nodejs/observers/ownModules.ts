import { readFileSync, statSync } from 'node:fs';
import Module from 'node:module';
import { fileURLToPath } from 'node:url';
import { inPackage, isOurs } from './callSites.ts';

/** Modules looked into, and bytes of their text kept to tell own functions from a package's. */
const mostModules = 50;
const mostBytes = 1024 * 1024;

/** A module of the user's, with a function of it whose scopes show its variables. */
export interface OwnModule {
  file: string;
  probe?: (...args: never[]) => unknown;
  /** Exports of a CommonJS module. */
  exports?: object;
  text: string;
}

/** The user's modules that are loaded: the handler's, and what CommonJS it required that belongs to no package. */
export function findOwnModules(entry: string, handler: unknown): OwnModule[] {
  const cache = (Module as unknown as { _cache: Record<string, { exports: unknown } | undefined> })._cache;
  const entryFile = entry.startsWith('file:') ? fileURLToPath(entry) : entry;
  const files = [entryFile, ...Object.keys(cache).filter((file) => file !== entryFile && isCode(file))];
  const modules: OwnModule[] = [];
  let bytes = 0;
  for (const file of files.slice(0, mostModules)) {
    const text = readText(file, mostBytes - bytes);
    bytes += text.length;
    const exports = cache[file]?.exports;
    const module: OwnModule = { file, text };
    if (isObject(exports)) module.exports = exports;
    const candidates = [...(file === entryFile ? [handler] : []), ...functionsOf(exports)];
    const probe = candidates.find((candidate) => isFunction(candidate) && isWrittenIn(text, candidate));
    if (probe) module.probe = probe as (...args: never[]) => unknown;
    if (module.probe ?? module.exports) modules.push(module);
  }
  return modules;
}

function isCode(file: string): boolean {
  return !inPackage(file) && !isOurs(file) && /\.[cm]?[jt]s$/.test(file);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}

function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function';
}

/** Whether a function stands in this text: one that a package made around the handler does not. */
export function isWrittenIn(text: string, candidate: object): boolean {
  return text.includes(Function.prototype.toString.call(candidate));
}

/** Functions a module exports, and methods of objects it exports. */
function functionsOf(exports: unknown): unknown[] {
  if (!isObject(exports)) return [];
  const values = [exports, ...valuesOf(exports)];
  return values.flatMap((value) => (isFunction(value) ? [value] : isObject(value) ? valuesOf(value) : []));
}

/** Values of an object without calling the user's getters; a bundler's getters only hand out a variable. */
function valuesOf(object: object): unknown[] {
  return Object.values(Object.getOwnPropertyDescriptors(object))
    .slice(0, 100)
    .map((property) => property.value as unknown);
}

function readText(file: string, room: number): string {
  try {
    return statSync(file).size > room ? '' : readFileSync(file, 'utf8');
  } catch {
    // It was replaced meanwhile: then its variables are not told.
    return '';
  }
}
