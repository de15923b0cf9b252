/**
 * Which calls of a function go to a version that gets a share of them. Every call counts, so that of ten in a row one goes where a
 * tenth should: clouds choose by chance, which on a developer's machine would only look like a mistake.
 */
export class CallShares {
  readonly #shares = new Map<string, { percent: number; due: number }>();

  /** From now on; a share that stays what it was goes on counting. */
  set(shares: ReadonlyMap<string, number>): void {
    for (const name of this.#shares.keys()) if (!shares.has(name)) this.#shares.delete(name);
    for (const [name, percent] of shares)
      if (this.#shares.get(name)?.percent !== percent) this.#shares.set(name, { percent, due: 0 });
  }

  /** Whether the next call is one of the share. */
  take(name: string): boolean {
    const share = this.#shares.get(name);
    if (!share) return false;
    share.due += share.percent;
    if (share.due < 100) return false;
    share.due -= 100;
    return true;
  }
}
