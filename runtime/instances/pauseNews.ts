import type { Clock } from '../support/clock.ts';
import type { AttachedDebugger } from './debugPort.ts';

/** A step takes less than this, in milliseconds: between two of them nobody has to hear that the instance runs. */
const stepMs = 200;

/**
 * Calls `changed` when an instance is stopped in its debugger and when it goes on. Who steps gets no news of every step:
 * each would be told to the windows and drawn, while the same processor has the next step to take.
 */
export function tellPauses(
  attached: AttachedDebugger,
  clock: Pick<Clock, 'after'>,
  changed: () => void,
): void {
  let toldPaused = attached.paused;
  let cancel: (() => void) | undefined;
  attached.onDidPause(() => {
    cancel?.();
    cancel = undefined;
    if (toldPaused) return;
    toldPaused = true;
    changed();
  });
  attached.onDidResume(() => {
    cancel?.();
    cancel = clock.after(stepMs, () => {
      toldPaused = false;
      changed();
    });
  });
  attached.onDidDetach(() => cancel?.());
}
