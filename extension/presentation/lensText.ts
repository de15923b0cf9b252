import { type InvocationSummary, translatedError } from '../../runtime/model/invocationRecord.ts';
import type { FunctionState } from '../../runtime/protocol/control/state.ts';
import { l10n } from '../editor/l10n.ts';
import { undisturbedMs } from './invocationText.ts';
import { formatMs, formatTime } from './numbers.ts';
import { shortValue } from './shortValue.ts';
import { startKindWord, statusWord } from './words.ts';

/** What the line above a handler says, and what it says when somebody points at it. */
export interface LensText {
  title: string;
  tooltip: string;
}

const startKinds = ['cold', 'prewarmed', 'warm'] as const;
const longestError = 48;

/** How the latest invocation went: `ok 12 ms`, `running …`, or the first words of its error. */
function outcome(latest: InvocationSummary): string {
  const { status } = latest;
  const error = translatedError(latest);
  if (status === 'running') return l10n.t('running …');
  const failed = status === 'ok' ? '' : '$(error)\u00A0';
  if (status === 'error' && error) {
    const [line = ''] = error.message.split(/\r?\n/, 1);
    return `${failed}${iconSafe(shortValue(line ? `${error.type}: ${line}` : error.type, longestError))}`;
  }
  // Under a debugger time says nothing.
  const time = latest.debugged ? l10n.t('debugged') : formatMs(undisturbedMs(latest));
  return `${failed}${statusWord(status)} ${time}`;
}

/** Texts of users must not turn into icons. */
const iconSafe = (text: string): string => text.replace(/\$\(/g, '$\u200B(');

/** Share of cold starts among undisturbed calls; undefined before the first. */
function coldShare({ statistics }: FunctionState): { cold: number; calls: number } | undefined {
  const calls = startKinds.reduce((sum, kind) => sum + (statistics[kind]?.count ?? 0), 0);
  return calls === 0 ? undefined : { cold: statistics.cold?.count ?? 0, calls };
}

/** Rounded so that neither "never" nor "always" is said when it is not true. */
function percent({ cold, calls }: { cold: number; calls: number }): number {
  if (cold === 0 || cold === calls) return cold === 0 ? 0 : 100;
  return Math.min(99, Math.max(1, Math.round((cold / calls) * 100)));
}

/**
 * `ok 12 ms · cold 143 ms · warm 2.1 ms · 8 % cold`. Medians and share are those of the host's life, without calls under
 * a debugger.
 */
export function lensText(state: FunctionState, latest: InvocationSummary): LensText {
  const { statistics } = state;
  const share = coldShare(state);
  const medians = (['cold', 'warm'] as const).flatMap((kind) => {
    const known = statistics[kind];
    return known && known.count > 0 ? [`${startKindWord(kind)} ${formatMs(known.medianMs)}`] : [];
  });
  const title = [
    outcome(latest),
    ...medians,
    // Of a single call it says nothing that is not said yet.
    ...(share && share.calls > 1 ? [l10n.t('{0} % cold', percent(share))] : []),
  ].join(' · ');
  return { title, tooltip: tooltip(state, latest, share) };
}

function tooltip(
  { name, statistics }: FunctionState,
  latest: InvocationSummary,
  share: { cold: number; calls: number } | undefined,
): string {
  const how = [
    statusWord(latest.status),
    ...(latest.startKind ? [startKindWord(latest.startKind)] : []),
    ...(latest.debugged ? [l10n.t('debugged')] : []),
    ...(latest.status === 'running' ? [] : [formatMs(undisturbedMs(latest))]),
  ].join(', ');
  const error = translatedError(latest);
  const lines = [
    l10n.t('Latest invocation of {0}: {1}, at {2}.', name, how, formatTime(latest.receivedAt)),
    ...(error ? [shortValue(`${error.type}: ${error.message}`, 200)] : []),
  ];
  if (share) {
    const medians = startKinds.flatMap((kind) => {
      const known = statistics[kind];
      return known && known.count > 0
        ? [`${startKindWord(kind)} ${formatMs(known.medianMs)} (${known.count})`]
        : [];
    });
    lines.push(
      l10n.t('Medians from call to answer, and number of calls: {0}.', medians.join(', ')),
      l10n.t('{0} of {1} calls started cold. Calls under a debugger are left out.', share.cold, share.calls),
    );
  }
  lines.push(l10n.t('Click to show the invocation.'));
  return lines.join('\n');
}
