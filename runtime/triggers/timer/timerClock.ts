import type { Schedule } from '../../model/sourceContracts.ts';
import type { Clock } from '../../support/clock.ts';

export interface TimerClockListener {
  /** A time of the schedule has come. */
  due(at: number): void;
  /** Times went by unnoticed; the earliest was at `first`. */
  missed(count: number, first: number): void;
  /** Another time comes next. */
  changed(): void;
}

/**
 * Longest sleep: timers count running time, schedules the time of day. What a suspended machine or a changed clock does
 * to the latter is noticed after this long at most.
 */
const longestSleepMs = 30_000;

/** A time that is noticed later than this was missed. A busy processor delays by less, a suspended machine by more. */
const lateMs = 20_000;

/** A clock that is set back by less is waited for, so that no time comes twice (as cron daemons do). */
const correctedMs = 3 * 3_600_000;

/** Missed times are counted up to here. */
const mostCounted = 1000;

/** Follows a schedule on a clock that may jump: never twice for one time, never for one long gone. */
export class TimerClock {
  readonly #clock: Clock;
  readonly #schedule: Schedule;
  readonly #listener: TimerClockListener;
  #startedAt: number | undefined;
  #due: number | undefined;
  #cancel: (() => void) | undefined;
  /** Time of day and running time when it looked last. */
  #looked = { epochMs: 0, us: 0 };

  constructor(clock: Clock, schedule: Schedule, listener: TimerClockListener) {
    this.#clock = clock;
    this.#schedule = schedule;
    this.#listener = listener;
  }

  get running(): boolean {
    return this.#startedAt !== undefined;
  }

  /** The next times; of one that does not run only those that do not count from its start. */
  next(count: number): number[] {
    const times: number[] = [];
    const now = this.#clock.epochMs();
    const from = this.#startedAt ?? now;
    for (let after = now; times.length < count;) {
      const time = this.#schedule.next(after, from);
      if (time === undefined) break;
      times.push(time);
      after = time;
    }
    return times;
  }

  start(): void {
    this.stop();
    const now = this.#clock.epochMs();
    this.#startedAt = now;
    this.#looked = { epochMs: now, us: this.#clock.nowUs() };
    this.#due = this.#schedule.next(now, now);
    this.#sleep();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#startedAt = undefined;
    this.#due = undefined;
  }

  #sleep(): void {
    if (this.#due === undefined) return;
    const ms = Math.min(longestSleepMs, Math.max(0, this.#due - this.#clock.epochMs()));
    this.#cancel = this.#clock.after(ms, () => this.#look());
  }

  #look(): void {
    const now = this.#clock.epochMs();
    const us = this.#clock.nowUs();
    const jumpedMs = now - this.#looked.epochMs - (us - this.#looked.us) / 1000;
    this.#looked = { epochMs: now, us };
    const due = this.#due!;
    if (jumpedMs < -correctedMs) {
      // Not corrected but set to another day: the schedule begins anew there.
      this.#due = this.#schedule.next(now, Math.min(this.#startedAt!, now));
      this.#listener.changed();
    } else if (now >= due) {
      const late = now - due > lateMs;
      this.#due = this.#schedule.next(late ? this.#skip(due, now) : due, this.#startedAt!);
      if (!late) this.#listener.due(due);
      this.#listener.changed();
    }
    if (this.running) this.#sleep();
  }

  /** Counts what was missed; answers with the time after which the next one comes. */
  #skip(due: number, now: number): number {
    let count = 0;
    for (
      let time: number | undefined = due;
      time !== undefined && time <= now - lateMs && count < mostCounted;
    ) {
      count++;
      time = this.#schedule.next(time, this.#startedAt!);
    }
    this.#listener.missed(count, due);
    return now;
  }
}
