import type { InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { HostMirror } from '../hostClient/hostMirror.ts';

/**
 * The first invocation a function gets from now on. An HTTP answer does not say which invocation it came from; the
 * mirror does. Dispose when it is no longer of interest.
 */
export class FirstInvocation implements Disposable {
  #id: string | undefined;
  #mirror: HostMirror;
  #subscription: Disposable;
  #ended = new Deferred<InvocationSummary | undefined>();

  /** `onBegin` is called once, as soon as the invocation is known. */
  constructor(mirror: HostMirror, name: string, onBegin: (id: string) => void) {
    this.#mirror = mirror;
    this.#subscription = mirror.onDidChange((change) => {
      if (change.kind !== 'invocation') return;
      const summary = mirror.invocation(change.id);
      if (this.#id === undefined && change.isNew && summary?.function === name)
        onBegin((this.#id = change.id));
      if (change.id === this.#id && summary && summary.status !== 'running') this.#ended.resolve(summary);
    });
  }

  /** Resolves when it has ended, which may be told a moment after the answer; undefined when there was none. */
  async end(): Promise<InvocationSummary | undefined> {
    return this.#id === undefined ? undefined : this.#ended.promise;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#ended.resolve(this.#id === undefined ? undefined : this.#mirror.invocation(this.#id));
  }
}
