import {
  requestIdOf,
  type InvocationRecord,
  type InvocationSummary,
  type Phase,
  type StoredBody,
} from '../../runtime/model/invocationRecord.ts';
import { l10n } from '../editor/l10n.ts';
import { formatBytes, formatMs, formatTime } from './numbers.ts';
import { startKindWord, statusWord } from './words.ts';

/** Time a caller waited, without the time spent stopped in a debugger. */
export function undisturbedMs(summary: InvocationSummary): number {
  return Math.max(0, summary.wallMs - summary.pausedMs);
}

/** What a row says after the function's name: `ok · cold · 84 ms · GET /hello · 2 calls · 12:04:05`. */
export function invocationDescription(summary: InvocationSummary, calls = 0): string {
  const parts = [statusWord(summary.status)];
  if (summary.startKind) parts.push(startKindWord(summary.startKind));
  if (summary.status !== 'running') parts.push(formatMs(undisturbedMs(summary)));
  if (summary.debugged) parts.push(l10n.t('debugged'));
  if (summary.version !== undefined) parts.push(l10n.t('version {0}', summary.version));
  if (summary.replayOf !== undefined) parts.push(l10n.t('replay'));
  if (summary.warnings?.some(({ kind }) => kind === 'openWork')) parts.push(l10n.t('left work open'));
  if (summary.label) parts.push(summary.label);
  if (calls > 0) parts.push(calls === 1 ? l10n.t('1 call') : l10n.t('{0} calls', calls));
  parts.push(formatTime(summary.receivedAt));
  return parts.join(' · ');
}

/** The same as a sentence for a screen reader. */
export function invocationSentence(summary: InvocationSummary, calls = 0): string {
  return l10n.t(
    'Invocation of {0}: {1}',
    summary.function,
    invocationDescription(summary, calls).replaceAll(' · ', ', '),
  );
}

/** Facts of an invocation as a Markdown table. */
export function invocationTooltip(summary: InvocationSummary): string {
  const rows: [string, string][] = [
    [l10n.t('Status'), statusWord(summary.status)],
    [l10n.t('Start'), summary.startKind ? startKindWord(summary.startKind) : l10n.t('waiting')],
    [l10n.t('From call to answer'), formatMs(summary.wallMs)],
    [l10n.t('In the handler'), formatMs(summary.durationMs)],
    [l10n.t('Billed'), formatMs(summary.billedMs)],
  ];
  if (summary.stream) {
    rows.push([l10n.t('To the first byte'), formatMs(summary.stream.firstByteUs / 1000)]);
    rows.push([l10n.t('Streamed'), formatBytes(summary.stream.bytes)]);
  }
  if (summary.pausedMs > 0) rows.push([l10n.t('Stopped in the debugger'), formatMs(summary.pausedMs)]);
  if (summary.maxMemoryMB > 0) {
    rows.push([l10n.t('Memory'), l10n.t('{0} of {1} MB', Math.round(summary.maxMemoryMB), summary.memoryMB)]);
  }
  if (summary.instance) {
    rows.push([
      l10n.t('Instance'),
      l10n.t('{0} (pid {1}), call {2}', summary.instance.id, summary.instance.pid, summary.instance.sequence),
    ]);
  }
  rows.push([l10n.t('Request id'), `\`${requestIdOf(summary)}\``]);
  const table = rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  return `**${escapeMarkdown(summary.function)}** ${escapeMarkdown(summary.label ?? '')}\n\n| | |\n|---|---|\n${table}`;
}

/** Keeps text from being read as Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&').replace(/\r?\n/g, ' ');
}

const barCells = 12;

// Braille patterns: of one width in every font, and the empty part stays light.
const emptyCell = '⣀';
const fullCell = '⣿';

/** Where a phase lies within an invocation, drawn with characters: `⣀⣀⣿⣿⣿⣀⣀⣀⣀⣀⣀⣀`. */
export function phaseBar(phase: Phase, totalUs: number): string {
  if (totalUs <= 0) return emptyCell.repeat(barCells);
  const cell = (us: number) => Math.round((us / totalUs) * barCells);
  const start = Math.min(cell(phase.startUs), barCells - 1);
  // Something that took time is visible, however short.
  const end = Math.min(barCells, Math.max(cell(phase.startUs + phase.durationUs), start + 1));
  return emptyCell.repeat(start) + fullCell.repeat(end - start) + emptyCell.repeat(barCells - end);
}

/** Microseconds from acceptance to the end of the last phase. */
export function phasesTotalUs(phases: readonly Phase[]): number {
  return Math.max(0, ...phases.map((phase) => phase.startUs + phase.durationUs));
}

/** One line of any text, cut at a length. */
export function oneLine(text: string, length = 80): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** A body in one line with its size: `{"name":"x"} · 12 B`. */
export function bodyDescription(body: StoredBody | undefined): string {
  if (!body) return l10n.t('none');
  if (body.size === 0) return l10n.t('empty');
  const text = body.encoding === 'utf8' ? oneLine(body.data) : l10n.t('binary');
  const size = body.truncated ? l10n.t('{0}, cut', formatBytes(body.size)) : formatBytes(body.size);
  return `${text} · ${size}`;
}

/** A body to read: JSON indented, other text as it is, binary as base64. */
export function bodyText(body: StoredBody): string {
  if (body.encoding === 'base64') return body.data;
  try {
    return `${JSON.stringify(JSON.parse(body.data), null, 2)}\n`;
  } catch {
    // Not JSON, or cut: shown as it is.
    return body.data;
  }
}

/** File name for a body, so that the editor highlights it. */
export function bodyFileName(
  record: Pick<Partial<InvocationRecord>, 'event' | 'result'> & Pick<InvocationRecord, 'function'>,
  which: 'event' | 'result',
): string {
  const body = record[which];
  const json = body?.encoding === 'utf8' && /^\s*[[{"]/.test(body.data);
  return `${record.function} ${which}.${json ? 'json' : 'txt'}`;
}
