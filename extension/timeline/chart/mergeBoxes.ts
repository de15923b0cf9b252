import { classOf, type BoxClass } from './boxes.ts';
import { firstLasting, type Track } from './tracks.ts';
import { widthOf, type Viewport } from './viewport.ts';

/** What is drawn in the place of one box, or of several that would lie in the same pixels. */
export interface Run {
  /** Pixels from the left. */
  left: number;
  right: number;
  /** Of several: that of the most noticeable one. */
  class: BoxClass;
  count: number;
  /** How many are not ok. */
  failed: number;
  /** Index of the first one within the track. */
  index: number;
  level: number;
}

/** Boxes narrower than this are merged with what lies beside them, until they are that wide together, in pixels. */
const narrow = 2;

/** What lies apart by less is not seen as two things, in pixels. */
const gap = 0.75;

const importance: Record<BoxClass, number> = {
  warm: 0,
  prewarmed: 1,
  cold: 2,
  refused: 3,
  running: 4,
  failed: 5,
};

/**
 * What is seen of a track's boxes at a width: at most about one run per pixel and level, however many invocations there
 * are. `now`: where those end that still run.
 */
export function mergeBoxes(
  track: Pick<Track, 'boxes' | 'lastsUntil'>,
  view: Viewport,
  pixels: number,
  now: number,
): Run[] {
  const scale = pixels / widthOf(view);
  const runs: Run[] = [];
  const open: (Run | undefined)[] = [];
  const { boxes } = track;
  for (let index = firstLasting(track, view.from); index < boxes.length; index++) {
    const box = boxes[index]!;
    if (box.from > view.to) break;
    const end = Math.min(box.to, Math.max(now, box.from));
    if (end < view.from) continue;
    const left = (box.from - view.from) * scale;
    const right = Math.max((end - view.from) * scale, left + 1);
    const kind = classOf(box.span);
    const failed = kind === 'failed' || kind === 'refused' ? 1 : 0;
    const last = open[box.level];
    const isNarrow = right - left < narrow;
    if (last && isNarrow && last.right - last.left < narrow && left - last.right < gap) {
      last.right = Math.max(last.right, right);
      last.count++;
      last.failed += failed;
      if (importance[kind] > importance[last.class]) last.class = kind;
      continue;
    }
    const run: Run = { left, right, class: kind, count: 1, failed, index, level: box.level };
    runs.push(run);
    open[box.level] = run;
  }
  return runs;
}
