import { execFileSync, type ChildProcess } from 'node:child_process';
import { signalGroup } from '../../runtime/support/processTree.ts';

/** One running process of this machine, as far as tests need to know it. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  command: string;
}

/** All processes that run now. Takes some 10 ms, on Windows up to a second. */
export function listProcesses(): ProcessEntry[] {
  if (process.platform === 'win32') {
    const query =
      'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,CommandLine | ConvertTo-Json';
    const text = execFileSync('powershell', ['-NoProfile', '-Command', query], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const rows = JSON.parse(text) as {
      ProcessId: number;
      ParentProcessId: number;
      CommandLine: string | null;
    }[];
    return rows.map((row) => ({
      pid: row.ProcessId,
      parent: row.ParentProcessId,
      command: row.CommandLine ?? '',
    }));
  }
  const text = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return text.split('\n').flatMap((line) => {
    const row = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return row ? [{ pid: Number(row[1]), parent: Number(row[2]), command: row[3] ?? '' }] : [];
  });
}

/** The given process and everything it started, directly or not, as far as the parents still live. */
export function processTree(pid: number, all = listProcesses()): ProcessEntry[] {
  const tree = all.filter((entry) => entry.pid === pid);
  for (const parent of tree) tree.push(...all.filter((entry) => entry.parent === parent.pid));
  return tree;
}

/**
 * Ends a child started with `groupOptions()` and its process group: asks, waits (milliseconds), then kills.
 * Resolves when the child itself is gone.
 */
export async function stopGroup(child: ChildProcess, patience = 5000): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const gone = child.exitCode !== null || child.signalCode !== null;
  const exit = gone ? undefined : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), patience);
  await exit;
  clearTimeout(timer);
  // Whatever in the group ignored the request goes with its leader.
  signalGroup(pid, 'SIGKILL');
}
