import type { Clock } from '../support/clock.ts';

/** What an idle instance is to whoever freezes and frees it. */
export interface IdleMember {
  /** Microseconds on the monotonic clock since when it is idle; undefined while it is not. */
  idleSinceUs?: number | undefined;
}

export interface IdleOptions<T extends IdleMember> {
  clock: Clock;
  /** Milliseconds an instance may be idle. Read anew each time: settings change. */
  idleTimeoutMs(): number;
  freeze(member: T): void;
  /** Its time is over; false: it stays (provisioned) and is asked about again later. */
  free(member: T): boolean;
}

/**
 * Milliseconds between answer and freeze. An instance that gets its next event within it need not be stopped and
 * continued, which costs two signals and a wake-up; one that left work open is frozen at once and never gets here late.
 */
const freezeAfterMs = 2;

/**
 * The idle instances of one function. A busy function frees and takes instances thousands of times a second: instead
 * of a timer for each, one looks at all of them when the earliest is due.
 */
export class IdleInstances<T extends IdleMember> {
  readonly #options: IdleOptions<T>;
  readonly #members = new Set<T>();
  readonly #unfrozen = new Set<T>();
  #cancelFreeze: (() => void) | undefined;
  #cancelFree: (() => void) | undefined;

  constructor(options: IdleOptions<T>) {
    this.#options = options;
  }

  /** `freeze`: 'now' for one that left work open, 'soon' for others, 'never' where freezing is off. */
  add(member: T, freeze: 'now' | 'soon' | 'never'): void {
    member.idleSinceUs = this.#options.clock.nowUs();
    this.#members.add(member);
    if (freeze === 'now') this.#options.freeze(member);
    else if (freeze === 'soon') {
      this.#unfrozen.add(member);
      this.#cancelFreeze ??= this.#options.clock.after(freezeAfterMs, this.#freezeDue);
    }
    this.#cancelFree ??= this.#options.clock.after(this.#options.idleTimeoutMs(), this.#freeDue);
  }

  remove(member: T): void {
    member.idleSinceUs = undefined;
    this.#members.delete(member);
    this.#unfrozen.delete(member);
  }

  /** The idle time-out changed. */
  reschedule(): void {
    this.#cancelFree?.();
    this.#cancelFree = undefined;
    if (this.#members.size > 0) this.#freeDue();
  }

  dispose(): void {
    this.#cancelFreeze?.();
    this.#cancelFree?.();
    this.#members.clear();
    this.#unfrozen.clear();
  }

  readonly #freezeDue = (): void => {
    this.#cancelFreeze = undefined;
    const { clock, freeze } = this.#options;
    const due = clock.nowUs() - freezeAfterMs * 1000;
    for (const member of this.#unfrozen) {
      if (member.idleSinceUs! > due) continue;
      this.#unfrozen.delete(member);
      freeze(member);
    }
    if (this.#unfrozen.size > 0) this.#cancelFreeze = clock.after(freezeAfterMs, this.#freezeDue);
  };

  readonly #freeDue = (): void => {
    this.#cancelFree = undefined;
    const { clock, free, idleTimeoutMs } = this.#options;
    const timeoutMs = idleTimeoutMs();
    const now = clock.nowUs();
    let nextMs = timeoutMs;
    for (const member of [...this.#members]) {
      const leftMs = timeoutMs - (now - member.idleSinceUs!) / 1000;
      if (leftMs <= 0 && free(member)) continue;
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
    }
    if (this.#members.size > 0) this.#cancelFree = clock.after(Math.max(1, nextMs), this.#freeDue);
  };
}
