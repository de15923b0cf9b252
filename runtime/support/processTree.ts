import { execFile, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What ending processes needs of the system; tests pass a fake. */
export interface ProcessSystem {
  platform: NodeJS.Platform;
  kill(pid: number, signal: NodeJS.Signals): void;
  run(command: string, args: string[]): void;
}

const realSystem: ProcessSystem = {
  platform: process.platform,
  kill: (pid, signal) => process.kill(pid, signal),
  run: (command, args) => {
    // The process may be gone already: taskkill's complaint about that is no news.
    execFile(command, args, { windowsHide: true }, () => {});
  },
};

/**
 * Spawn options that put a child at the head of a process group of its own, so that its whole tree can be signalled.
 * Windows has no groups: there a detached child would get a console window instead.
 */
export function groupOptions(platform: NodeJS.Platform = process.platform): {
  detached: boolean;
  windowsHide: boolean;
} {
  return { detached: platform !== 'win32', windowsHide: true };
}

/** Sends a signal to a process group started with `groupOptions`; a group that is gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals, system: ProcessSystem = realSystem): void {
  if (system.platform === 'win32') {
    // Signals other than termination do not exist there.
    system.run('taskkill', ['/pid', String(pid), '/T', '/F']);
    return;
  }
  try {
    system.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends a process and everything it started, at once. */
export function killTree(child: ChildProcess, system?: ProcessSystem): void {
  if (child.pid === undefined) return;
  signalGroup(child.pid, 'SIGKILL', system);
}

/** Whether a process with this id runs. One that ended and only waits for its parent to notice (Linux) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** In containers whose first process collects nobody, ended processes stay in the table for good. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before the state may hold anything, closing parentheses too.
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'Z';
  } catch {
    // No /proc on this system, or gone between the two looks: the next look says so.
    return false;
  }
}
