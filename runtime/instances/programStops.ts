import type { Clock } from '../support/clock.ts';
import type { Disposable } from '../support/disposable.ts';
import { Emitter } from '../support/emitter.ts';
import type { Tracee } from '../support/tracee.ts';

/** A look costs some 10 µs per thread; what is missed of a stop at its beginning is found too much at its end. */
const lookMs = 10;

/** A debugger says within this time that it has stopped a program; one that does not must hold up nobody for ever. */
export const longestUntoldUs = 30_000_000;

/**
 * When a program is stopped by the debugger it was started in, as the system tells. The debugger itself tells later, when
 * it has found out where that is, and says nothing of the stops it makes for its own purposes.
 */
export class ProgramStops {
  readonly #tracee: Tracee;
  readonly #clock: Clock;
  readonly #changed = new Emitter<boolean>();
  #sinceUs: number | undefined;
  #told = false;
  #cancel: (() => void) | undefined;

  constructor(tracee: Tracee, clock: Clock) {
    this.#tracee = tracee;
    this.#clock = clock;
  }

  /** Calls back at once and at every change, until the result is disposed. Nobody looks unless somebody follows. */
  follow(listener: (stopped: boolean) => void): Disposable {
    if (!this.#changed.hasListeners) this.#look();
    const subscription = this.#changed.event(listener);
    listener(this.#told);
    return {
      dispose: () => {
        subscription.dispose();
        if (!this.#changed.hasListeners) this.#cancel?.();
      },
    };
  }

  #look(): void {
    const nowUs = this.#clock.nowUs();
    this.#sinceUs = this.#tracee.stopped() ? (this.#sinceUs ?? nowUs) : undefined;
    const stopped = this.#sinceUs !== undefined && nowUs - this.#sinceUs < longestUntoldUs;
    this.#cancel = this.#clock.after(lookMs, () => this.#look());
    if (stopped === this.#told) return;
    this.#told = stopped;
    this.#changed.fire(stopped);
  }
}
