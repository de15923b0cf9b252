import type { Lane } from './timelineModel.ts';
import { widthOf, type Viewport } from './viewport.ts';

/** The life of one instance, or of several that cannot be told apart. Pixels from the left. */
export interface LifeBar {
  left: number;
  right: number;
  count: number;
  /** The only or the last one. */
  lane: Lane;
}

const narrow = 3;
const gap = 0.75;

/** What is seen of lives that are sorted by birth and do not overlap. */
export function mergeLanes(lanes: readonly Lane[], view: Viewport, pixels: number, now: number): LifeBar[] {
  const scale = pixels / widthOf(view);
  const bars: LifeBar[] = [];
  for (let index = firstSeen(lanes, view.from); index < lanes.length; index++) {
    const lane = lanes[index]!;
    if (lane.from > view.to) break;
    const left = (lane.from - view.from) * scale;
    const right = Math.max((Math.min(lane.to, now) - view.from) * scale, left + 1);
    const last = bars.at(-1);
    if (last && right - left < narrow && left - last.right < gap && last.right - last.left < narrow) {
      last.right = right;
      last.count++;
      last.lane = lane;
    } else bars.push({ left, right, count: 1, lane });
  }
  return bars;
}

function firstSeen(lanes: readonly Lane[], at: number): number {
  let [low, high] = [0, lanes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lanes[middle]!.to < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
