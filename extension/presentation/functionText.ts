import type { HttpTrigger, OtherTrigger } from '../../runtime/model/functionDefinition.ts';
import type { StartKind } from '../../runtime/model/words.ts';
import type { FunctionState, InstanceState, StartStatistics } from '../../runtime/protocol/control/state.ts';
import { l10n } from '../editor/l10n.ts';
import { formatBytes, formatCountdown, formatMs, formatSpan } from './numbers.ts';
import { instanceWord, startKindWord } from './words.ts';

const startKinds: StartKind[] = ['cold', 'prewarmed', 'warm'];

function medianText(kind: StartKind, statistics: StartStatistics, withCount: boolean): string {
  const median = `${startKindWord(kind)} ${formatMs(statistics.medianMs)}`;
  return withCount ? `${median} (${statistics.count})` : median;
}

/** Medians by start kind and the number of calls: `cold 61 ms (3) · warm 0.8 ms (12)`; empty before the first call. */
export function statisticsText(state: FunctionState, withCount = true): string {
  return startKinds
    .map((kind) => ({ kind, statistics: state.statistics[kind] }))
    .filter((entry) => (entry.statistics?.count ?? 0) > 0)
    .map(({ kind, statistics }) => medianText(kind, statistics!, withCount))
    .join(' · ');
}

/** `no instance`, `1 instance`, `3 instances`; prewarmed ones are counted apart. */
export function instancesText(state: FunctionState): string {
  const spare = state.instances.filter((instance) => instance.phase === 'prewarmed').length;
  const live = state.instances.length - spare;
  const parts = [];
  if (live > 0 || spare === 0) {
    parts.push(
      live === 0 ? l10n.t('no instance') : live === 1 ? l10n.t('1 instance') : l10n.t('{0} instances', live),
    );
  }
  if (spare > 0) parts.push(l10n.t('{0} prewarmed', spare));
  return parts.join(', ');
}

/** The same in as few words as a narrow row has room for: `off`, `1 live`, `2 live, 1 prewarmed`. */
function liveText(state: FunctionState): string {
  const spare = state.instances.filter((instance) => instance.phase === 'prewarmed').length;
  const live = state.instances.length - spare;
  return [
    ...(live > 0 || spare === 0 ? [live === 0 ? l10n.t('off') : l10n.t('{0} live', live)] : []),
    ...(spare > 0 ? [l10n.t('{0} prewarmed', spare)] : []),
  ].join(', ');
}

/** What a row says after the function's name. */
export function functionDescription(state: FunctionState): string {
  const parts: string[] = [state.process.model, liveText(state)];
  if (state.queued > 0) parts.push(l10n.t('{0} waiting', state.queued));
  if (state.build.state === 'failed') {
    parts.unshift(
      state.build.serving === undefined ? l10n.t('build failed') : l10n.t('build failed, older code serves'),
    );
  }
  if (state.build.state === 'building') parts.unshift(l10n.t('building'));
  const statistics = statisticsText(state, false);
  if (statistics) parts.push(statistics);
  return parts.join(' · ');
}

/** How instances of the function live, in one line. */
export function processText(state: FunctionState): string {
  const { process } = state;
  const parts: string[] = [];
  if (process.model === 'ephemeral') parts.push(l10n.t('ephemeral: a new process for every call'));
  else parts.push(l10n.t('resident: freed after {0} without a call', formatSpan(process.idleTimeoutMs)));
  if (process.model !== state.configuredModel)
    parts.push(l10n.t('switched here; the project says {0}', state.configuredModel));
  return parts.join(' · ');
}

/** The bounds of the function, in one line. */
export function limitsText(state: FunctionState): string {
  const { process } = state;
  return [
    formatBytes(state.memoryMB * 1024 * 1024),
    l10n.t('time-out {0}', formatSpan(state.timeoutMs)),
    process.maxInstances === 1
      ? l10n.t('at most 1 instance')
      : l10n.t('at most {0} instances', process.maxInstances),
    ...(process.concurrency > 1 ? [l10n.t('{0} calls at a time each', process.concurrency)] : []),
    ...(process.minInstances > 0 ? [l10n.t('{0} kept loaded', process.minInstances)] : []),
    ...(process.prewarm > 0 ? [l10n.t('{0} prewarmed', process.prewarm)] : []),
  ].join(' · ');
}

/** What a row says about an instance: `idle · 4 calls · 2 min old · freed in 4:12`. */
export function instanceDescription(instance: InstanceState, now: number): string {
  const parts = [
    instanceWord(instance.phase),
    instance.calls === 1 ? l10n.t('1 call') : l10n.t('{0} calls', instance.calls),
    l10n.t('{0} old', formatSpan(Math.max(0, now - instance.startedAt))),
  ];
  if (instance.memoryMB !== undefined) parts.push(`${Math.round(instance.memoryMB)} MB`);
  if (instance.freedAt !== undefined)
    parts.push(l10n.t('freed in {0}', formatCountdown(instance.freedAt - now)));
  if (instance.debugged) parts.push(l10n.t('debugger attached'));
  return parts.join(' · ');
}

/** One trigger in words: `GET, POST /hello`, `timer rate(5 minutes)`. */
export function triggerText(trigger: HttpTrigger | OtherTrigger): string {
  if (trigger.kind === 'http') {
    return `${trigger.methods.length > 0 ? trigger.methods.join(', ') : l10n.t('any method')} ${trigger.path}`;
  }
  const detail =
    trigger.config['cron'] ?? trigger.config['schedule'] ?? trigger.config['expression'] ?? trigger.name;
  return `${trigger.kind} ${typeof detail === 'string' ? detail : trigger.name}`;
}

/** Facts of a function as Markdown. */
export function functionTooltip(state: FunctionState): string {
  const rows: [string, string][] = [
    [l10n.t('Platform'), state.platformName],
    [l10n.t('Runs on'), state.interpreter ?? state.runtime ?? state.language],
    [l10n.t('Handler'), `\`${state.handler}\``],
    [l10n.t('Process'), processText(state)],
    [l10n.t('Limits'), limitsText(state)],
  ];
  const statistics = statisticsText(state);
  if (statistics) rows.push([l10n.t('Medians'), statistics]);
  for (const trigger of state.triggers) rows.push([l10n.t('Trigger'), `\`${triggerText(trigger)}\``]);
  if (state.environmentNames.length > 0)
    rows.push([l10n.t('Environment'), state.environmentNames.join(', ')]);
  return `**${state.name}**\n\n| | |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '\\|')} |`).join('\n')}`;
}
