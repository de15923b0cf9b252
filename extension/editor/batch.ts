import type { Clock } from '../../runtime/support/clock.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';

/** Collects values and hands them over together, at most once per period: a view is not redrawn for every log line. */
export class Batch<T> implements Disposable {
  #clock: Pick<Clock, 'after'>;
  #periodMs: number;
  #flush: (values: Set<T>) => void;
  #values = new Set<T>();
  #cancel: (() => void) | undefined;

  constructor(clock: Pick<Clock, 'after'>, periodMs: number, flush: (values: Set<T>) => void) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#flush = flush;
  }

  add(value: T): void {
    this.#values.add(value);
    this.#cancel ??= this.#clock.after(this.#periodMs, () => this.flush());
  }

  /** Hands over at once what has been collected. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#values.size === 0) return;
    const values = this.#values;
    this.#values = new Set();
    this.#flush(values);
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#values.clear();
  }
}
