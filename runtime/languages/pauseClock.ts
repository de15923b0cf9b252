/** Adds up the time between holds and releases, in microseconds. */
export class PauseClock {
  #nowUs: () => number;
  #totalUs = 0;
  #heldAt: number | undefined;

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs;
  }

  get held(): boolean {
    return this.#heldAt !== undefined;
  }

  hold(): void {
    this.#heldAt ??= this.#nowUs();
  }

  release(): void {
    if (this.#heldAt === undefined) return;
    this.#totalUs += this.#nowUs() - this.#heldAt;
    this.#heldAt = undefined;
  }

  /** All holds so far, the present one included. */
  totalUs(): number {
    return this.#totalUs + (this.#heldAt === undefined ? 0 : this.#nowUs() - this.#heldAt);
  }
}
