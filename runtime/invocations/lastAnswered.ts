import type { Instance } from '../instances/instance.ts';
import { Deferred } from '../support/deferred.ts';
import { TurnoverMap } from '../support/turnoverMap.ts';
import type { Invocation } from './invocation.ts';

/** The invocation that each instance answered last: output that comes past the channel may still be its. */
export class LastAnswered {
  readonly #open = new TurnoverMap<Instance, { invocation: Invocation; closed: Deferred<void> }>();

  add(instance: Instance, invocation: Invocation): void {
    this.#open.get(instance)?.closed.resolve();
    this.#open.set(instance, { invocation, closed: new Deferred() });
  }

  of(instance: Instance): Invocation | undefined {
    return this.#open.get(instance)?.invocation;
  }

  /** Resolves when what the instance says is no longer taken for the last words of an invocation. */
  closed(instance: Instance): Promise<void> | undefined {
    return this.#open.get(instance)?.closed.promise;
  }

  /** What the instance still had in its pipes has arrived. */
  close(instance: Instance, invocation: Invocation): void {
    const open = this.#open.get(instance);
    if (open?.invocation !== invocation) return;
    this.#open.take(instance);
    open.closed.resolve();
  }
}
