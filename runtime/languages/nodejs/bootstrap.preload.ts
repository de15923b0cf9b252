import { createHook } from 'node:async_hooks';
import Module, { createRequire } from 'node:module';
import type { PackageRequest, PreloadCommand, PreloadedMessage } from '../../protocol/instance/messages.ts';
import { fingerprint, replaced } from './bootstrap.fingerprint.ts';
import { fetchName, loadedBuiltins } from './bootstrap.learning.ts';
import { importFrom } from './bootstrap.loader.ts';

/*
 * A standby loads its function's packages before there is a call. That is right only for packages which do nothing but
 * define things when they are loaded. So each is watched, and what does more makes the standby unfit: it is not used,
 * and the next one stops before that package.
 */

/** Kinds of async resources that live on: a timer that is pending, a server, a socket, a watcher, a child, a worker. */
const lasting: Record<string, string> = {
  Timeout: 'starts a timer',
  TCPWRAP: 'opens a socket',
  TCPSERVERWRAP: 'opens a server',
  TCPCONNECTWRAP: 'connects to a server',
  TLSWRAP: 'opens a socket',
  PIPEWRAP: 'opens a socket',
  PIPESERVERWRAP: 'opens a server',
  UDPWRAP: 'opens a socket',
  GETADDRINFOREQWRAP: 'looks up a host',
  HTTPCLIENTREQUEST: 'sends a request',
  FSEVENTWRAP: 'watches files',
  STATWATCHER: 'watches files',
  PROCESSWRAP: 'starts a process',
  WORKER: 'starts a worker thread',
  SIGNALWRAP: 'handles a signal',
};

/** Loads what the command names, and says what it was or why it was too much. */
export class Preload {
  readonly #command: PreloadCommand;
  #index = 0;
  #reason: string | undefined;
  readonly #live = new Map<number, string>();

  constructor(command: PreloadCommand) {
    this.#command = command;
  }

  async run(say: (message: PreloadedMessage) => void): Promise<void> {
    for (const name of this.#command.builtins) loadBuiltin(name);
    const { packages } = this.#command;
    if (packages.length > 0) {
      const onExit = () => {
        // Whatever ends the process here was not asked to.
        this.#refuse('ends the process');
        say(this.#message());
      };
      process.once('exit', onExit);
      try {
        await this.#loadAll(packages);
      } finally {
        process.off('exit', onExit);
      }
    }
    say(this.#message());
  }

  /** What was printed meanwhile was printed by the package that is being loaded. */
  onOutput(): void {
    this.#refuse('prints');
  }

  async #loadAll(packages: PackageRequest[]): Promise<void> {
    const hook = createHook({
      init: (id, type) => {
        const reason = lasting[type];
        if (reason !== undefined) this.#live.set(id, reason);
      },
      destroy: (id) => {
        this.#live.delete(id);
      },
    });
    const environment = process.env;
    const listeners = listenersOfProcess();
    if (this.#command.writes.length > 0) process.env = this.#watchedEnvironment(environment);
    hook.enable();
    try {
      for (const [index, wanted] of packages.entries()) {
        this.#index = index;
        await this.#loadOne(wanted);
        if (this.#reason !== undefined) return;
      }
    } finally {
      hook.disable();
      process.env = environment;
      const added = [...listenersOfProcess()].find(([name, count]) => count > (listeners.get(name) ?? 0));
      if (added) this.#refuse(`handles '${String(added[0])}' of the process`);
    }
  }

  async #loadOne({ kind, request, from }: PackageRequest): Promise<void> {
    const before = builtinsNow();
    const listeners = listenersOfProcess();
    try {
      if (kind === 'require') createRequire(from)(request);
      else await importFrom(from)(request);
    } catch (error) {
      this.#refuse(`throws: ${String((error as Error | undefined)?.message ?? error).slice(0, 300)}`);
    }
    const patched = replaced(before, builtinsNow());
    // The first one finds what it would find anyway, and so do all after it.
    if (patched !== undefined && this.#index > 0) this.#refuse(`replaces ${patched}`);
    const added = [...listenersOfProcess()].find(([name, count]) => count > (listeners.get(name) ?? 0));
    if (added) this.#refuse(`handles '${String(added[0])}' of the process`);
    // What it began shows when the loop has turned: a server gets its socket then, and what was over at once is gone.
    await new Promise(setImmediate);
    this.#lookAtLive();
  }

  #lookAtLive(): void {
    const [reason] = this.#live.values();
    if (reason !== undefined) this.#refuse(reason);
  }

  #refuse(reason: string): void {
    this.#reason ??= reason;
  }

  #message(): PreloadedMessage {
    const files = Object.keys((Module as unknown as { _cache: object })._cache);
    return {
      type: 'preloaded',
      files,
      ...(this.#reason === undefined ? {} : { refused: { index: this.#index, reason: this.#reason } }),
    };
  }

  /** Tells of variables that own code has set by the time the package reads them. It never reaches own code. */
  #watchedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const read = (name: string | symbol): void => {
      const set = this.#command.writes.find(([written]) => written === name);
      if (set && set[1] <= this.#index) this.#refuse(`reads ${set[0]}, which your code sets before`);
    };
    return new Proxy(environment, {
      get(target, name) {
        read(name);
        return target[name as string];
      },
      has(target, name) {
        read(name);
        return Reflect.has(target, name);
      },
      getOwnPropertyDescriptor(target, name) {
        read(name);
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
  }
}

function builtinsNow() {
  const loaded = loadedBuiltins();
  return fingerprint((name) => loaded.has(name));
}

function listenersOfProcess(): Map<string | symbol, number> {
  return new Map(process.eventNames().map((name) => [name, process.listenerCount(name)]));
}

function loadBuiltin(name: string): void {
  // Its classes are loaded when one of them is touched.
  if (name === fetchName) void globalThis.Headers;
  else createRequire(process.execPath)(name);
}
