import type { IncomingHttpHeaders } from 'node:http';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { HeldTime } from '../invocations/heldTime.ts';
import type { Invocation } from '../invocations/invocation.ts';
import { PorchlightError } from '../model/errors.ts';
import { platforms } from '../platforms/index.ts';
import { callerHeader } from '../protocol/instance/caller.ts';
import { phrase } from '../support/l10n.ts';

/** Longest chain of functions that call each other: Lambda stops loops at about this length. */
export const longestChain = 16;

/** Who called, as an invoke request states it. */
export interface Caller {
  parent?: string;
  depth?: number;
  /** The sender's, when it waits for the answer. */
  callerHeld?: HeldTime;
}

/** Finds the invocation that sent a request, among those that run now, and stops calls that go in circles. */
export class Callers {
  readonly #functions: () => FunctionRuntime[];

  constructor(functions: () => FunctionRuntime[]) {
    this.#functions = functions;
  }

  /**
   * The sender of a request that is for `fn`. Nothing is taken on trust: an id that is not running here is none.
   * `waits`: the sender gets its answer only after `fn`'s. Throws `CALLS_CIRCLE`.
   */
  of(headers: IncomingHttpHeaders, fn: FunctionRuntime, waits = true): Caller {
    const caller = this.#find(headers);
    if (!caller) return {};
    const depth = caller.depth + 1;
    const name = fn.definition.name;
    if (depth > longestChain) {
      const detail = phrase(
        'it is number {depth} in a chain of functions that call each other; {longestChain} are allowed.',
        { depth, longestChain },
      );
      throw new PorchlightError('CALLS_CIRCLE', { function: name, detail });
    }
    const { maxInstances, concurrency } = fn.pool.settings;
    if (waits && this.#above(caller, name) >= maxInstances * concurrency) {
      const detail = phrase(
        'all {maxInstances} instances it may have are busy with the callers of this call, which wait for it.',
        { maxInstances },
      );
      throw new PorchlightError('CALLS_CIRCLE', { function: name, detail });
    }
    return { parent: caller.summary.id, depth, ...(waits && { callerHeld: caller.held }) };
  }

  #find(headers: IncomingHttpHeaders): Invocation | undefined {
    const named = headers[callerHeader];
    if (typeof named === 'string') return this.#running(named);
    for (const { invokeApi } of platforms) {
      const prefix = invokeApi?.callerPrefix?.(headers);
      if (prefix !== undefined) return this.#runningWith(prefix);
    }
    return undefined;
  }

  #running(id: string): Invocation | undefined {
    for (const runtime of this.#functions()) {
      const found = runtime.running.get(id);
      if (found) return found;
    }
    return undefined;
  }

  #runningWith(prefix: string): Invocation | undefined {
    for (const runtime of this.#functions()) {
      const found = runtime.running.keys().find((id) => id.startsWith(prefix));
      if (found !== undefined) return runtime.running.get(found);
    }
    return undefined;
  }

  /** How many running invocations of a function lie in a chain, its last member included. */
  #above(last: Invocation, name: string): number {
    let count = 0;
    let next: Invocation | undefined = last;
    for (let steps = 0; next && steps < longestChain; steps++) {
      if (next.summary.function === name) count++;
      const parent: string | undefined = next.summary.parent;
      next = parent === undefined ? undefined : this.#running(parent);
    }
    return count;
  }
}
