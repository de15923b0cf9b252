/** A promise that is settled from outside. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  settled = false;
  #resolve!: (value: T | PromiseLike<T>) => void;
  #reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(value: T): void {
    this.settled = true;
    this.#resolve(value);
  }

  reject(reason: unknown): void {
    this.settled = true;
    this.#reject(reason);
  }

  /** Rejects it if it is still open. Nobody may be waiting for it; an unhandled rejection would end the host. */
  fail(reason: unknown): void {
    if (this.settled) return;
    this.promise.catch(() => {});
    this.reject(reason);
  }
}
