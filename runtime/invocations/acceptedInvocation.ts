import type { InvocationRecord } from '../model/invocationRecord.ts';
import type { Outcome } from '../model/platform.ts';
import type { Accepted } from './functionRuntimeOptions.ts';
import type { Invocation } from './invocation.ts';

/**
 * An invocation as its caller has it. A class, as a getter in an object literal is a shape of its own for V8 each time it
 * is made: shapes live until a full collection, and this one would hold the whole invocation for so long.
 */
export class AcceptedInvocation implements Accepted {
  readonly id: string;
  readonly outcome: Promise<Outcome>;
  readonly #invocation: Invocation;

  constructor(invocation: Invocation, outcome: Promise<Outcome>) {
    this.id = invocation.summary.id;
    this.outcome = outcome;
    this.#invocation = invocation;
  }

  get record(): Promise<InvocationRecord> {
    return this.#invocation.recorded;
  }

  cancel(reason: unknown): void {
    this.#invocation.cancel(reason);
  }
}
