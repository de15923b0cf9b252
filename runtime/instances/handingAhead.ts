import type { ProcessSettings } from '../model/functionDefinition.ts';
import type { Clock } from '../support/clock.ts';
import { chooseAhead, handedAhead, noteHandlerTime, type HandlerTimes } from './policy.ts';
import type { Slot } from './slot.ts';

/** What waits behind a call that runs for longer than this is asked back, in milliseconds. */
const stuckAfterMs = 15;

/** Hands invocations of quick functions to instances that are busy, and takes back what would wait there for long. */
export class HandingAhead {
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #times: HandlerTimes = { calls: 0, meanUs: 0 };
  #cancelWatch: (() => void) | undefined;

  constructor(clock: Clock, enabled = true) {
    this.#clock = clock;
    this.#enabled = enabled;
  }

  /** Tells how long a handler took, in microseconds. */
  note(us: number): void {
    noteHandlerTime(this.#times, us);
  }

  /** A busy instance for one more invocation, which then counts as its; undefined when none may have it. */
  choose(slots: readonly Slot[], settings: ProcessSettings, how: 'freely' | 'most'): Slot | undefined {
    const ahead = this.#enabled ? handedAhead(this.#times, settings)[how] : 0;
    const chosen = ahead === 0 ? -1 : chooseAhead(slots, settings, ahead);
    if (chosen < 0) return undefined;
    const slot = slots[chosen]!;
    slot.inFlight++;
    this.#watch(slots, settings);
    return slot;
  }

  dispose(): void {
    this.#cancelWatch?.();
  }

  #watch(slots: readonly Slot[], settings: ProcessSettings): void {
    this.#cancelWatch ??= this.#clock.after(stuckAfterMs, () => {
      this.#cancelWatch = undefined;
      const waited = slots.filter(({ inFlight }) => inFlight > settings.concurrency);
      for (const slot of waited) {
        if (!slot.instance.isStuck(stuckAfterMs * 1000)) continue;
        slot.slow = true;
        slot.instance.giveBack();
      }
      if (waited.length > 0) this.#watch(slots, settings);
    });
  }
}
