import type { TimelineSpan } from '../../../runtime/model/timelineSpan.ts';

/** An invocation as it is drawn. Times in milliseconds since the epoch. */
export interface Box {
  span: TimelineSpan;
  /** Since when it had its instance; since it was received, without one. */
  from: number;
  /** Infinity while it runs. */
  to: number;
  /** Its place among those that the instance handled at the same time, from 0. */
  level: number;
}

/** How an invocation is told apart: by its failure, otherwise by its start. */
export type BoxClass = 'running' | 'failed' | 'refused' | 'cold' | 'prewarmed' | 'warm';

export function boxOf(span: TimelineSpan): Box {
  const running = span.status === 'running';
  // Waiting for an instance is no work of it.
  const from = span.receivedAt + (span.instance ? Math.min(span.queueMs, span.wallMs || span.queueMs) : 0);
  return { span, from, to: running ? Infinity : span.receivedAt + span.wallMs, level: 0 };
}

export function classOf({ status, startKind }: TimelineSpan): BoxClass {
  if (status === 'running') return 'running';
  if (status === 'throttled' || status === 'interrupted') return 'refused';
  if (status !== 'ok') return 'failed';
  return startKind ?? 'warm';
}

/** Where boxes that are sorted by `from` have to be put: each on the lowest level that is free. Returns their number. */
export function placeOnLevels(boxes: readonly Box[]): number {
  const busyUntil: number[] = [];
  for (const box of boxes) {
    let level = busyUntil.findIndex((until) => until <= box.from);
    if (level < 0) level = busyUntil.length;
    busyUntil[level] = Math.max(box.to, box.from);
    box.level = level;
  }
  return Math.max(1, busyUntil.length);
}

/** Puts a box into its place among boxes that are sorted by `from`; new ones mostly belong to the end. */
export function insertSorted(boxes: Box[], box: Box): void {
  if (boxes.length === 0 || boxes.at(-1)!.from <= box.from) boxes.push(box);
  else boxes.splice(firstAfter(boxes, box.from), 0, box);
}

/** Index of the first of sorted boxes that begins after a moment. */
export function firstAfter(boxes: readonly Pick<Box, 'from'>[], at: number): number {
  let [low, high] = [0, boxes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (boxes[middle]!.from <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
