import { type InvocationSummary, type LogEntry, translatedNotes } from '../model/invocationRecord.ts';
import { milliseconds } from '../model/units.ts';
import type { painter } from './terminal.ts';

type Paint = ReturnType<typeof painter>;

/** How an invocation went, in one line. */
export function reportLine(summary: InvocationSummary, paint: Paint): string {
  const { status, startKind, phases, error } = summary;
  const ok = status === 'ok';
  const parts = [
    `${summary.function} ${paint(ok ? 'green' : 'red', status)}`,
    ...(startKind ? [startKind] : []),
    milliseconds(summary.wallMs),
  ];
  const stages = phases.map(({ name, durationUs }) => `${name} ${milliseconds(durationUs / 1000)}`);
  if (stages.length > 0) parts.push(stages.join(', '));
  if (summary.stream) parts.push(`first byte after ${milliseconds(summary.stream.firstByteUs / 1000)}`);
  if (summary.version !== undefined) parts.push(`version ${summary.version}`);
  if (summary.parent !== undefined) parts.push(`called by ${shortId(summary.parent)}`);
  if (summary.replayOf !== undefined) parts.push(`replay of ${shortId(summary.replayOf)}`);
  if (summary.pausedMs > 0) parts.push(`${milliseconds(summary.pausedMs)} in the debugger`);
  parts.push(`billed ${summary.billedMs} ms`, `${Math.round(summary.maxMemoryMB)} of ${summary.memoryMB} MB`);
  const lines = [parts.join(' · ')];
  if (error) {
    const at = error.at ? ` (${error.at.file}:${error.at.line}:${error.at.column})` : '';
    lines.push(paint('red', `${error.type}: ${error.message}${at}`));
  }
  for (const { kind, text, at } of summary.warnings ?? []) {
    const place = at ? ` (${at.file}:${at.line}:${at.column})` : '';
    lines.push(paint(kind === 'openWork' ? 'yellow' : 'dim', `${text}${place}`));
  }
  for (const note of translatedNotes(summary)) lines.push(paint('dim', note));
  return `${lines.join('\n')}\n`;
}

/** The text of a log line, coloured by its level. */
export function logText({ level, stream, text }: LogEntry, paint: Paint): string {
  if (stream === 'platform') return paint('dim', text);
  if (level === 'error') return paint('red', text);
  if (level === 'warn') return paint('yellow', text);
  return level === 'info' ? text : paint('dim', text);
}

/** Time of day with milliseconds, in local time. */
export function timeOfDay(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Enough of an id to tell invocations apart on a screen. */
export function shortId(id: string): string {
  return id.replace(/-/g, '').slice(-6);
}
