import Module from 'node:module';

/*
 * The functions that instrumentation replaces. Packages that do so change what is loaded after them, so they cannot be
 * loaded out of their turn. Only what is loaded already is looked at: looking must not load anything.
 */

type Load = (request: string, parent: undefined, isMain: boolean) => unknown;
const internals = Module as unknown as { _load: Load };

const globals: Record<string, () => unknown> = {
  'globalThis.fetch': () => globalThis.fetch,
  'globalThis.setTimeout': () => globalThis.setTimeout,
  'globalThis.setInterval': () => globalThis.setInterval,
  'globalThis.setImmediate': () => globalThis.setImmediate,
  'globalThis.queueMicrotask': () => globalThis.queueMicrotask,
  'globalThis.Promise': () => globalThis.Promise,
  'Promise.prototype.then': () => property(Promise.prototype, 'then'),
  'Array.prototype.push': () => property(Array.prototype, 'push'),
  'Function.prototype.call': () => property(Function.prototype, 'call'),
  'Error.prepareStackTrace': () => Error.prepareStackTrace,
  'JSON.parse': () => JSON.parse,
  'JSON.stringify': () => JSON.stringify,
  'Date.now': () => Date.now,
  'console.log': () => console.log,
  'console.error': () => console.error,
  'process.emit': () => property(process, 'emit'),
  'process.on': () => property(process, 'on'),
  'process.exit': () => property(process, 'exit'),
  'process.emitWarning': () => property(process, 'emitWarning'),
  'process.nextTick': () => property(process, 'nextTick'),
  'Module.prototype.require': () => property(Module.prototype, 'require'),
  'Module.prototype._compile': () => property(Module.prototype, '_compile'),
  'Module._load': () => property(Module, '_load'),
  'Module._resolveFilename': () => property(Module, '_resolveFilename'),
  "Module._extensions['.js']": () => (Reflect.get(Module, '_extensions') as Record<string, unknown>)['.js'],
};

const ofBuiltins: Record<string, string[]> = {
  http: ['request', 'get', 'createServer', 'Server.prototype.emit', 'ClientRequest'],
  https: ['request', 'get', 'createServer'],
  net: ['connect', 'createConnection', 'Socket.prototype.connect'],
  tls: ['connect'],
  dns: ['lookup', 'resolve'],
  fs: ['readFile', 'readFileSync', 'open', 'writeFile', 'stat'],
  events: ['prototype.emit', 'prototype.on', 'prototype.addListener'],
  child_process: ['spawn', 'exec', 'execFile'],
  timers: ['setTimeout', 'setInterval'],
  zlib: ['gzip', 'gunzip'],
  crypto: ['createHash', 'randomBytes'],
  async_hooks: ['AsyncLocalStorage'],
  worker_threads: ['Worker'],
};

/** Identities of functions by name. */
export type Fingerprint = Map<string, unknown>;

/** `loaded` tells which of Node's modules have been loaded; `load` gives them, past whoever times loading. */
export function fingerprint(loaded: (name: string) => boolean, load: Load = internals._load): Fingerprint {
  const found: Fingerprint = new Map(Object.entries(globals).map(([name, get]) => [name, get()]));
  for (const [name, paths] of Object.entries(ofBuiltins)) {
    if (!loaded(name)) continue;
    // As user code loads it: our own watching replaces functions at that moment. With its prefix it need not be resolved.
    const module = load.call(Module, `node:${name}`, undefined, false);
    for (const path of paths) {
      found.set(`${name}.${path}`, path.split('.').reduce<unknown>(property, module));
    }
  }
  return found;
}

function property(value: unknown, key: string): unknown {
  return value === undefined || value === null ? undefined : (value as Record<string, unknown>)[key];
}

/** The first function that is another one now; what was not looked at before does not count. */
export function replaced(before: Fingerprint, after: Fingerprint): string | undefined {
  for (const [name, value] of after) {
    if (before.has(name) && !Object.is(before.get(name), value)) return name;
  }
  return undefined;
}
