import { isFailure } from '../../runtime/model/invocationRecord.ts';
import { remoteLogCount, type RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';
import { l10n } from '../editor/l10n.ts';
import { escapeMarkdown } from './invocationText.ts';
import { formatMs, formatTime } from './numbers.ts';
import { startKindWord, statusWord, type Icon } from './words.ts';

/** The target whose functions run on this machine all the same. */
const ownTarget = 'local';

/** What a row of an invocation on a target looks like: where it happened, and in its colour how it ended. */
export function remoteIcon({ target, status }: RemoteInvocation): Icon {
  const id = target === ownTarget ? 'vm' : 'cloud';
  if (status === 'running') return { id };
  if (status === 'ok') return { id, color: 'testing.iconPassed' };
  return { id, color: isFailure({ status }) ? 'testing.iconFailed' : 'testing.iconSkipped' };
}

/** How it ended; `followed`: its end would be heard of. */
function endWord({ status }: RemoteInvocation, followed: boolean): string {
  return status === 'running' && !followed ? l10n.t('end not told') : statusWord(status);
}

/** What a row says after the function's name: `prod · ok · cold · 12 ms · 12:04:05`. */
export function remoteDescription(invocation: RemoteInvocation, followed: boolean): string {
  const { target, startKind, durationMs, startedAt, called } = invocation;
  return [
    target,
    endWord(invocation, followed),
    ...(startKind ? [startKindWord(startKind)] : []),
    ...(durationMs === undefined ? [] : [formatMs(durationMs)]),
    ...(called ? [l10n.t('called from here')] : []),
    formatTime(startedAt),
  ].join(' · ');
}

/** The same as a sentence for a screen reader. */
export function remoteSentence(invocation: RemoteInvocation, followed: boolean): string {
  const said = remoteDescription(invocation, followed).split(' · ').slice(1).join(', ');
  return l10n.t('Invocation of {0} on target {1}: {2}', invocation.function, invocation.target, said);
}

/** Something the target told. */
export interface RemoteFact {
  name: string;
  value: string;
  icon: Icon;
}

/** What the target told besides how it ended. */
export function remoteFacts(invocation: RemoteInvocation): RemoteFact[] {
  const { durationMs, initMs, billedMs, memoryMB, maxMemoryMB, instance, version } = invocation;
  const times = [
    ...(durationMs === undefined ? [] : [l10n.t('{0} in the handler', formatMs(durationMs))]),
    ...(initMs === undefined ? [] : [l10n.t('{0} of initialization', formatMs(initMs))]),
    ...(billedMs === undefined ? [] : [l10n.t('{0} billed', formatMs(billedMs))]),
  ];
  const memory =
    maxMemoryMB === undefined
      ? undefined
      : memoryMB === undefined
        ? l10n.t('{0} MB', Math.round(maxMemoryMB))
        : l10n.t('{0} of {1} MB', Math.round(maxMemoryMB), Math.round(memoryMB));
  const fact = (name: string, value: string | undefined, icon: string): RemoteFact[] =>
    value === undefined ? [] : [{ name, value, icon: { id: icon } }];
  return [
    ...fact(l10n.t('Duration'), times.length > 0 ? times.join(' · ') : undefined, 'clock'),
    ...fact(l10n.t('Memory'), memory, 'chip'),
    ...fact(l10n.t('Version'), version, 'tag'),
    ...fact(l10n.t('Instance'), instance, 'server-process'),
  ];
}

/** Facts as a Markdown table. */
export function remoteTooltip(invocation: RemoteInvocation, followed: boolean): string {
  const { target, requestId, startKind } = invocation;
  const rows: [string, string][] = [
    [l10n.t('Target'), escapeMarkdown(target)],
    [l10n.t('Status'), endWord(invocation, followed)],
    ...(startKind ? [[l10n.t('Start'), startKindWord(startKind)] as [string, string]] : []),
    ...remoteFacts(invocation).map(({ name, value }): [string, string] => [name, escapeMarkdown(value)]),
    ...(requestId === undefined
      ? []
      : [[l10n.t('Request id'), `\`${requestId.replaceAll('`', '')}\``] as [string, string]]),
  ];
  const table = rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  const title = `**${escapeMarkdown(invocation.function)}** ${l10n.t('as its target tells of it')}`;
  return `${title}\n\n| | |\n|---|---|\n${table}`;
}

/** What there is to say of its log besides its lines. */
export function remoteLogNote(invocation: RemoteInvocation, followed: boolean): string | undefined {
  if (invocation.logsCut) return l10n.t('Only the end of its log: follow the log to have all of it.');
  if (remoteLogCount(invocation) > 0) return undefined;
  if (!followed && invocation.called) return l10n.t('Follow the log to see what it printed.');
  return undefined;
}
