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
