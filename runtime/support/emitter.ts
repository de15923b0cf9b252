import { toDisposable, type Disposable } from './disposable.ts';

/** Subscribes; the result unsubscribes. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** A source of events for one owner; others get `event`. */
export class Emitter<T> implements Disposable {
  /** Replaced, not changed, by whoever subscribes or leaves: it may be in use. */
  #listeners: readonly ((value: T) => void)[] = [];

  readonly event: Event<T> = (listener) => {
    // A wrapper per subscription, so that the same function may subscribe twice.
    const own = (value: T) => listener(value);
    this.#listeners = [...this.#listeners, own];
    return toDisposable(() => {
      this.#listeners = this.#listeners.filter((other) => other !== own);
    });
  };

  get hasListeners(): boolean {
    return this.#listeners.length > 0;
  }

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners = [];
  }
}
