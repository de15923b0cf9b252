/** Time as the core sees it; tests pass a fake. */
export interface Clock {
  /** Microseconds on the monotonic clock, which all processes of this machine share. */
  nowUs(): number;
  /** Milliseconds since the epoch. */
  epochMs(): number;
  /** Calls back once after `ms`; the result cancels. Does not keep the process alive. */
  after(ms: number, run: () => void): () => void;
}

/** The real clock. */
export const systemClock: Clock = {
  nowUs: () => Number(process.hrtime.bigint() / 1000n),
  epochMs: () => Date.now(),
  after: (ms, run) => {
    // Longer delays overflow Node's timer and would fire at once.
    const timer = setTimeout(run, Math.min(ms, 0x7fffffff));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
