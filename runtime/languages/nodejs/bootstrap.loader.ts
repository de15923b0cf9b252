import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { wrappedFilesHere } from '../../protocol/instance/contract.ts';
import type { KnownCode, LoadCommand } from '../../protocol/instance/messages.ts';
import { CodeCache } from './bootstrap.codeCache.ts';
import { withoutWrapper } from './bootstrap.debugMaps.ts';
import { isPackageFile } from './bootstrap.resolutions.ts';

/*
 * V8 pauses for source maps in scripts and ES modules, but not in code that is compiled as a function, which is what
 * `require` does. Breakpoints in a user's TypeScript bind only before its first line if CommonJS is loaded as a script.
 */

interface ModuleInternals {
  _compile(content: string, filename: string, format?: string): unknown;
}

type Wrapped = (
  exports: unknown,
  require: NodeJS.Require,
  module: unknown,
  filename: string,
  directory: string,
) => unknown;

function runScript(content: string, filename: string): Wrapped {
  // No newline in front: lines stay what they are, and only columns of the first line shift. Debuggers know Node's own
  // wrapper: around any other they take the text for another than the file's, and show it instead of the file.
  return codeCache.compile(content, Module.wrap(content), filename, importFrom).runInThisContext() as Wrapped;
}

/** Compiled code of this start and of earlier ones. */
export const codeCache = new CodeCache();
/** Packages are compiled as scripts only where their code can be kept. */
let packagesAsScripts = false;

/**
 * From now on code of earlier starts is used, and code of packages is noted for later ones. Under a debugger packages
 * keep Node's own way: V8 would pause for the source map of each of their scripts.
 */
export function useKnownCode(code: KnownCode, debugged: boolean): void {
  packagesAsScripts = !debugged;
  codeCache.use(code);
  codeCache.resolutions.install();
}

/** Folders of packages with breakpoints in them; undefined while no debugger is attached. */
let packagesWithBreakpoints: readonly string[] | undefined;

/** From now on code is compiled so that breakpoints bind before its first line, at the columns of the file. */
export function loadForDebugger(packages: readonly string[]): void {
  packagesWithBreakpoints = packages;
}

const wrapperColumns = Module.wrap('\n').indexOf('\n');

/** The text to compile as a script, or undefined when it is compiled in Node's own way. */
function scriptText(content: string, filename: string): string | undefined {
  if (!packagesWithBreakpoints) {
    return packagesAsScripts || !isPackageFile(filename) ? content : undefined;
  }
  const wanted =
    !isPackageFile(filename) || packagesWithBreakpoints.some((folder) => filename.startsWith(folder));
  // Without a map there is nothing to pause for, and Node's own way keeps the columns of the first line.
  return wanted ? withoutWrapper(content, filename, wrapperColumns) : undefined;
}

/** How Node itself compiles CommonJS, with an `import()` that resolves from the file. */
const compileAsNode = (Module.prototype as unknown as ModuleInternals)._compile;

/** `import()` as it works in a file, also on a Node that has no loader of its own for scripts (before 20.12). */
export function importFrom(filename: string): (specifier: string) => Promise<unknown> {
  let load: ((specifier: string) => Promise<unknown>) | undefined;
  return (specifier) => {
    if (!load) {
      const helper = new Module(filename);
      helper.filename = filename;
      compileAsNode.call(helper, 'module.exports = (specifier) => import(specifier);', filename);
      load = helper.exports as NonNullable<typeof load>;
    }
    return load(specifier);
  };
}

/** Node 20 warns, at a function's first `import()`, of the option that we chose: nothing its author could do about. */
function muteLoaderWarning(): void {
  const original = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (rest[0] === 'ExperimentalWarning' && String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER'))
      return;
    original(warning, ...rest);
  };
}

/** Parts of the bootstrap that are loaded when they are needed. */
const isOwn = /\.bootstrap\.cjs$/;

/** Compiles every CommonJS module of the user as a script; called once, before any user code. Packages keep Node's own way unless their code is cached. */
export function compileAsScripts(): void {
  muteLoaderWarning();
  const prototype = Module.prototype as unknown as ModuleInternals;
  prototype._compile = function (this: NodeModule & ModuleInternals, content, filename, format) {
    // A first line for the shell cannot stand in a wrapper.
    const plain =
      (format === undefined || format === 'commonjs') && !content.startsWith('#!') && !isOwn.test(filename);
    const text = plain && !filename.endsWith('.mjs') ? scriptText(content, filename) : undefined;
    if (text === undefined) return compileAsNode.call(this, content, filename, format);
    let wrapped: Wrapped;
    try {
      wrapped = runScript(text, filename);
      if (!isPackageFile(filename)) wrappedFilesHere().set(filename, wrapperColumns);
    } catch (error) {
      // Node's own loader words syntax errors better, and takes ES module syntax where its version can.
      if (error instanceof SyntaxError) return compileAsNode.call(this, content, filename, format);
      throw error;
    }
    const require = requireOf(this);
    return wrapped.call(this.exports, this.exports, require, this, filename, dirname(filename));
  };
}

function requireOf(module: NodeModule): NodeJS.Require {
  const internals = Module as unknown as {
    _cache: NodeJS.Dict<NodeModule>;
    _extensions: NodeJS.RequireExtensions;
    _resolveFilename(id: string, parent: unknown, isMain: boolean, options?: unknown): string;
  };
  const resolve = (id: string, options?: unknown) => internals._resolveFilename(id, module, false, options);
  return Object.assign((id: string) => module.require(id) as unknown, {
    main: process.mainModule,
    cache: internals._cache,
    extensions: internals._extensions,
    resolve: Object.assign(resolve, {
      paths: (id: string) => createRequire(module.filename).resolve.paths(id),
    }),
  });
}

/** Our own bundles, and the handler's bundle, in which hooks may live as well: they run once. */
const bundles = new Map<string, NodeModule>();

/** A bundle lies elsewhere than the sources it was made of: it must see their folder and their packages. */
function loadBundle(entry: string, sourceDir: string): unknown {
  const known = bundles.get(entry);
  if (known) return known.exports;
  const source = readFileSync(entry, 'utf8');
  const module = new Module(entry);
  module.filename = entry;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(
    sourceDir,
  );
  bundles.set(entry, module);
  const bundleRequire = createRequire(join(sourceDir, 'index.js'));
  runScript(source, entry).call(module.exports, module.exports, bundleRequire, module, entry, sourceDir);
  module.loaded = true;
  return module.exports;
}

/** Loads one of our own files, which requires nothing but Node: finding it, and keeping its code, is not worth the time. */
export function loadOwn(path: string): unknown {
  const known = bundles.get(path);
  if (known) return known.exports;
  const module = new Module(path);
  bundles.set(path, module);
  const script = new vm.Script(Module.wrap(readFileSync(path, 'utf8')), { filename: path });
  (script.runInThisContext() as Wrapped).call(
    module.exports,
    module.exports,
    require,
    module,
    path,
    dirname(path),
  );
  return module.exports;
}

/** Loads a module the way its function needs it and gives its exports, or a promise of them. */
export function loadModule(entry: string, load: Pick<LoadCommand, 'loader' | 'sourceDir'>): unknown {
  if (load.loader === 'import') return import(pathToFileURL(entry).href);
  if (load.sourceDir !== undefined) return loadBundle(entry, load.sourceDir);
  return createRequire(entry)(entry) as unknown;
}
