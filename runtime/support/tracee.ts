import { readdirSync, readFileSync } from 'node:fs';

/** A program that a debugger started and may stop, as the system sees it. */
export interface Tracee {
  /** It does not run: its debugger has stopped it, or it has ended and its debugger lives on. */
  stopped(): boolean;
}

/** What is read of /proc; tests pass a fake. Undefined: there is no such thing (any more). */
export interface ProcReader {
  read(path: string): string | undefined;
  list(path: string): string[] | undefined;
}

/**
 * The program that a debugger's process started. Undefined where the system does not tell: on Linux the state of every
 * process is in /proc (proc(5)), while macOS and Windows have their debuggers stop threads, which no file shows.
 */
export function openTracee(
  debuggerPid: number,
  platform: NodeJS.Platform = process.platform,
  proc: ProcReader = realProc,
): Tracee | undefined {
  return platform === 'linux' ? new LinuxTracee(debuggerPid, proc) : undefined;
}

class LinuxTracee implements Tracee {
  readonly #debuggerPid: number;
  readonly #proc: ProcReader;
  /** Its folder in /proc. */
  #folder: string | undefined;

  constructor(debuggerPid: number, proc: ProcReader) {
    this.#debuggerPid = debuggerPid;
    this.#proc = proc;
  }

  stopped(): boolean {
    const folder = (this.#folder ??= this.#find());
    if (folder === undefined) return false;
    // Gone, a zombie, dead, or in a tracing stop.
    const state = this.#stateIn(folder);
    if (state === undefined || 'ZXt'.includes(state)) return true;
    // The thread that ran into a breakpoint is stopped first, the others when the debugger gets to that.
    const threads = this.#proc.list(`${folder}/task`) ?? [];
    return threads.some((thread) => this.#stateIn(`${folder}/task/${thread}`) === 't');
  }

  #stateIn(folder: string): string | undefined {
    const text = this.#proc.read(`${folder}/stat`);
    // The name before the state may hold anything, closing parentheses too.
    return text?.charAt(text.lastIndexOf(')') + 2);
  }

  /** Any thread of a debugger may have started it, and a debugger may have started other programs too. */
  #find(): string | undefined {
    const threads = `/proc/${this.#debuggerPid}/task`;
    for (const thread of this.#proc.list(threads) ?? []) {
      const children = this.#proc.read(`${threads}/${thread}/children`) ?? '';
      for (const child of children.split(' ')) {
        if (!/^\d+$/.test(child)) continue;
        const status = this.#proc.read(`/proc/${child}/status`) ?? '';
        if (/^TracerPid:\s*[1-9]/m.test(status)) return `/proc/${child}`;
      }
    }
    return undefined;
  }
}

const realProc: ProcReader = {
  read(path) {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      // Gone, or a kernel that does not offer this file: it is done without.
      return undefined;
    }
  },
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      // The debugger is gone.
      return undefined;
    }
  },
};
