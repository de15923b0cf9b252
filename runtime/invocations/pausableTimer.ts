import type { AttachedDebugger } from '../instances/debugPort.ts';
import type { Clock } from '../support/clock.ts';

/** Calls back after `ms` of running time: time stopped in the debugger does not count. The result cancels. */
export function startPausableTimer(
  ms: number,
  clock: Clock,
  attached: AttachedDebugger | undefined,
  run: () => void,
): () => void {
  const startUs = clock.nowUs();
  const pausedBefore = attached?.pausedUs() ?? 0;
  let cancelTimer: () => void;
  const arm = (delayMs: number) => {
    cancelTimer = clock.after(delayMs, () => {
      const runningMs = (clock.nowUs() - startUs - ((attached?.pausedUs() ?? 0) - pausedBefore)) / 1000;
      const left = ms - runningMs;
      if (left <= 0 && !attached?.paused) run();
      // While stopped there is nothing to wait for but the resume, which arms it again.
      else if (!attached?.paused) arm(Math.max(1, left));
    });
  };
  arm(ms);
  const resumed = attached?.onDidResume(() => {
    cancelTimer();
    const runningMs = (clock.nowUs() - startUs - (attached.pausedUs() - pausedBefore)) / 1000;
    arm(Math.max(1, ms - runningMs));
  });
  return () => {
    cancelTimer();
    resumed?.dispose();
  };
}

/**
 * Calls back when a call has been active for `ms`; one that waits behind others in its instance has not begun, and its
 * time has not either. The result cancels.
 */
export function startCallTimer(
  ms: number,
  clock: Clock,
  activeSinceUs: () => number | undefined,
  run: () => void,
): () => void {
  let cancelTimer: () => void;
  const arm = (delayMs: number): void => {
    cancelTimer = clock.after(delayMs, () => {
      const since = activeSinceUs();
      const leftMs = since === undefined ? ms : ms - (clock.nowUs() - since) / 1000;
      if (leftMs <= 0) run();
      else arm(Math.max(1, leftMs));
    });
  };
  arm(ms);
  return () => cancelTimer();
}
