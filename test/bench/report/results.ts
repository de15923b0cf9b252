import type { Series } from './statistics.ts';

/** Everything a run measured, and why something was not. */
export class Results {
  readonly #series = new Map<string, number[][]>();
  readonly #gaps = new Map<string, string>();

  /** `figure` is `subject measure`, e.g. `porchlight warm.p50`. Rounds count from 0. */
  add(figure: Figure, round: number, value: number | undefined): void {
    if (value === undefined) return;
    const key = keyOf(figure);
    const series = this.#series.get(key) ?? [];
    this.#series.set(key, series);
    while (series.length <= round) series.push([]);
    series[round]!.push(value);
  }

  series(figure: Figure): Series {
    return this.#series.get(keyOf(figure)) ?? [];
  }

  /** Something could not be measured; the first reason is kept. `what` is for people. */
  miss(what: string, reason: string): void {
    if (!this.#gaps.has(what)) this.#gaps.set(what, reason);
  }

  get gaps(): { what: string; reason: string }[] {
    return [...this.#gaps].map(([what, reason]) => ({ what, reason }));
  }

  /** All samples by figure, for programs. */
  toJSON(): Record<string, number[][]> {
    return Object.fromEntries(this.#series);
  }
}

/** One measured thing of one subject. */
export interface Figure {
  subject: string;
  measure: string;
}

function keyOf({ subject, measure }: Figure): string {
  return `${subject} ${measure}`;
}
