import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { MemoryPeak, MemorySource, ProcessMemory } from './processMemory.ts';

/*
 * Files of /proc, kept open: reading `statm` costs 2 to 4 µs, `status` 11, and forgetting the peak (`clear_refs`, see
 * proc(5)) 1. An open file also means the same process for ever, whoever gets its number later. `getrusage` is of no
 * use here: a child process begins with the peak of the process that started it.
 */

/** What is read of /proc; tests pass a fake. */
export interface ProcFiles {
  /** Size of a page, the unit of `statm`, in KiB: 4 mostly, 16 or 64 on some ARM systems. */
  pageKB: number;
  /** A descriptor, or undefined when there is no such file (any more). */
  open(path: string, flags: 'r' | 'w'): number | undefined;
  /** The whole content, from its beginning. */
  read(descriptor: number): string | undefined;
  write(descriptor: number, text: string): boolean;
  readPath(path: string): string | undefined;
  close(descriptor: number): void;
}

/** A peak this far above the present size is forgotten, so that the next call starts from the present one. */
const noticeableKB = 1024;
/** A process with more children than this is counted without the others. */
const mostChildren = 64;

/** Reads Linux processes. */
export function linuxMemory(files: ProcFiles = realFiles()): MemorySource {
  return { intervalMs: 10, open: (pid) => new LinuxProcess(pid, files) };
}

class LinuxProcess implements ProcessMemory {
  readonly #files: ProcFiles;
  readonly #statm: number | undefined;
  readonly #status: number | undefined;
  readonly #clear: number | undefined;
  readonly #children: number | undefined;
  #closed = false;

  constructor(pid: number, files: ProcFiles) {
    this.#files = files;
    this.#statm = files.open(`/proc/${pid}/statm`, 'r');
    this.#status = files.open(`/proc/${pid}/status`, 'r');
    this.#clear = files.open(`/proc/${pid}/clear_refs`, 'w');
    this.#children = files.open(`/proc/${pid}/task/${pid}/children`, 'r');
  }

  residentKB(): number | undefined {
    if (this.#closed || this.#statm === undefined) return undefined;
    const own = pagesOf(this.#files.read(this.#statm));
    if (!own) return undefined;
    const children = this.#children === undefined ? '' : (this.#files.read(this.#children) ?? '');
    let pages = own.resident;
    // The programs that children run are shared pages: counting these once per process would count them many times.
    for (const child of children.split(' ', mostChildren)) {
      if (!/^\d+$/.test(child)) continue;
      const found = pagesOf(this.#files.readPath(`/proc/${child}/statm`));
      if (found) pages += Math.max(0, found.resident - found.shared);
    }
    return pages * this.#files.pageKB;
  }

  takePeak(): MemoryPeak | undefined {
    if (this.#closed || this.#status === undefined) return undefined;
    const text = this.#files.read(this.#status);
    const peakKB = field(text, 'VmHWM:');
    const residentKB = field(text, 'VmRSS:');
    if (peakKB === undefined || residentKB === undefined) return undefined;
    if (peakKB - residentKB > noticeableKB && this.#clear !== undefined) this.#files.write(this.#clear, '5');
    return { residentKB, peakKB };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const descriptor of [this.#statm, this.#status, this.#clear, this.#children]) {
      if (descriptor !== undefined) this.#files.close(descriptor);
    }
  }
}

/** `statm` counts in pages: total, resident, shared, … */
function pagesOf(statm: string | undefined): { resident: number; shared: number } | undefined {
  const [, resident, shared] = (statm ?? '').split(' ');
  return resident === undefined ? undefined : { resident: Number(resident), shared: Number(shared) };
}

function field(status: string | undefined, name: string): number | undefined {
  const at = status?.indexOf(name) ?? -1;
  // A zombie has no such line.
  return at < 0 ? undefined : Number.parseInt(status!.slice(at + name.length, at + name.length + 24), 10);
}

const buffer = Buffer.alloc(8192);

/** `AT_PAGESZ` of the auxiliary vector (getauxval(3)): pairs of 64-bit numbers. */
function pageKB(): number {
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      if (vector.readBigUInt64LE(at) === 6n) return Number(vector.readBigUInt64LE(at + 8)) / 1024;
    }
  } catch {
    // Without /proc nothing is read here anyway.
  }
  return 4;
}

const realFiles = (): ProcFiles => ({
  pageKB: pageKB(),
  open(path, flags) {
    try {
      return openSync(path, flags);
    } catch {
      // Gone already, no /proc, or a kernel that does not offer this file: it is done without.
      return undefined;
    }
  },
  read(descriptor) {
    try {
      return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
    } catch {
      // The process is gone.
      return undefined;
    }
  },
  write(descriptor, text) {
    try {
      writeSync(descriptor, text, 0);
      return true;
    } catch {
      // The process is gone, or its peak may not be forgotten; the next one is then told too high, never too low.
      return false;
    }
  },
  readPath(path) {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      // That child is gone.
      return undefined;
    }
  },
  close: (descriptor) => closeSync(descriptor),
});
