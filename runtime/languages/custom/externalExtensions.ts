import type { Listener } from './conversation.ts';
import { ExtensionProcesses, findExtensions } from './extensionProcesses.ts';
import { shutdownMs, type ExtensionFailure, type Extensions } from './extensions.ts';

/**
 * External extensions of one instance: started before its program, which waits until they have registered; told of the end
 * when it has ended, and then given their time (developer guide "Lambda execution environment lifecycle"). One that fails
 * ends the instance.
 */
export class ExternalExtensions {
  readonly #listener: Listener;
  readonly #extensions: Extensions;
  readonly #processes: ExtensionProcesses;
  /** The instance was asked to end. */
  stopping = false;
  running = false;
  #over = false;
  #failed: (() => void) | undefined;

  constructor(listener: Listener, extensions: Extensions) {
    this.#listener = listener;
    this.#extensions = extensions;
    this.#processes = new ExtensionProcesses({ ...listener.beside, cwd: listener.definition.codeRoot });
  }

  /** Resolves when all have registered, or the instance is given up. */
  async start(env: Record<string, string>): Promise<void> {
    const { definition, env: own, clock, limits } = this.#listener;
    const programs = findExtensions(definition.codeRoot, definition.layers ?? []);
    if (programs.length === 0) return;
    this.running = true;
    this.#extensions.expect(programs.map(({ name }) => name));
    this.#listener.listensForTermination(shutdownMs);
    const failed = new Promise<void>((resolve) => (this.#failed = resolve));
    for (const program of programs)
      this.#processes.start(program, { ...own, ...env }, (end) => this.#ended(program, end));
    const cancel = clock.after(limits.initTimeoutMs, () => {
      const [name = ''] = this.#extensions.missing;
      const message = `the extension ${name} did not register within ${limits.initTimeoutMs / 1000} s`;
      this.#giveUp({ name, type: 'Extension.InitError', message });
    });
    await Promise.race([this.#extensions.registered, failed]);
    cancel();
  }

  #ended(
    { name, path }: { name: string; path: string },
    { code, signal, error }: { code: number | null; signal: string | null; error?: Error },
  ): void {
    if (this.#over || this.stopping) return;
    if (error) {
      const why = systemWords[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
      return this.#giveUp({ name, type: 'Extension.LaunchError', message: `fork/exec ${path}: ${why}` });
    }
    const how = code === 0 ? 'exit code 0' : signal === null ? `exit status ${code}` : `signal: ${signal}`;
    this.#giveUp(this.#extensions.failureOf(name, how));
  }

  #giveUp({ name, type, message }: ExtensionFailure): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.beside.log('stderr', `EXTENSION ${name} failed (${type}): ${message}`);
    this.#listener.giveUp('extension', { extension: { type, message } });
    this.#failed?.();
  }

  /** They are told why it is over, and given their time. `atWork`: an invocation was under way. */
  async afterwards(atWork: boolean): Promise<void> {
    const reason = this.stopping ? 'SPINDOWN' : atWork && !this.#over ? 'TIMEOUT' : 'FAILURE';
    this.#over = true;
    this.#extensions.shutDown(reason);
    const { clock } = this.#listener;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(shutdownMs, resolve);
      void this.#processes.ended.then(() => {
        cancel();
        resolve();
      });
    });
    this.#processes.kill();
  }

  close(): void {
    this.#over = true;
    this.#processes.kill();
  }
}

/** What the system says of a program that it cannot start, as Lambda's log has it. */
const systemWords: Partial<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOENT: 'no such file or directory',
  ENOEXEC: 'exec format error',
};
