import type { Box } from './boxes.ts';
import type { Lane, TimelineModel } from './timelineModel.ts';

/** A row of the chart: instances that lived one after the other share one, so that there are as many as lived at a time. */
export interface Track {
  kind: 'instances' | 'without';
  function: string;
  /** Sorted by birth; none overlap. */
  lanes: Lane[];
  /** Of all its lanes, sorted by their begin. */
  boxes: Box[];
  levels: number;
  /** Since the box with this index or an earlier one lasts until then: what is seen of the past is found by it. */
  lastsUntil: Float64Array;
}

/** One function's rows. */
export interface Group {
  function: string;
  tracks: Track[];
}

/** Packs lanes into as few tracks as hold them without overlapping. */
export function packLanes(lanes: Iterable<Lane>): Lane[][] {
  const sorted = [...lanes].filter(({ from }) => from !== Infinity).sort((a, b) => a.from - b.from);
  const tracks: Lane[][] = [];
  for (const lane of sorted) {
    const track = tracks.find((candidate) => candidate.at(-1)!.to <= lane.from);
    if (track) track.push(lane);
    else tracks.push([lane]);
  }
  return tracks;
}

/** The rows of every function that has any, the functions in the project's order, others behind them. */
export function groupTracks(model: TimelineModel, order: readonly string[], only?: string): Group[] {
  model.settle();
  const byFunction = new Map<string, Lane[]>(order.map((name) => [name, []]));
  for (const name of model.functionsWithout) if (!byFunction.has(name)) byFunction.set(name, []);
  for (const lane of model.lanes) {
    const lanes = byFunction.get(lane.function) ?? [];
    lanes.push(lane);
    byFunction.set(lane.function, lanes);
  }
  const groups: Group[] = [];
  for (const [name, lanes] of byFunction) {
    if (only !== undefined && name !== only) continue;
    const tracks = packLanes(lanes).map((packed) => trackOf(name, packed));
    const without = model.without(name);
    if (without.length > 0) tracks.push(makeTrack('without', name, [], [...without], 1));
    if (tracks.length > 0) groups.push({ function: name, tracks });
  }
  return groups;
}

function trackOf(name: string, lanes: Lane[]): Track {
  const boxes = lanes.length === 1 ? lanes[0]!.boxes.slice() : lanes.flatMap((lane) => lane.boxes);
  const levels = lanes.reduce((most, lane) => Math.max(most, lane.levels), 1);
  return makeTrack('instances', name, lanes, boxes, levels);
}

function makeTrack(kind: Track['kind'], name: string, lanes: Lane[], boxes: Box[], levels: number): Track {
  const lastsUntil = new Float64Array(boxes.length);
  let latest = -Infinity;
  for (let index = 0; index < boxes.length; index++) {
    latest = Math.max(latest, boxes[index]!.to);
    lastsUntil[index] = latest;
  }
  return { kind, function: name, lanes, boxes, levels, lastsUntil };
}

/** Index of the first box that may still last at a moment. */
export function firstLasting({ lastsUntil }: Pick<Track, 'lastsUntil'>, at: number): number {
  let [low, high] = [0, lastsUntil.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lastsUntil[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
