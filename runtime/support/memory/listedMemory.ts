import { execFile } from 'node:child_process';
import type { MemorySource, ProcessMemory } from './processMemory.ts';

/*
 * macOS and Windows: one run of a tool lists sizes, so they are asked for less often than on Linux. A limit is noticed
 * later, and what is allocated and freed between two looks goes unseen unless the process itself tells its peak.
 */

/** Runs a tool and gives its output; empty when it fails. */
export type RunTool = (command: string, args: string[]) => Promise<string>;

interface Listing {
  intervalMs: number;
  command(pids: number[]): [command: string, args: string[]];
  /** Process id and KiB of a line. */
  parse(line: string): [pid: number, residentKB: number] | undefined;
}

const ps: Listing = {
  intervalMs: 250,
  command: (pids) => ['ps', ['-o', 'pid=,rss=', '-p', pids.join(',')]],
  parse(line) {
    const found = /^\s*(\d+)\s+(\d+)\s*$/.exec(line);
    return found ? [Number(found[1]), Number(found[2])] : undefined;
  },
};

const tasklist: Listing = {
  // The tool alone takes a good part of a second there.
  intervalMs: 2000,
  command: () => ['tasklist', ['/FO', 'CSV', '/NH']],
  parse(line) {
    // "node.exe","1234","Console","1","45,320 K"; the thousands are set apart as the language of the system has it.
    const found = /^"[^"]*","(\d+)","[^"]*","\d+","([^"]*)"/.exec(line);
    return found ? [Number(found[1]), Number(found[2]!.replace(/\D/g, ''))] : undefined;
  },
};

/** Reads processes where only tools list them. */
export function listedMemory(platform: NodeJS.Platform, run: RunTool = runTool): MemorySource {
  const listing = platform === 'win32' ? tasklist : ps;
  const sizes = new Map<number, number | undefined>();
  return {
    intervalMs: listing.intervalMs,
    open(pid): ProcessMemory {
      sizes.set(pid, undefined);
      return {
        residentKB: () => sizes.get(pid),
        takePeak: () => undefined,
        close: () => sizes.delete(pid),
      };
    },
    async refresh() {
      if (sizes.size === 0) return;
      const output = await run(...listing.command([...sizes.keys()]));
      for (const line of output.split('\n')) {
        const [pid, residentKB] = listing.parse(line) ?? [];
        if (pid !== undefined && sizes.has(pid)) sizes.set(pid, residentKB);
      }
    },
  };
}

function runTool(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    // `ps` fails when none of the processes is left, `tasklist` may be forbidden: both mean that sizes are not known.
    execFile(command, args, { windowsHide: true, timeout: 10_000 }, (_error, stdout) => resolve(stdout));
  });
}
