import type { Instance } from '../instances/instance.ts';
import type { MemoryGuard } from '../instances/memoryGuard.ts';
import { createTempFolder, tempRoot, type TempFolder } from '../instances/tempFolders.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Platform } from '../model/platform.ts';
import { platformDefaults } from '../model/platformDefaults.ts';
import type { Clock } from '../support/clock.ts';
import { exitReasons } from './exitReasons.ts';
import { addNote } from '../model/invocationRecord.ts';
import { phrase, say } from '../support/l10n.ts';

export interface ResourceOptions {
  definition: FunctionDefinition;
  platform: Platform;
  clock: Clock;
  mark: string;
  memory: MemoryGuard;
  /** Whether a debugger is attached: it takes memory of its own, and who debugs wants to see where memory goes. */
  isDebugged(instance: Instance): boolean;
  /** The invocation that an instance handles now. */
  summaryOf(instance: Instance): Noted | undefined;
}

/** What takes notes. */
type Noted = Parameters<typeof addNote>[0];

type Folder = TempFolder | { failure: string };

/** What the instances of one function take of the machine, and what their platform would allow: memory and temporary files. */
export class InstanceResources {
  readonly #options: ResourceOptions;
  readonly #folders = new WeakMap<Instance, Folder>();
  readonly #removals = new Set<Promise<void>>();

  constructor(options: ResourceOptions) {
    this.#options = options;
  }

  /** Starts an instance with a temporary folder of its own, and looks after both until it is gone. */
  provide(sequence: number, start: (variables: Record<string, string>) => Instance): Instance {
    const { definition, memory } = this.#options;
    const folder = this.#makeFolder(sequence);
    const instance = start('variables' in folder ? folder.variables : {});
    this.#folders.set(instance, folder);
    const limitKB = definition.memoryMB * 1024;
    const pid = instance.launching ? () => instance.pid : instance.pid;
    const watched = memory.watch(pid, limitKB, definition.process.concurrency > 1, () =>
      this.#exceeded(instance),
    );
    instance.memory = watched;
    void instance.exited.then(() => {
      watched.close();
      if ('remove' in folder) this.#remove(folder);
    });
    return instance;
  }

  /** Adds what is to be said of an instance's temporary folder after an invocation. */
  note(instance: Instance, summary: Noted): void {
    const folder = this.#folders.get(instance);
    if (!folder) return;
    if ('failure' in folder) {
      addNote(
        summary,
        phrase('It had no temporary folder of its own: {failure}', { failure: folder.failure }),
      );
      return;
    }
    const { definition, platform } = this.#options;
    const limitMB = definition.temporaryMB ?? platformDefaults(definition.platform).temporaryMB;
    const usedMB = folder.usedBytes() / (1024 * 1024);
    if (usedMB <= limitMB) return;
    const facts = { used: Math.ceil(usedMB), platform: platform.displayName, limit: limitMB };
    addNote(
      summary,
      phrase(
        'Its temporary folder holds {used} MB; {platform} has room for {limit} MB, where writing more fails with ENOSPC.',
        facts,
      ),
    );
  }

  /** Resolves when the folders of the instances that are gone are gone too. */
  async removed(): Promise<void> {
    await Promise.all(this.#removals);
  }

  #makeFolder(sequence: number): Folder {
    const { definition, mark, clock } = this.#options;
    try {
      return createTempFolder(tempRoot(mark), definition.name, sequence, () => clock.nowUs());
    } catch (error) {
      // The function can do without: it then shares the system's. Its invocations say so.
      return { failure: (error as Error).message };
    }
  }

  #remove(folder: TempFolder): void {
    const removal = folder.remove().finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  #exceeded(instance: Instance): void {
    const { definition, isDebugged, summaryOf } = this.#options;
    if (!isDebugged(instance)) return instance.kill(exitReasons.memory);
    const summary = summaryOf(instance);
    const note = phrase(
      'More than {memoryMB} MB are in use: without a debugger the instance would be ended.',
      { memoryMB: definition.memoryMB },
    );
    if (summary && !summary.notes.includes(say(note))) addNote(summary, note);
  }
}
