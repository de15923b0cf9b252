import type { Clock } from '../../runtime/support/clock.ts';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #us = 0;
  #timers = new Set<{ atUs: number; run: () => void }>();

  nowUs(): number {
    return this.#us;
  }

  epochMs(): number {
    return 1_700_000_000_000 + this.#us / 1000;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { atUs: this.#us + ms * 1000, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on, running what falls due in the order of its time. */
  advance(ms: number): void {
    const end = this.#us + ms * 1000;
    for (;;) {
      const [next] = [...this.#timers].filter(({ atUs }) => atUs <= end).sort((a, b) => a.atUs - b.atUs);
      if (!next) break;
      this.#timers.delete(next);
      this.#us = next.atUs;
      next.run();
    }
    this.#us = end;
  }
}
