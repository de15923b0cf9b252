import type { InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { HostMirror } from '../hostClient/hostMirror.ts';

/** The host tells of an invocation at most this much later than it answers. */
const beginMs = 500;

/**
 * The first invocation a function gets from now on. An HTTP answer does not say which invocation it came from; the
 * mirror does. Dispose when it is no longer of interest.
 */
export class FirstInvocation implements Disposable {
  #id: string | undefined;
  #mirror: HostMirror;
  #subscription: Disposable;
  #ended = new Deferred<InvocationSummary | undefined>();
  #clock: Pick<Clock, 'after'>;

  /** `onBegin` is called once, as soon as the invocation is known. */
  constructor(mirror: HostMirror, name: string, clock: Pick<Clock, 'after'>, onBegin: (id: string) => void) {
    this.#mirror = mirror;
    this.#clock = clock;
    this.#subscription = mirror.onDidChange((change) => {
      if (change.kind !== 'invocation') return;
      const summary = mirror.invocation(change.id);
      if (this.#id === undefined && change.isNew && summary?.function === name)
        onBegin((this.#id = change.id));
      if (change.id === this.#id && summary && summary.status !== 'running') this.#ended.resolve(summary);
    });
  }

  /**
   * Resolves when it has ended, which is told a moment after the HTTP answer; undefined when none has begun by then, e.g.
   * because no trigger has this path.
   */
  end(): Promise<InvocationSummary | undefined> {
    this.#clock.after(beginMs, () => {
      if (this.#id === undefined) this.#ended.resolve(undefined);
    });
    return this.#ended.promise;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#ended.resolve(this.#id === undefined ? undefined : this.#mirror.invocation(this.#id));
  }
}
