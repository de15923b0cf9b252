import type { StartStatistics } from '../protocol/control/state.ts';
import type { InvocationSummary } from '../model/invocationRecord.ts';
import type { StartKind } from '../model/words.ts';

/** Invocations the medians look back on. */
const window = 101;

/** Medians per start kind over the latest undisturbed invocations. */
export class Statistics {
  #samples = new Map<StartKind, { count: number; latest: number[] }>();

  /** Takes an ended invocation; failures by the platform and runs that a debugger slowed down say nothing about speed. */
  add(summary: InvocationSummary): void {
    if (summary.debugged || summary.pausedMs > 0 || summary.startKind === undefined) return;
    if (summary.status !== 'ok' && summary.status !== 'error') return;
    const samples = this.#samples.get(summary.startKind) ?? { count: 0, latest: [] };
    samples.count++;
    samples.latest.push(summary.wallMs);
    if (samples.latest.length > window) samples.latest.shift();
    this.#samples.set(summary.startKind, samples);
  }

  clear(): void {
    this.#samples.clear();
  }

  toJSON(): Partial<Record<StartKind, StartStatistics>> {
    const result: Partial<Record<StartKind, StartStatistics>> = {};
    for (const [kind, { count, latest }] of this.#samples) {
      const sorted = [...latest].sort((a, b) => a - b);
      const middle = sorted.length >> 1;
      const medianMs = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
      result[kind] = { count, medianMs };
    }
    return result;
  }
}
