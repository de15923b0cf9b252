/** How a host that crashed is started again: after growing pauses, and not for ever. */
export interface RestartLimits {
  /** Crashes within the window after which it is left alone. */
  maxCrashes: number;
  windowMs: number;
  /** Pause before the first, second, … restart; the last one repeats. */
  delaysMs: readonly number[];
}

export const defaultRestartLimits: RestartLimits = {
  maxCrashes: 4,
  windowMs: 3 * 60_000,
  delaysMs: [200, 1000, 4000],
};

export type RestartDecision = { restart: true; delayMs: number } | { restart: false; crashes: number };

/** Decides after a crash. `crashes` holds the times of all crashes so far, this one included, in milliseconds. */
export function decideRestart(
  crashes: readonly number[],
  now: number,
  limits: RestartLimits = defaultRestartLimits,
): RestartDecision {
  const recent = crashes.filter((time) => now - time < limits.windowMs).length;
  if (recent >= limits.maxCrashes) return { restart: false, crashes: recent };
  const delayMs = limits.delaysMs[Math.min(recent, limits.delaysMs.length) - 1] ?? 0;
  return { restart: true, delayMs };
}
