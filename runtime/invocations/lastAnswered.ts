import type { Instance } from '../instances/instance.ts';
import { Deferred } from '../support/deferred.ts';
import type { Invocation } from './invocation.ts';

/** What an instance answered last, as long as its words may still come. */
interface Answered {
  open: { invocation: Invocation; closed: Deferred<void> } | undefined;
}

/** The invocation that each instance answered last: output that comes past the channel may still be its. */
export class LastAnswered {
  /** An entry for as long as the instance lives: entries that come and go would keep what was in them. */
  readonly #of = new Map<Instance, Answered>();

  add(instance: Instance, invocation: Invocation): void {
    let answered = this.#of.get(instance);
    if (!answered) {
      answered = { open: undefined };
      this.#of.set(instance, answered);
      void instance.exited.then(() => this.#of.delete(instance));
    }
    answered.open?.closed.resolve();
    answered.open = { invocation, closed: new Deferred() };
  }

  of(instance: Instance): Invocation | undefined {
    return this.#of.get(instance)?.open?.invocation;
  }

  /** Resolves when what the instance says is no longer taken for the last words of an invocation. */
  closed(instance: Instance): Promise<void> | undefined {
    return this.#of.get(instance)?.open?.closed.promise;
  }

  /** What the instance still had in its pipes has arrived. */
  close(instance: Instance, invocation: Invocation): void {
    const answered = this.#of.get(instance);
    if (answered?.open?.invocation !== invocation) return;
    answered.open.closed.resolve();
    answered.open = undefined;
  }
}
