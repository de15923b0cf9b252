import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AdapterInstance } from '../adapter.ts';
import { groupOptions, killTree } from '../../support/processTree.ts';

/** An external extension: a program of a layer or of the function's own package. */
export interface ExtensionProgram {
  /** Name of its file, under which it has to register. */
  name: string;
  path: string;
}

/**
 * The programs in `extensions/` of the package and of layers, where later ones go over earlier ones, as in `/opt`. Of a
 * package only what can be executed counts: it may have a folder of that name for something else.
 */
export function findExtensions(packageFolder: string, layers: readonly string[]): ExtensionProgram[] {
  const found = new Map<string, string>();
  for (const folder of [packageFolder, ...layers]) {
    for (const name of filesIn(join(folder, 'extensions'))) {
      const path = join(folder, 'extensions', name);
      if (folder !== packageFolder || isExecutable(path)) found.set(name, path);
    }
  }
  return [...found].map(([name, path]) => ({ name, path })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  } catch {
    // Most packages have none.
    return [];
  }
}

function isExecutable(path: string): boolean {
  if (process.platform === 'win32') return /\.(exe|cmd|bat|com)$/i.test(path);
  return (statSync(path).mode & 0o111) !== 0;
}

/** What the processes have of their instance. */
export type ExtensionHome = Pick<AdapterInstance, 'log' | 'watch' | 'forget'> & { cwd: string };

/** The processes of external extensions of one instance; what they print is the instance's log. */
export class ExtensionProcesses {
  readonly #home: ExtensionHome;
  readonly #running = new Map<string, ChildProcess>();
  #over: (() => void)[] = [];

  constructor(home: ExtensionHome) {
    this.#home = home;
  }

  /** `onEnd`: it could not be started (`error`), or has ended. */
  start(
    { name, path }: ExtensionProgram,
    env: Record<string, string>,
    onEnd: (end: { code: number | null; signal: string | null; error?: Error }) => void,
  ): void {
    const { cwd, log, watch, forget } = this.#home;
    const child = spawn(path, [], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], ...groupOptions() });
    const ended = (end: Parameters<typeof onEnd>[0]) => {
      if (!this.#running.delete(name)) return;
      onEnd(end);
      if (this.#running.size === 0) for (const over of this.#over.splice(0)) over();
    };
    this.#running.set(name, child);
    child.once('error', (error) => ended({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => {
      forget(child.pid!);
      ended({ code, signal });
    });
    if (child.pid === undefined) return;
    watch(child.pid);
    for (const stream of ['stdout', 'stderr'] as const)
      createInterface({ input: child[stream] }).on('line', (text) => log(stream, text));
  }

  /** Resolves when none runs any more. */
  get ended(): Promise<void> {
    return this.#running.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => void this.#over.push(resolve));
  }

  /** Ends what still runs. */
  kill(): void {
    for (const child of this.#running.values()) killTree(child);
  }
}
