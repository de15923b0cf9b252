import type { Clock } from '../support/clock.ts';
import type { MemorySource, ProcessMemory } from '../support/memory/processMemory.ts';

/*
 * The memory of instances, as clouds count it: resident size against a limit while an invocation runs, and the peak of
 * each invocation. Idle and frozen instances are not looked at.
 */

/**
 * The exact peak is read (12 µs) when an instance has worked for this long since the last reading; calls in between
 * have had no time to take much more than was there (memory is handed out at 1 to 2 MB per ms), and need not pay for it.
 */
const readAfterUs = 1000;

/** Looks at the memory of all busy instances with one timer. */
export class MemoryGuard {
  readonly #source: MemorySource;
  readonly #clock: Clock;
  readonly #busy = new Set<InstanceMemory>();
  #ticking = false;

  constructor(source: MemorySource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /**
   * Begins to know a process; one that does not exist yet tells its id when it is asked for. `onExceeded` is called at each look that finds more than `limitKB`. `concurrent`: it
   * handles several invocations at a time; otherwise what was handed to it besides has not begun.
   */
  watch(
    pid: number | (() => number),
    limitKB: number,
    concurrent: boolean,
    onExceeded: (residentKB: number) => void,
  ): InstanceMemory {
    const open = (id: number) => this.#source.open(id);
    return new InstanceMemory(typeof pid === 'number' ? open(pid) : lateProcess(pid, open), {
      onBusy: (memory) => this.#add(memory),
      onIdle: (memory) => this.#busy.delete(memory),
      limitKB,
      concurrent,
      onExceeded,
    });
  }

  #add(memory: InstanceMemory): void {
    this.#busy.add(memory);
    if (this.#ticking) return;
    this.#ticking = true;
    this.#arm();
  }

  #arm(): void {
    this.#clock.after(this.#source.intervalMs, () => {
      // Not stopped at every answer: under load that would be a timer per call.
      if (this.#busy.size === 0) {
        this.#ticking = false;
        return;
      }
      const refreshed = this.#source.refresh?.();
      if (refreshed) void refreshed.then(() => this.#look());
      else this.#look();
    });
  }

  #look(): void {
    for (const memory of [...this.#busy]) memory.look();
    this.#arm();
  }
}

/** A process that has no id yet; it takes nothing until then. */
function lateProcess(pid: () => number, open: (pid: number) => ProcessMemory): ProcessMemory {
  let opened: ProcessMemory | undefined;
  const get = () => (opened ??= pid() > 0 ? open(pid()) : undefined);
  return {
    residentKB: () => get()?.residentKB(),
    takePeak: () => get()?.takePeak(),
    close: () => opened?.close(),
  };
}

interface WatchOptions {
  onBusy(memory: InstanceMemory): void;
  onIdle(memory: InstanceMemory): void;
  limitKB: number;
  concurrent: boolean;
  onExceeded(residentKB: number): void;
}

/** The memory of one instance and of the invocations it handles. */
export class InstanceMemory {
  readonly #process: ProcessMemory;
  readonly #options: WatchOptions;
  #running = 0;
  /** Time worked since the peak was last read, in microseconds. */
  #unreadUs = readAfterUs;
  /** What the next invocation has at least, from the last reading. */
  #baseKB = 0;
  /** The largest size that a look found since the peak was last forgotten. */
  #lookedKB = 0;
  /** The peak so far of invocations that run at the same time. */
  #sharedKB = 0;
  #reportedKB = 0;

  constructor(process: ProcessMemory, options: WatchOptions) {
    this.#process = process;
    this.#options = options;
  }

  /** An invocation begins: from now on the limit is watched. */
  begin(): void {
    if (this.#running++ === 0) this.#options.onBusy(this);
  }

  /**
   * An invocation was answered after working for `ranUs`: its peak in KiB. With several at a time the peak is the
   * instance's. `reportedKB` is what the process itself holds for its peak; it counts where the system tells none.
   */
  answered(ranUs: number, reportedKB: number): number {
    this.#end();
    this.#unreadUs += ranUs;
    if (this.#unreadUs < readAfterUs) return this.seenKB;
    const taken = this.#process.takePeak();
    if (!taken) return this.#withoutSystem(reportedKB);
    const peakKB = Math.max(taken.peakKB, this.#lookedKB, this.#sharedKB);
    this.#unreadUs = 0;
    this.#lookedKB = 0;
    // While others run the peak is theirs as well.
    const shared = this.#options.concurrent && this.#running > 0;
    this.#sharedKB = shared ? peakKB : 0;
    this.#baseKB = shared ? peakKB : taken.residentKB;
    return peakKB;
  }

  /** An invocation ended without an answer: its peak in KiB as far as it was seen. */
  failed(): number {
    if (this.#running > 0) this.#end();
    return this.seenKB;
  }

  /** The largest size that was seen since the peak was last read, in KiB. */
  get seenKB(): number {
    return Math.max(this.#lookedKB, this.#baseKB);
  }

  /** Resident size in KiB now. */
  residentKB(): number | undefined {
    return this.#process.residentKB();
  }

  /** Compares the present size with the limit. */
  look(): void {
    const residentKB = this.#process.residentKB();
    if (residentKB === undefined) return;
    this.#lookedKB = Math.max(this.#lookedKB, residentKB);
    if (residentKB > this.#options.limitKB) this.#options.onExceeded(residentKB);
  }

  /** The process is gone. */
  close(): void {
    this.#running = 0;
    this.#options.onIdle(this);
    this.#process.close();
  }

  #end(): void {
    if (--this.#running === 0) this.#options.onIdle(this);
  }

  /** A peak that the process reports and that cannot be reset is this invocation's only if it has risen. */
  #withoutSystem(reportedKB: number): number {
    const rose = reportedKB > this.#reportedKB;
    this.#reportedKB = Math.max(this.#reportedKB, reportedKB);
    const peakKB = rose || this.#lookedKB === 0 ? reportedKB : this.#lookedKB;
    this.#lookedKB = 0;
    return peakKB;
  }
}
