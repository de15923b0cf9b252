import type { Lane } from './timelineModel.ts';

/** Sizes of one instance over time; as many as moments, null where it was not looked at. */
export interface MemorySeries {
  lane: Lane;
  sizes: (number | null)[];
  nowMB: number;
  mostMB: number;
}

/** Series that are drawn at most; the latest instances are shown. */
const mostSeries = 24;

/** Sizes of the instances of a function (of all without one) at common moments, in milliseconds since the epoch. */
export function memorySeries(
  lanes: Iterable<Lane>,
  only: string | undefined,
): { moments: number[]; series: MemorySeries[] } {
  const shown = [...lanes]
    .filter((lane) => (lane.life?.memory.length ?? 0) > 0 && (only === undefined || lane.function === only))
    .sort((a, b) => a.from - b.from)
    .slice(-mostSeries);
  const moments = [...new Set(shown.flatMap(({ life }) => life!.memory.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const indexOf = new Map(moments.map((at, index) => [at, index]));
  const series = shown.map((lane): MemorySeries => {
    const sizes: (number | null)[] = moments.map(() => null);
    let mostMB = 0;
    for (const { at, memoryMB } of lane.life!.memory) {
      sizes[indexOf.get(at)!] = memoryMB;
      mostMB = Math.max(mostMB, memoryMB);
    }
    return { lane, sizes, mostMB, nowMB: lane.life!.memory.at(-1)!.memoryMB };
  });
  return { moments, series };
}
