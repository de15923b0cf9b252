import Module, { isBuiltin } from 'node:module';
import { dirname, isAbsolute } from 'node:path';
import type { PackageRequest, RememberedMessage } from '../../protocol/instance/messages.ts';
import { fingerprint, replaced, type Fingerprint } from './bootstrap.fingerprint.ts';
import { moduleImports } from './bootstrap.moduleImports.ts';
import { isPackageFile } from './bootstrap.resolutions.ts';

type Load = (request: string, parent: NodeModule | undefined, isMain: boolean) => unknown;
const internals = Module as unknown as { _load: Load };

/** Built-in modules that may be loaded before anybody asks: loading them does nothing, and says nothing. */
const harmless = new Set(
  (
    'assert async_hooks buffer child_process constants crypto diagnostics_channel dns dns/promises events fs ' +
    'fs/promises http http2 https net os path path/posix perf_hooks process querystring readline stream ' +
    'stream/consumers stream/promises stream/web string_decoder timers timers/promises tls tty url util util/types ' +
    'v8 vm worker_threads zlib'
  ).split(' '),
);
/** What `fetch` and its classes are made of; loaded by touching one of them. */
const fetchCode = 'internal/deps/undici/undici';
export const fetchName = 'fetch';

const list = () => (process as unknown as { moduleLoadList: string[] }).moduleLoadList;

/** Names of Node's modules that have been loaded, without `node:`. */
export function loadedBuiltins(from = 0): Set<string> {
  const names = list()
    .slice(from)
    .flatMap((entry) => (entry.startsWith('NativeModule ') ? [entry.slice('NativeModule '.length)] : []));
  return new Set(names);
}

/** What one start shows: the packages that own code loads, in their order, and what it does in between. */
export class Learning {
  readonly #bootCount = list().length;
  #packages: PackageRequest[] = [];
  #seen = new Set<string>();
  #writes = new Map<string, number>();
  #stop: RememberedMessage['stop'];
  #depth = 0;
  #recording = false;
  /** The loader behind our hook. */
  #load: Load | undefined;
  #environment: NodeJS.ProcessEnv = {};
  #print: Fingerprint = new Map();
  #entry: string | undefined;

  /** `entry`: an ES module, whose imports are read from its text. */
  start(entry: string | undefined): void {
    this.#entry = entry;
    this.#recording = true;
    this.#takeStock();
  }

  /** Own code is loaded. */
  end(): void {
    if (this.#entry !== undefined && this.#recording) {
      // Where the imports stand is not seen: whatever was set may have been set before any of them.
      this.#noteWrites(0);
    }
    this.#recording = false;
  }

  report(): Omit<RememberedMessage, 'type' | 'code'> {
    const loaded = [...loadedBuiltins(this.#bootCount)];
    const builtins = loaded.filter((name) => harmless.has(name));
    if (loaded.includes(fetchCode)) builtins.push(fetchName);
    const imports = this.#entry === undefined ? [] : moduleImports(this.#entry);
    return {
      builtins,
      packages: [...imports, ...this.#packages],
      writes: [...this.#writes],
      ...(this.#stop ? { stop: this.#stop } : {}),
    };
  }

  /** Puts itself in front of Node's loader; nothing is noted before `start`. */
  install(): void {
    if (this.#load) return;
    const load = internals._load;
    this.#load = load;
    internals._load = (request, parent, isMain) => {
      if (!this.#recording || this.#depth > 0 || !parent?.filename || !isPackageRequest(request, parent)) {
        return load.call(Module, request, parent, isMain);
      }
      this.#before();
      this.#depth++;
      try {
        return load.call(Module, request, parent, isMain);
      } finally {
        this.#depth--;
        this.#note(request, parent.filename);
        this.#takeStock();
      }
    };
  }

  /** Between two packages only own code runs, or packages on its behalf: what changed there, it changed. */
  #before(): void {
    this.#noteWrites(this.#packages.length);
    if (this.#stop) return;
    const name = replaced(this.#print, this.#fingerprint());
    if (name !== undefined) {
      this.#stop = { index: this.#packages.length, reason: `your code replaces ${name} before it is loaded` };
    }
  }

  #noteWrites(index: number): void {
    const now = process.env;
    for (const name of new Set([...Object.keys(now), ...Object.keys(this.#environment)])) {
      if (now[name] !== this.#environment[name] && !this.#writes.has(name)) this.#writes.set(name, index);
    }
  }

  #note(request: string, from: string): void {
    const key = `${dirname(from)}\0${request}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#packages.push({ kind: 'require', request, from });
  }

  #takeStock(): void {
    this.#environment = { ...process.env };
    this.#print = this.#fingerprint();
  }

  #fingerprint(): Fingerprint {
    const loaded = loadedBuiltins();
    return fingerprint((name) => loaded.has(name), this.#load);
  }
}

/** Whether own code asks for a package. Requests of packages are their own business. */
function isPackageRequest(request: string, parent: NodeModule): boolean {
  if (isPackageFile(parent.filename)) return false;
  if (isAbsolute(request)) return isPackageFile(request);
  return !request.startsWith('.') && !isBuiltin(request);
}
