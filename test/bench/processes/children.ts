import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment } from '../../../scripts/setup.mjs';
import { processTree, stopGroup } from '../../../scripts/support/processes.ts';
import { groupOptions, isAlive } from '../../../runtime/support/processTree.ts';

/** A process of the benchmark, at the head of a process group of its own. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Its exit code; null after a signal. Rejects when it could not be started. */
  readonly exited: Promise<number | null>;
  readonly running: boolean;
  /** The end of what it printed. */
  output(): string;
  /** Asks it to end, waits (milliseconds), then kills it and all it started. */
  stop(patience?: number): Promise<void>;
}

export interface StartOptions {
  cwd: string;
  env?: Record<string, string>;
  /** Take the standard output as a stream; it goes to the log file otherwise. */
  pipe?: boolean;
  /** With a channel, as `fork` makes it. */
  ipc?: boolean;
}

const markVariable = 'PORCHLIGHT_BENCH_MARK';

/**
 * Every process the benchmark starts, and the promise that none is left over. What they print goes to files: reading
 * it would cost the processor that they are measured on.
 */
export class Children {
  readonly #live = new Set<Child>();
  readonly #mark = randomBytes(8).toString('hex');
  readonly #logs: string;
  readonly #path: string;
  #count = 0;
  #ending = false;

  /** `logs`: folder for what they print. `path`: their PATH, in which `node` is the Node that is measured. */
  constructor(logs: string, path: string) {
    this.#logs = logs;
    this.#path = path;
    mkdirSync(logs, { recursive: true });
  }

  start(command: string, args: string[], options: StartOptions): Child {
    if (this.#ending) throw new Error('The benchmark is ending.');
    const log = join(this.#logs, `${++this.#count}.log`);
    const file = openSync(log, 'a');
    const child = spawn(command, args, {
      ...groupOptions(),
      cwd: options.cwd,
      env: {
        ...plainEnvironment(),
        PATH: this.#path,
        NO_COLOR: '1',
        ...options.env,
        [markVariable]: this.#mark,
      },
      stdio: ['ignore', options.pipe ? 'pipe' : file, file, ...(options.ipc ? (['ipc'] as const) : [])],
    });
    closeSync(file);
    const exited = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code));
    });
    const forget = (): void => void this.#live.delete(started);
    exited.then(forget, forget);
    const started: Child = {
      pid: child.pid ?? -1,
      process: child,
      exited,
      get running() {
        return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
      },
      output: () => readFileSync(log, 'utf8').slice(-20_000),
      stop: (patience) => stopTree(child, patience),
    };
    this.#live.add(started);
    return started;
  }

  /** Ends everything that still runs, also what left its parent or its group. Nothing can be started afterwards. */
  async endAll(): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#live].map((child) => child.stop(2000)));
    for (const pid of marked(this.#mark)) kill(pid);
  }
}

/** Some leave their group or outlive their parent: the tree is taken down as it was before. */
async function stopTree(child: ChildProcess, patience = 3000): Promise<void> {
  if (child.pid === undefined) return;
  const tree = processTree(child.pid).map(({ pid }) => pid);
  await stopGroup(child, patience);
  for (const pid of tree) if (pid !== child.pid && isAlive(pid)) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Processes that carry the mark in their environment; only systems with /proc tell. */
function marked(mark: string): number[] {
  let entries: string[];
  try {
    entries = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    // No /proc on this system.
    return [];
  }
  return entries.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${markVariable}=${mark}`);
    } catch {
      // It ended meanwhile, or belongs to somebody else.
      return false;
    }
  });
}
