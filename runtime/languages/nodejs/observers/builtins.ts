import type Module from 'node:module';
import { requireBuiltin } from './requireBuiltin.ts';

type Patch = (module: Record<string, unknown>) => void;
type Load = (request: string, parent: unknown, isMain: boolean) => unknown;

/** Exports of packages and of Node: not the user's own state. */
const foreign = new WeakSet<object>();

/** Whether an object is what a package or Node exports. */
export function isForeign(value: object): boolean {
  return foreign.has(value);
}

/**
 * Patches built-in modules when user code first loads them, so that a function that never uses `http` does not load it,
 * and remembers what packages export.
 */
export class BuiltinPatches {
  #patches: Map<string, Patch>;
  #done = new Set<string>();

  constructor(patches: Record<string, Patch>) {
    this.#patches = new Map(Object.entries(patches));
    const internals = requireBuiltin<{ _load: Load }>('module');
    const original = internals._load;
    const patched = (request: string, parent: unknown, isMain: boolean): unknown => {
      const exports = Reflect.apply(original, internals, [request, parent, isMain]) as unknown;
      if (typeof request === 'string' && exports !== null) this.#loaded(request, exports);
      return exports;
    };
    internals._load = patched;
  }

  /** Patches a module now, loading it if need be. */
  patch(name: string): void {
    if (this.#done.has(name)) return;
    this.#done.add(name);
    this.#patches.get(name)?.(requireBuiltin(name));
  }

  /** Patches what ES modules imported past us, and shows them all patches. */
  patchImported(): void {
    const loaded = process as unknown as { moduleLoadList?: string[] };
    for (const entry of loaded.moduleLoadList ?? []) {
      const name = entry.startsWith('NativeModule ') ? entry.slice('NativeModule '.length) : '';
      if (this.#patches.has(name)) this.patch(name);
    }
    requireBuiltin<typeof Module>('module').syncBuiltinESMExports();
  }

  #loaded(request: string, exports: unknown): void {
    const name = request.startsWith('node:') ? request.slice('node:'.length) : request;
    if (this.#patches.has(name) && !this.#done.has(name)) {
      this.#done.add(name);
      this.#patches.get(name)!(exports as Record<string, unknown>);
    }
    if ((typeof exports === 'object' || typeof exports === 'function') && isPackage(request)) {
      foreign.add(exports as object);
    }
  }
}

/** Bare names are packages or Node's own; `#name` is the user's, and paths are unless they lead into `node_modules`. */
function isPackage(request: string): boolean {
  return !/^(?:[./\\#]|[A-Za-z]:[\\/])/.test(request) || /[\\/]node_modules[\\/]/.test(request);
}
