import { linuxMemory } from './linuxMemory.ts';
import { listedMemory } from './listedMemory.ts';

/*
 * How much memory a process takes. Linux tells the size and the peak of any process for microseconds; elsewhere a tool
 * of the system has to be asked for sizes, and peaks are known to the process alone. This folder is the only place
 * that knows the difference.
 */

/** Sizes in KiB at one moment. `peakKB`: the largest size since the peak was last forgotten. */
export interface MemoryPeak {
  residentKB: number;
  peakKB: number;
}

/** Memory of one process. Every value is undefined when the system does not tell it, e.g. because the process is gone. */
export interface ProcessMemory {
  /** Resident size in KiB, with what children of the process hold for themselves where the system tells it cheaply. */
  residentKB(): number | undefined;
  /** The peak; forgets it afterwards when it lies noticeably above the present size. */
  takePeak(): MemoryPeak | undefined;
  close(): void;
}

/** Where sizes come from; tests pass a fake. */
export interface MemorySource {
  /** Milliseconds between two looks at a busy process: as often as looking is cheap. */
  readonly intervalMs: number;
  open(pid: number): ProcessMemory;
  /** Brings sizes up to date where the system is asked for many processes at once. */
  refresh?(): Promise<void>;
}

/** The source of this system. */
export function systemMemory(platform: NodeJS.Platform = process.platform): MemorySource {
  return platform === 'linux' ? linuxMemory() : listedMemory(platform);
}
