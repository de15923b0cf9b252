import { readFileSync } from 'node:fs';
import { processTree } from '../../../scripts/support/processes.ts';

/** Linux counts processor time in hundredths of a second for every program (USER_HZ). */
const tickUs = 10_000;

/** Whether this system tells processor time and memory of other processes (Linux). */
export const usageIsKnown = process.platform === 'linux';

/** What a host and everything it started use. */
export interface Memory {
  /** Proportional set size: pages that several processes share count once. */
  pssMB: number;
  processes: number;
}

/** Processor time, user and system, a tree has used so far, in microseconds; ended children included. */
export function processorUs(pid: number): number | undefined {
  if (!usageIsKnown) return undefined;
  return sum(processTree(pid), (each) => parseStat(readFileSync(`/proc/${each}/stat`, 'latin1')) * tickUs);
}

/** Memory of a tree now. */
export function memoryOf(pid: number): Memory | undefined {
  if (!usageIsKnown) return undefined;
  const tree = processTree(pid);
  const kB = sum(tree, (each) => parsePss(readFileSync(`/proc/${each}/smaps_rollup`, 'latin1')));
  return { pssMB: kB / 1024, processes: tree.length };
}

/** Ticks of `/proc/PID/stat`: utime, stime, cutime and cstime (proc(5), fields 14 to 17). */
export function parseStat(text: string): number {
  // The name before may hold anything, closing parentheses too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((total, field) => total + Number(field), 0);
}

/** Kilobytes of the `Pss` line of `smaps_rollup`. */
export function parsePss(text: string): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
}

function sum(tree: { pid: number }[], read: (pid: number) => number): number {
  return tree.reduce((total, { pid }) => {
    try {
      return total + read(pid);
    } catch {
      // It ended between the two looks.
      return total;
    }
  }, 0);
}
