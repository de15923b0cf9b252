import type { Clock } from '../../runtime/support/clock.ts';

/** A clock that moves when it is told to, and runs what falls due on the way. */
export class FakeClock implements Clock {
  #us = 1_000_000;
  #timers: { atUs: number; run: () => void }[] = [];

  nowUs(): number {
    return this.#us;
  }

  epochMs(): number {
    return this.#us / 1000;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { atUs: this.#us + ms * 1000, run };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  advance(ms: number): void {
    const until = this.#us + ms * 1000;
    for (;;) {
      const next = this.#timers.filter(({ atUs }) => atUs <= until).sort((a, b) => a.atUs - b.atUs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#us = next.atUs;
      next.run();
    }
    this.#us = until;
  }
}
