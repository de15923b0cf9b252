import { formatMs, formatTime } from '../../presentation/numbers.ts';
import type { TimelineTexts } from '../texts.ts';
import type { Box } from '../chart/boxes.ts';
import type { Picked } from '../chart/pick.ts';
import type { Lane } from '../chart/timelineModel.ts';
import { fill } from './dom.ts';

/** Time of day with milliseconds. */
export const preciseTime = (at: number): string =>
  `${formatTime(at)}.${String(Math.floor(((at % 1000) + 1000) % 1000)).padStart(3, '0')}`;

/** `ok · cold · 84 ms`. */
export function boxDescription({ span }: Box, texts: TimelineTexts): string {
  const parts = [texts.statuses[span.status]];
  if (span.startKind) parts.push(texts.kinds[span.startKind]);
  if (span.status !== 'running') parts.push(formatMs(span.wallMs));
  if (span.queueMs >= 1) parts.push(fill(texts.waited, formatMs(span.queueMs)));
  if (span.debugged) parts.push(texts.debugged);
  return parts.join(' · ');
}

/** An invocation in one sentence, for a screen reader. */
export function boxSentence(box: Box, texts: TimelineTexts): string {
  const { span } = box;
  const words = boxDescription(box, texts).replaceAll(' · ', ', ');
  const where = span.instance ? fill(texts.instance, sequenceOf(span.instance.id)) : texts.noInstance;
  return `${span.function}, ${words}, ${where}, ${preciseTime(span.receivedAt)}`;
}

/** `3` of `hello#3`. */
export const sequenceOf = (id: string): string => /#(\d+)$/.exec(id)?.[1] ?? id;

/** What a lane is and was, line by line. */
export function laneLines(lane: Lane, texts: TimelineTexts): string[] {
  const lines = [
    `${lane.function} · ${fill(texts.instance, lane.sequence)} · ${fill(texts.process, lane.pid)}`,
    `${texts.born} ${preciseTime(lane.from)} · ${texts.calls} ${lane.boxes.length}`,
  ];
  if (lane.to === Infinity) lines.push(texts.alive);
  else
    lines.push(`${texts.ended} ${preciseTime(lane.to)}${lane.life?.reason ? `: ${lane.life.reason}` : ''}`);
  return lines;
}

/** What the pointer is on, line by line. */
export function pickedLines({ run, box, lane }: Picked, texts: TimelineTexts): string[] {
  if (run && run.count > 1) {
    return [
      fill(texts.merged, run.count),
      ...(run.failed > 0 ? [fill(texts.mergedFailed, run.failed)] : []),
      ...(lane ? [laneLines(lane, texts)[0]!] : []),
    ];
  }
  if (box) {
    const { span } = box;
    return [
      `${span.function} · ${boxDescription(box, texts)}`,
      preciseTime(span.receivedAt),
      ...(span.phases ?? []).map(([name, , ms]) => `${name} ${formatMs(ms)} · ${texts.phases[name]}`),
      ...(lane ? [laneLines(lane, texts)[0]!] : []),
    ];
  }
  return lane ? laneLines(lane, texts) : [];
}
