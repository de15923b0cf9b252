import type { StartKind } from '../model/words.ts';
import { Deferred } from '../support/deferred.ts';
import type { Cancellable } from './poolOptions.ts';
import type { Lease } from './slot.ts';

/** An invocation that waits for an instance. */
export interface WaitingCall {
  readonly forced: StartKind | undefined;
  readonly answer: Deferred<Lease>;
}

/** Those that wait for an instance of one function, in the order in which they came. */
export class WaitingCalls {
  #calls: WaitingCall[] = [];

  get count(): number {
    return this.#calls.length;
  }

  /** Whose turn it is. */
  get first(): WaitingCall | undefined {
    return this.#calls[0];
  }

  /** Rejects with the reason when its caller does not want it any more. */
  add(forced: StartKind | undefined, waiter: Cancellable | undefined): Promise<Lease> {
    const call: WaitingCall = { forced, answer: new Deferred() };
    this.#calls.push(call);
    if (waiter) {
      waiter.onCancel = (reason) => {
        const index = this.#calls.indexOf(call);
        if (index < 0) return;
        this.#calls.splice(index, 1);
        call.answer.reject(reason);
      };
    }
    return call.answer.promise;
  }

  removeFirst(): void {
    this.#calls.shift();
  }

  rejectAll(reason: Error): void {
    for (const { answer } of this.#calls.splice(0)) answer.reject(reason);
  }
}
