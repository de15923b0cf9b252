/** Uses that cost nothing of the share, so that what a developer does by hand is always seen. */
const freeUses = 20;

/**
 * Keeps something dear below a share of all time: after its first uses it is refused until enough time has passed.
 * Times in microseconds.
 */
export class Budget {
  #share: number;
  #nowUs: () => number;
  #uses = 0;
  #nextUs = 0;

  constructor(share: number, nowUs: () => number) {
    this.#share = share;
    this.#nowUs = nowUs;
  }

  allows(): boolean {
    return this.#uses < freeUses || this.#nowUs() >= this.#nextUs;
  }

  spent(us: number): void {
    this.#uses++;
    this.#nextUs = this.#nowUs() + us / this.#share;
  }
}

/** Microseconds on the monotonic clock. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
