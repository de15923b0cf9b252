import Module from 'node:module';
import type {
  CodeUse,
  LoadCommand,
  PreloadCommand,
  RememberCommand,
  RememberedMessage,
} from '../../protocol/instance/messages.ts';
import { send } from './bootstrap.channel.ts';
import { Learning } from './bootstrap.learning.ts';
import { codeCache, loadOwn, useKnownCode } from './bootstrap.loader.ts';
import { observeOutput } from './bootstrap.output.ts';
import { Preload } from './bootstrap.preload.ts';

/** Node's own cache of compiled code, for ES modules; newer versions have it. */
const ownCache = Module as unknown as {
  enableCompileCache?(folder: string): unknown;
  flushCompileCache?(): void;
};

/** What makes starts faster: uses what earlier ones showed, and tells what this one shows. */
export class StartSupport {
  readonly #learning = new Learning();
  /** Settles when a spare has loaded what it was told to. */
  preloading: Promise<void> | undefined;
  #usesCode = false;
  #usesOwnCache = false;
  #calls = 0;
  #asked = false;

  preload(command: PreloadCommand): Promise<void> {
    this.preloading = this.#preload(command).finally(() => (this.preloading = undefined));
    return this.preloading;
  }

  async #preload(command: PreloadCommand): Promise<void> {
    const preload = new Preload(command);
    loadOwn(command.contract);
    if (command.code && !coverage()) useKnownCode(command.code, false);
    observeOutput(() => preload.onOutput());
    try {
      await preload.run(send);
    } finally {
      observeOutput(undefined);
    }
  }

  /** A profile tells what a start costs where nothing is known of earlier ones, as in the cloud. */
  beforeLoad({ start, loader, debugged, profile }: LoadCommand): void {
    if (!start) return;
    if (start.learn) this.#learning.install();
    if (profile?.mode === 'full') return;
    if (start.code && !coverage()) {
      this.#usesCode = true;
      useKnownCode(start.code, debugged);
    }
    if (start.ownCache !== undefined && loader === 'import' && ownCache.enableCompileCache && !coverage()) {
      this.#usesOwnCache = true;
      ownCache.enableCompileCache(start.ownCache);
    }
  }

  /** From now on what the load shows is noted. What is in place by now is not taken for the function's doing. */
  learn({ start, loader, entry }: LoadCommand): void {
    if (start?.learn) this.#learning.start(loader === 'import' ? entry : undefined);
  }

  afterLoad(): void {
    this.#learning.end();
  }

  codeUse(): { code?: CodeUse } {
    return this.#usesCode ? { code: codeCache.facts } : {};
  }

  /** With the second call the start is over, unless what it showed is being written. */
  beforeCall(): void {
    if (++this.#calls === 2 && !this.#asked) codeCache.forget();
  }

  async remember({ codeFile }: RememberCommand): Promise<void> {
    this.#asked = true;
    // Before writing loads modules of its own.
    const report = this.#learning.report();
    let code: RememberedMessage['code'];
    if (codeFile !== undefined && this.#usesCode) {
      try {
        code = await codeCache.write(codeFile);
      } catch (error) {
        code = { error: String((error as Error | undefined)?.message ?? error).slice(0, 300) };
      }
    }
    if (this.#usesOwnCache) ownCache.flushCompileCache?.();
    send({ type: 'remembered', ...report, ...(code && { code }) });
    codeCache.forget();
  }
}

/** Code that was compiled before reports no coverage. */
const coverage = (): boolean => process.env['NODE_V8_COVERAGE'] !== undefined;
