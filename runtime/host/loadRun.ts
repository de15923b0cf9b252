import type { Accepted } from '../invocations/functionRuntimeOptions.ts';
import type { LoadProgress, LoadResult, LoadShape } from '../model/load.ts';
import { LoadTally } from '../model/loadTally.ts';
import type { Clock } from '../support/clock.ts';
import { Deferred } from '../support/deferred.ts';

/** What a load is sent to. */
export interface LoadTarget {
  function: string;
  /** Makes the call with this number, from 1. */
  call(number: number): Pick<Accepted, 'outcome' | 'record' | 'cancel'>;
  /** Instances that live now. */
  instances(): number;
}

/** How often is told how far it is, in milliseconds. */
const tellEveryMs = 150;

/**
 * One load. A call is due at its place in the rate whatever the earlier ones do; only `concurrency` makes it wait, and how
 * long is told: otherwise a slow function would be asked less often and look faster than it is.
 */
export class LoadRun {
  readonly #target: LoadTarget;
  readonly #shape: LoadShape;
  readonly #clock: Clock;
  readonly #tally = new LoadTally();
  readonly #running = new Set<Pick<Accepted, 'cancel'>>();
  readonly #done = new Deferred<void>();
  #startUs = 0;
  #sent = 0;
  #lateUs = 0;
  #most = 0;
  #stopped = false;
  #cancelTimer: (() => void) | undefined;

  constructor(target: LoadTarget, shape: LoadShape, clock: Clock) {
    this.#target = target;
    this.#shape = shape;
    this.#clock = clock;
  }

  /** Resolves when everything that was sent has ended; rejects when a call cannot even be made. */
  async run(onProgress: (progress: LoadProgress) => void, signal: AbortSignal): Promise<LoadResult> {
    const onAbort = (): void => this.#stop();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#startUs = this.#clock.nowUs();
    let cancelTelling: (() => void) | undefined;
    const tell = (): void => {
      this.#lookAround();
      onProgress(this.#progress());
      cancelTelling = this.#clock.after(tellEveryMs, tell);
    };
    try {
      tell();
      if (signal.aborted) this.#stop();
      else this.#sendDue();
      await this.#done.promise;
      onProgress(this.#progress());
    } finally {
      cancelTelling?.();
      this.#cancelTimer?.();
      signal.removeEventListener('abort', onAbort);
    }
    const facts = {
      function: this.#target.function,
      shape: this.#shape,
      cancelled: this.#sent < this.#shape.invocations || signal.aborted,
      sent: this.#sent,
      elapsedMs: (this.#clock.nowUs() - this.#startUs) / 1000,
      lateMs: this.#lateUs / 1000,
    };
    return this.#tally.result(facts, this.#most);
  }

  #progress(): LoadProgress {
    const { ended, failed } = this.#tally;
    return { sent: this.#sent, ended, failed, instances: this.#target.instances() };
  }

  #lookAround(): void {
    this.#most = Math.max(this.#most, this.#target.instances());
  }

  /** Sends what is due and may be under way, then waits for the time of the next one or for an answer. */
  readonly #sendDue = (): void => {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const { invocations, concurrency, rate } = this.#shape;
    while (!this.#stopped && this.#sent < invocations && this.#running.size < concurrency) {
      const now = this.#clock.nowUs();
      if (rate !== undefined) {
        const dueUs = this.#startUs + (this.#sent * 1_000_000) / rate;
        if (dueUs > now) {
          this.#cancelTimer = this.#clock.after(Math.max(1, (dueUs - now) / 1000), this.#sendDue);
          return;
        }
        this.#lateUs = Math.max(this.#lateUs, now - dueUs);
      }
      this.#send();
    }
  };

  #send(): void {
    let call: ReturnType<LoadTarget['call']>;
    try {
      call = this.#target.call(this.#sent + 1);
    } catch (error) {
      // An event that is not taken would not be taken the next time either.
      this.#stop();
      this.#done.reject(error);
      return;
    }
    this.#sent++;
    this.#running.add(call);
    void Promise.all([call.outcome, call.record]).then(
      ([, record]) => this.#ended(call, () => this.#tally.add(record)),
      (error: unknown) => this.#ended(call, () => this.#done.reject(error)),
    );
  }

  #ended(call: Pick<Accepted, 'cancel'>, count: () => void): void {
    this.#running.delete(call);
    count();
    this.#lookAround();
    const over = this.#stopped || this.#sent === this.#shape.invocations;
    if (over && this.#running.size === 0) this.#done.resolve();
    // One that waits for its time goes on waiting.
    else if (!over && !this.#cancelTimer) this.#sendDue();
  }

  #stop(): void {
    this.#stopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    for (const call of this.#running) call.cancel(new Error('The load was cancelled.'));
    if (this.#running.size === 0) this.#done.resolve();
  }
}
