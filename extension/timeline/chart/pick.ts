import type { Box } from './boxes.ts';
import { mergeBoxes, type Run } from './mergeBoxes.ts';
import { levelBand, type ChartRow } from './rows.ts';
import type { Lane } from './timelineModel.ts';
import type { Track } from './tracks.ts';
import { widthOf, type Viewport } from './viewport.ts';

/** What is under the pointer. */
export interface Picked {
  track: Track;
  lane?: Lane;
  /** One invocation, or several that cannot be told apart at this width. */
  run?: Run;
  box?: Box;
}

/** Pixels beside something narrow that count as on it. */
const slack = 3;

/** What a row shows at a place. `x` in pixels of the chart, `y` within the row. */
export function pick(
  row: ChartRow & { kind: 'track' },
  { x, y }: { x: number; y: number },
  view: Viewport,
  pixels: number,
  now: number,
): Picked {
  const { track } = row;
  const at = view.from + (x / pixels) * widthOf(view);
  const lane = track.lanes.findLast(({ from, to }) => from <= at && at <= Math.max(to, from));
  const runs = mergeBoxes(track, view, pixels, now).filter(({ left, right, level }) => {
    const band = levelBand(track, row.height, level);
    return x >= left - slack && x <= right + slack && y >= band.top - 1 && y <= band.top + band.height + 1;
  });
  const distance = ({ left, right }: Run): number => Math.max(left - x, x - right, 0);
  const run = runs.sort((a, b) => distance(a) - distance(b))[0];
  return {
    track,
    ...(lane ? { lane } : {}),
    ...(run ? { run, box: track.boxes[run.index]! } : {}),
  };
}

/** The invocation before or after one in its track, or the first or last one; undefined at the end. */
export function neighbour(track: Track, id: string | undefined, step: -1 | 1): Box | undefined {
  const { boxes } = track;
  if (id === undefined) return step > 0 ? boxes[0] : boxes.at(-1);
  const index = boxes.findIndex(({ span }) => span.id === id);
  return index < 0 ? undefined : boxes[index + step];
}

/** The invocation of a track that lies nearest to a moment. */
export function nearest(track: Track, at: number): Box | undefined {
  let best: Box | undefined;
  let distance = Infinity;
  for (const box of track.boxes) {
    const away = Math.max(box.from - at, at - box.to, 0);
    if (away < distance) [best, distance] = [box, away];
    if (box.from > at + distance) break;
  }
  return best;
}
