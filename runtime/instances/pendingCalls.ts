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
  id: string;
  answer: Deferred<Answer>;
  listener: StreamListener;
  activeUs: number | undefined;
}

/** What an instance has been handed and not answered, in the order in which it begins. */
export class PendingCalls {
  /** A few at most, and mostly the first is the one that is asked for. */
  readonly #calls: PendingCall[] = [];
  readonly #concurrency: number;
  readonly #clock: Clock;

  constructor(concurrency: number, clock: Clock) {
    this.#concurrency = concurrency;
    this.#clock = clock;
  }

  add(id: string, answer: Deferred<Answer>, listener: StreamListener): void {
    const activeUs = this.#calls.length < this.#concurrency ? this.#clock.nowUs() : undefined;
    this.#calls.push({ id, answer, listener, activeUs });
  }

  /** Since when one can have begun (monotonic clock); undefined while it waits behind others. */
  activeSince(id: string): number | undefined {
    return this.#find(id)?.activeUs;
  }

  get oldest(): string | undefined {
    return this.#calls[0]?.id;
  }

  /** Whether something waits behind a call that has been running for longer than `us`. */
  isStuck(us: number): boolean {
    if (this.#calls.length <= this.#concurrency) return false;
    const first = this.#calls[0];
    return first?.activeUs !== undefined && this.#clock.nowUs() - first.activeUs > us;
  }

  listener(id: string): StreamListener | undefined {
    return this.#find(id)?.listener;
  }

  /** The one that is being answered; the next in line begins. */
  take(id: string): Deferred<Answer> | undefined {
    const call = this.#find(id);
    if (!call) return undefined;
    this.#remove(call);
    this.#activateNext();
    return call.answer;
  }

  /** Those that were handed ahead and come back. */
  gaveBack(ids: readonly string[]): void {
    for (const id of ids) {
      const call = this.#find(id);
      // One that may have begun is not run a second time, whatever the instance says.
      if (!call || call.activeUs !== undefined) continue;
      this.#remove(call);
      call.answer.reject(new NotBegun());
    }
  }

  /** All that is left: the process has ended. */
  clear(): PendingCall[] {
    return this.#calls.splice(0);
  }

  #find(id: string): PendingCall | undefined {
    for (const call of this.#calls) if (call.id === id) return call;
    return undefined;
  }

  #remove(call: PendingCall): void {
    this.#calls.splice(this.#calls.indexOf(call), 1);
  }

  /** After an answer the next one in line begins. */
  #activateNext(): void {
    if (this.#calls.length < this.#concurrency) return;
    for (let index = 0; index < this.#concurrency; index++)
      this.#calls[index]!.activeUs ??= this.#clock.nowUs();
  }
}
