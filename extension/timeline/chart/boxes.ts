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

/** Moments are known to a millisecond, durations better: what overlaps by less came one after the other. */
const inexactMs = 1;

/** Where boxes that are sorted by `from` have to be put: each on the lowest level that is free. Returns their number. */
export function placeOnLevels(boxes: readonly Box[]): number {
  const busyUntil: number[] = [];
  for (const box of boxes) {
    let level = busyUntil.findIndex((until) => until <= box.from + inexactMs);
    if (level < 0) level = busyUntil.length;
    busyUntil[level] = Math.max(box.to, box.from);
    box.level = level;
  }
  return Math.max(1, busyUntil.length);
}

/** Puts boxes among others that are sorted by `from`. News belong to the end, pages of the past before the beginning. */
export function mergeSorted(boxes: readonly Box[], added: Box[]): Box[] {
  added.sort((a, b) => a.from - b.from);
  const [first, last] = [added[0], added.at(-1)];
  if (!first || !last) return [...boxes];
  if (boxes.length === 0 || boxes.at(-1)!.from <= first.from) return [...boxes, ...added];
  if (last.from <= boxes[0]!.from) return [...added, ...boxes];
  return [...boxes, ...added].sort((a, b) => a.from - b.from);
}
