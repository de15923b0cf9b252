import type { InvocationSummary } from './invocationRecord.ts';
import type { LoadResult, LoadShape, LoadTimes } from './load.ts';
import { percentile } from './percentile.ts';
import type { InvocationStatus, StartKind } from './words.ts';

/** What a load counts of an invocation. */
export type Counted = Pick<InvocationSummary, 'status' | 'startKind' | 'wallMs' | 'instance' | 'error'>;

/** Counts the invocations of a load: of each only numbers are kept. */
export class LoadTally {
  readonly #statuses: Partial<Record<InvocationStatus, number>> = {};
  readonly #times = new Map<StartKind, number[]>();
  readonly #served = new Set<string>();
  #error: LoadResult['error'];
  ended = 0;
  failed = 0;

  add({ status, startKind, wallMs, instance, error }: Counted): void {
    this.ended++;
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (status !== 'ok') this.failed++;
    if (error && status !== 'ok') this.#error ??= { type: error.type, message: error.message };
    // One that was throttled or never began waited for nothing: its time would flatter the others.
    if (!startKind || !instance) return;
    this.#served.add(instance.id);
    const times = this.#times.get(startKind) ?? [];
    times.push(wallMs);
    this.#times.set(startKind, times);
  }

  /** `mostInstances`: the most that lived at a time. */
  result(
    facts: Pick<LoadResult, 'function' | 'cancelled' | 'sent' | 'elapsedMs' | 'lateMs'> & {
      shape: LoadShape;
    },
    mostInstances: number,
  ): LoadResult {
    const times = timesOf([...this.#times.values()].flat());
    const starts: LoadResult['starts'] = {};
    for (const [kind, values] of this.#times) starts[kind] = timesOf(values)!;
    return {
      ...facts,
      throughput: facts.elapsedMs > 0 ? (this.ended * 1000) / facts.elapsedMs : 0,
      statuses: this.#statuses,
      ...(times ? { times } : {}),
      starts,
      instances: { served: this.#served.size, most: Math.max(mostInstances, 0) },
      ...(this.#error ? { error: this.#error } : {}),
    };
  }
}

function timesOf(values: readonly number[]): LoadTimes | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => percentile(sorted, share)!;
  return {
    count: sorted.length,
    minMs: sorted[0]!,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}
