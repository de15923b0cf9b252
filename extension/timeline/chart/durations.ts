import { percentile } from '../../../runtime/model/percentile.ts';
import type { TimelineSpan } from '../../../runtime/model/timelineSpan.ts';
import type { StartKind } from '../../../runtime/model/words.ts';

export const startKinds: readonly StartKind[] = ['cold', 'prewarmed', 'warm'];

/** Durations of one start kind, in milliseconds. */
export interface DurationStats {
  kind: StartKind;
  count: number;
  medianMs: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** How often durations fall between two bounds that grow by the same factor. */
export interface DurationBins {
  /** Lower bounds in milliseconds. */
  bounds: number[];
  /** Per start kind, as many counts as bounds. */
  counts: Record<StartKind, number[]>;
}

/** Bins per power of ten. */
const perDecade = 10;

/** Shorter ones are counted as this, in milliseconds. */
const shortest = 0.01;

/** What ended undisturbed, by start kind, ascending. */
export function durationsOf(
  spans: Iterable<TimelineSpan>,
  only: string | undefined,
): Record<StartKind, Float64Array> {
  const values: Record<StartKind, number[]> = { cold: [], prewarmed: [], warm: [] };
  for (const { function: name, startKind, status, wallMs, debugged } of spans) {
    if (!startKind || debugged || (only !== undefined && name !== only)) continue;
    // As in the medians: how the platform ended an invocation says nothing about its speed.
    if (status === 'ok' || status === 'error') values[startKind].push(wallMs);
  }
  const sorted = (kind: StartKind): Float64Array => Float64Array.from(values[kind]).sort();
  return { cold: sorted('cold'), prewarmed: sorted('prewarmed'), warm: sorted('warm') };
}

export function durationStats(durations: Record<StartKind, Float64Array>): DurationStats[] {
  return startKinds.flatMap((kind) => {
    const sorted = durations[kind];
    if (sorted.length === 0) return [];
    const at = (share: number): number => percentile(sorted, share)!;
    return [
      { kind, count: sorted.length, medianMs: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) },
    ];
  });
}

/** Counts durations on a logarithmic scale; no bins without any. */
export function durationBins(durations: Record<StartKind, Float64Array>): DurationBins {
  const all = startKinds.map((kind) => durations[kind]).filter((sorted) => sorted.length > 0);
  const counts: DurationBins['counts'] = { cold: [], prewarmed: [], warm: [] };
  if (all.length === 0) return { bounds: [], counts };
  const first = binOf(Math.min(...all.map((sorted) => sorted[0]!)));
  const last = binOf(Math.max(...all.map((sorted) => sorted.at(-1)!)));
  const bounds: number[] = [];
  for (let bin = first; bin <= last; bin++) bounds.push(10 ** (bin / perDecade));
  for (const kind of startKinds) {
    counts[kind] = bounds.map(() => 0);
    for (const ms of durations[kind]) counts[kind][binOf(ms) - first]!++;
  }
  return { bounds, counts };
}

/** The small sum keeps 100 in the bin that begins with 100. */
const binOf = (ms: number): number => Math.floor(Math.log10(Math.max(shortest, ms)) * perDecade + 1e-9);
