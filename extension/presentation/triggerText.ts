import type { TriggerState } from '../../runtime/protocol/control/triggers.ts';
import { l10n } from '../editor/l10n.ts';
import { formatDateTime, formatTime } from './numbers.ts';
import { oneLine } from './invocationText.ts';
import { statusWord, type Icon } from './words.ts';

/** Whether a trigger fires by itself, in a word or two. */
export function triggerStatusWord(status: TriggerState['status']): string {
  const words: Record<TriggerState['status'], string> = {
    running: l10n.t('running'),
    stopped: l10n.t('not running'),
    disabled: l10n.t('disabled in the project file'),
    manual: l10n.t('by hand'),
    failed: l10n.t('failed'),
  };
  return words[status];
}

const icons: Record<TriggerState['kind'], string> = {
  http: 'globe',
  timer: 'watch',
  storage: 'folder-library',
  queue: 'inbox',
  event: 'symbol-event',
};

/** The kind as a picture; its colour says whether it runs, which the words say as well. */
export function triggerIcon({ kind, status }: TriggerState): Icon {
  if (status === 'failed') return { id: 'error', color: 'list.errorForeground' };
  return status === 'running' ? { id: icons[kind], color: 'charts.green' } : { id: icons[kind] };
}

/** A time of day, with the date when it is another day than today. */
export function whenText(epochMs: number, now: number): string {
  const sameDay = new Date(epochMs).toDateString() === new Date(now).toDateString();
  return sameDay ? formatTime(epochMs) : formatDateTime(epochMs);
}

/** What a row says behind a trigger's name: `timer · every 5 minutes · running · next 10:05:00`. */
export function triggerDescription(trigger: TriggerState, now: number): string {
  const { kind, summary, status, next, waiting, dead, last, problem } = trigger;
  // `queue orders` says itself what it is.
  const words = summary.startsWith(`${kind} `) ? [summary] : [kind, ...(summary ? [summary] : [])];
  const parts: string[] = [...words, triggerStatusWord(status)];
  if (status === 'failed' && problem !== undefined) parts.push(oneLine(problem, 120));
  if (status === 'running' && next?.[0] !== undefined) parts.push(l10n.t('next {0}', whenText(next[0], now)));
  if (waiting !== undefined && waiting > 0) parts.push(l10n.t('{0} waiting', waiting));
  if (dead === 1) parts.push(l10n.t('1 dead letter'));
  else if (dead !== undefined && dead > 0) parts.push(l10n.t('{0} dead letters', dead));
  if (last && last.status !== 'ok') parts.push(l10n.t('last {0}', lastWords(last)));
  return parts.join(' · ');
}

/** How the latest event went: `error, attempt 2 · nightly at 10:05:00`. */
export function lastText(last: NonNullable<TriggerState['last']>): string {
  return [
    lastWords(last),
    last.label,
    ...(last.reason === undefined ? [] : [l10n.t('given up: {0}', last.reason)]),
  ].join(' · ');
}

function lastWords({ status, attempts }: NonNullable<TriggerState['last']>): string {
  return attempts > 1 ? l10n.t('{0}, attempt {1}', statusWord(status), attempts) : statusWord(status);
}
