import type { AttachedDebugger } from '../instances/debugPort.ts';
import type { ProgramStops } from '../instances/programStops.ts';
import type { Clock } from '../support/clock.ts';

/**
 * Time of one invocation that does not count, because a debugger made it pass: its instance is stopped, or that of an
 * invocation it waits for. Whoever holds an invocation holds all that wait for it, up the chain of callers.
 */
export class HeldTime {
  readonly #clock: Pick<Clock, 'nowUs'>;
  readonly #caller: HeldTime | undefined;
  #intervals: { fromUs: number; toUs: number }[] | undefined;
  #holders = 0;
  #sinceUs = 0;
  #releaseCaller: (() => void) | undefined;
  #listeners: Set<() => void> | undefined;
  #releases: Set<() => void> | undefined;
  #unfollow: (() => void) | undefined;

  /** `caller`: of the invocation that waits for this one. */
  constructor(clock: Pick<Clock, 'nowUs'>, caller?: HeldTime) {
    this.#clock = clock;
    this.#caller = caller;
  }

  get held(): boolean {
    return this.#holders > 0;
  }

  /** Microseconds held between two times, the present hold included. */
  withinUs(fromUs: number, toUs: number): number {
    const now = this.held ? [{ fromUs: this.#sinceUs, toUs: this.#clock.nowUs() }] : [];
    let sum = 0;
    for (const interval of [...(this.#intervals ?? []), ...now])
      sum += Math.max(0, Math.min(toUs, interval.toUs) - Math.max(fromUs, interval.fromUs));
    return sum;
  }

  /** Holds it and its callers until the result is called. */
  hold(): () => void {
    if (this.#holders++ === 0) {
      this.#sinceUs = this.#clock.nowUs();
      this.#releaseCaller = this.#caller?.hold();
    }
    return this.#once(() => {
      if (--this.#holders > 0) return;
      (this.#intervals ??= []).push({ fromUs: this.#sinceUs, toUs: this.#clock.nowUs() });
      this.#releaseCaller?.();
      this.#listeners?.forEach((listener) => listener());
    });
  }

  /** Holds its callers only: it waits for a debugger to attach, which is no time spent stopped in one. */
  holdCallers(): () => void {
    const release = this.#caller?.hold();
    return release ? this.#once(release) : () => {};
  }

  /**
   * From now on it is held while this debugger has its instance stopped, and while the program is stopped for whatever
   * debugger it runs in; followed instead of those before.
   */
  follow(attached: AttachedDebugger | undefined, stops?: ProgramStops): void {
    // First the new ones: what holds in both is held without a gap.
    const before = this.#unfollow;
    const ends = [attached && this.#followDebugger(attached), stops && this.#followProgram(stops)];
    this.#unfollow = () => ends.forEach((end) => end?.());
    before?.();
  }

  #followDebugger(attached: AttachedDebugger): () => void {
    let release = attached.paused ? this.hold() : undefined;
    const resumed = () => {
      release?.();
      release = undefined;
    };
    const subscriptions = [
      attached.onDidPause(() => (release ??= this.hold())),
      attached.onDidResume(resumed),
      attached.onDidDetach(resumed),
    ];
    return () => {
      for (const subscription of subscriptions) subscription.dispose();
      resumed();
    };
  }

  #followProgram(stops: ProgramStops): () => void {
    let release: (() => void) | undefined;
    const following = stops.follow((stopped) => {
      if (stopped) release ??= this.hold();
      else {
        release?.();
        release = undefined;
      }
    });
    return () => {
      following.dispose();
      release?.();
    };
  }

  /** Calls back whenever it is no longer held. The result ends that. */
  onDidRelease(listener: () => void): () => void {
    const listeners = (this.#listeners ??= new Set());
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** The invocation is over: nobody is held because of it any more. */
  end(): void {
    this.follow(undefined);
    if (this.#releases) for (const release of [...this.#releases]) release();
    this.#listeners?.clear();
  }

  #once(run: () => void): () => void {
    const releases = (this.#releases ??= new Set());
    const release = () => {
      if (releases.delete(release)) run();
    };
    releases.add(release);
    return release;
  }
}
