import type { Clock } from '../support/clock.ts';
import type { HeldTime } from './heldTime.ts';

/**
 * Calls back after `ms` of time that counts: what was held because of a debugger does not, nor does time before
 * `sinceUs` gives a beginning (one that waits behind others in its instance has not begun). The result cancels.
 */
export function startPausableTimer(
  ms: number,
  clock: Clock,
  time: { held: HeldTime; sinceUs?: () => number | undefined },
  run: () => void,
): () => void {
  const { held } = time;
  const startUs = clock.nowUs();
  const sinceUs = time.sinceUs ?? (() => startUs);
  let cancelTimer: () => void;
  const arm = (delayMs: number): void => {
    cancelTimer = clock.after(delayMs, check);
  };
  const check = (): void => {
    // There is nothing to wait for but the release, which arms it again.
    if (held.held) return;
    const since = sinceUs();
    const nowUs = clock.nowUs();
    const leftMs = since === undefined ? ms : ms - (nowUs - since - held.withinUs(since, nowUs)) / 1000;
    if (leftMs <= 0) run();
    else arm(Math.max(1, leftMs));
  };
  arm(ms);
  const stopListening = held.onDidRelease(() => {
    cancelTimer();
    check();
  });
  return () => {
    cancelTimer();
    stopListening();
  };
}
