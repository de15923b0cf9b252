import type { TimelineSpan } from '../../runtime/model/timelineSpan.ts';

/** An invocation of `hello#1` that takes 10 ms, received so many milliseconds after the epoch; `changes` lie over it. */
export function spanAt(receivedAt: number, changes: Partial<TimelineSpan> = {}): TimelineSpan {
  return {
    id: `at-${receivedAt}`,
    function: 'hello',
    receivedAt,
    wallMs: 10,
    queueMs: 0,
    status: 'ok',
    startKind: 'warm',
    instance: { id: 'hello#1', pid: 101 },
    ...changes,
  };
}

/** One of an instance of its own. */
export const onInstance = (
  sequence: number,
  receivedAt: number,
  changes: Partial<TimelineSpan> = {},
): TimelineSpan =>
  spanAt(receivedAt, {
    id: `on-${sequence}-${receivedAt}`,
    instance: { id: `hello#${sequence}`, pid: 100 + sequence },
    ...changes,
  });
