import type { ErrorMessage, ResultMessage } from '../protocol/instance/messages.ts';
import type { StreamStart } from '../model/resultStream.ts';
import type { Clock } from '../support/clock.ts';
import type { Deferred } from '../support/deferred.ts';
import { NotBegun } from './instanceExit.ts';

/** What a handler gave. */
export type Answer = { message: ResultMessage | ErrorMessage; body: Buffer };

/** Hears of a result that is sent while it is made. */
export interface StreamListener {
  streamBegins(start: StreamStart): void;
  /** `taken` has to be called once the bytes have left the host: only so many more are sent. */
  streamGoesOn(bytes: Buffer, taken: () => void): void;
}

/** An invocation that was handed over. `activeUs`: since when the instance can have begun it, once it can. */
interface PendingCall {
  answer: Deferred<Answer>;
  listener: StreamListener;
  activeUs: number | undefined;
}

/** What an instance has been handed and not answered, in the order in which it begins. */
export class PendingCalls {
  readonly #calls = new Map<string, PendingCall>();
  readonly #concurrency: number;
  readonly #clock: Clock;

  constructor(concurrency: number, clock: Clock) {
    this.#concurrency = concurrency;
    this.#clock = clock;
  }

  add(id: string, answer: Deferred<Answer>, listener: StreamListener): void {
    const activeUs = this.#calls.size < this.#concurrency ? this.#clock.nowUs() : undefined;
    this.#calls.set(id, { answer, listener, activeUs });
  }

  /** Since when one can have begun (monotonic clock); undefined while it waits behind others. */
  activeSince(id: string): number | undefined {
    return this.#calls.get(id)?.activeUs;
  }

  get oldest(): string | undefined {
    return this.#calls.keys().next().value;
  }

  /** Whether something waits behind a call that has been running for longer than `us`. */
  isStuck(us: number): boolean {
    if (this.#calls.size <= this.#concurrency) return false;
    const first = this.#calls.values().next().value;
    return first?.activeUs !== undefined && this.#clock.nowUs() - first.activeUs > us;
  }

  listener(id: string): StreamListener | undefined {
    return this.#calls.get(id)?.listener;
  }

  /** The one that is being answered; the next in line begins. */
  take(id: string): Deferred<Answer> | undefined {
    const call = this.#calls.get(id);
    if (!call) return undefined;
    this.#calls.delete(id);
    this.#activateNext();
    return call.answer;
  }

  /** Those that were handed ahead and come back. */
  gaveBack(ids: readonly string[]): void {
    for (const id of ids) {
      const call = this.#calls.get(id);
      // One that may have begun is not run a second time, whatever the instance says.
      if (!call || call.activeUs !== undefined) continue;
      this.#calls.delete(id);
      call.answer.reject(new NotBegun());
    }
  }

  /** All that is left: the process has ended. */
  clear(): PendingCall[] {
    const left = [...this.#calls.values()];
    this.#calls.clear();
    return left;
  }

  /** After an answer the next one in line begins. */
  #activateNext(): void {
    if (this.#calls.size < this.#concurrency) return;
    let active = 0;
    for (const call of this.#calls.values()) {
      if (active++ === this.#concurrency) return;
      call.activeUs ??= this.#clock.nowUs();
    }
  }
}
