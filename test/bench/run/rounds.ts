import type { Results } from '../report/results.ts';
import type { Measure } from './measure.ts';

/** A measure that fails this often is not tried again: each failure may take minutes. */
const patience = 2;

export interface RoundsOptions {
  rounds: number;
  results: Results;
  say(text: string): void;
}

/** Prepares every measure; those that cannot run here are named with the reason. Gives the others. */
export async function prepareAll(
  measures: readonly Measure[],
  { results, say }: Pick<RoundsOptions, 'results' | 'say'>,
): Promise<Measure[]> {
  const ready: Measure[] = [];
  for (const measure of measures) {
    try {
      await measure.prepare();
      ready.push(measure);
    } catch (error) {
      const reason = reasonOf(error);
      results.miss(measure.title, reason);
      say(`${measure.title}: ${reason}`);
    }
  }
  return ready;
}

/** Runs every measure once a round, each round beginning with another one: nobody is always first or last. */
export async function runRounds(measures: readonly Measure[], options: RoundsOptions): Promise<void> {
  const { rounds, results, say } = options;
  const failures = new Map<Measure, number>();
  for (let round = 0; round < rounds; round++) {
    for (const measure of turn(measures, Math.floor((round * measures.length) / rounds))) {
      if ((failures.get(measure) ?? 0) >= patience) continue;
      const started = performance.now();
      const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
      try {
        await measure.round(round);
        say(`round ${round + 1}/${rounds}: ${measure.title}, ${seconds()}`);
      } catch (error) {
        failures.set(measure, (failures.get(measure) ?? 0) + 1);
        const reason = reasonOf(error);
        results.miss(measure.title, `${reason} (round ${round + 1})`);
        say(`round ${round + 1}/${rounds}: ${measure.title} failed after ${seconds()}: ${reason}`);
      }
    }
  }
}

/** The same list, beginning at another place. */
export function turn<T>(items: readonly T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 600);
}
