import type { InvocationError } from '../../runtime/model/invocationRecord.ts';
import type { LineValues } from '../../runtime/protocol/control/messages.ts';
import { internalCommandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { escapeMarkdown, invocationDescription } from '../presentation/invocationText.ts';
import { placeText } from '../presentation/place.ts';
import { shortValue } from '../presentation/shortValue.ts';
import { parseStack } from '../presentation/stackFrame.ts';
import type { ShownMark } from './inlineLogs.ts';

/** Commands that links of a hover run. */
export const hoverCommands = [
  internalCommandIds.showInvocation,
  internalCommandIds.openSource,
  internalCommandIds.copyLogged,
  internalCommandIds.showLoggedAt,
  internalCommandIds.followLatest,
] as const;

/** Characters of one value and of all values that a hover shows; copying gets everything. */
const longestValue = 4000;
const longestValues = 12_000;
const mostFrames = 12;

/**
 * The hover of a mark as Markdown. `earlier`: what other invocations of the same code printed there; undefined when
 * that could not be found out.
 */
export function hoverText(path: string, mark: ShownMark, earlier: LineValues[] | undefined): string {
  const { run } = mark.from;
  const parts = [
    `**${escapeMarkdown(run.summary.function)}** · ${escapeMarkdown(invocationDescription(run.summary))} · ${invocationLink(l10n.t('Show invocation'), run.summary.id, run.host.folder.path)}`,
    ...staleness(mark),
    ...(mark.error ? [errorText(mark.error)] : []),
    ...mark.warnings.map((text) => `$(warning) ${escapeMarkdown(text)}`),
    ...(mark.count > 0 ? [valuesText(mark), actions(path, mark)] : []),
    ...(earlier === undefined ? [l10n.t('What the line printed before could not be found out.')] : []),
    ...(earlier && earlier.length > 0 ? [overTime(earlier, run.host.folder.path)] : []),
  ];
  return parts.join('\n\n');
}

function link(text: string, command: (typeof hoverCommands)[number], argument?: unknown): string {
  const query = argument === undefined ? '' : `?${encodeURIComponent(JSON.stringify([argument]))}`;
  // Parentheses would end the link.
  return `[${text}](command:${command}${query.replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))})`;
}

const invocationLink = (text: string, invocation: string, folder: string): string =>
  link(text, internalCommandIds.showInvocation, { invocation, folder });

function staleness({ state, certain, from: { run } }: ShownMark): string[] {
  const sentences = [];
  if (run.picked) {
    sentences.push(
      `$(pin) ${l10n.t('The invocation selected in the Invocations view.')} ${link(l10n.t('Show the latest'), internalCommandIds.followLatest)}`,
    );
  }
  if (state === 'edited') sentences.push(`$(history) ${l10n.t('The line was changed since this ran.')}`);
  if (state === 'older') {
    sentences.push(
      certain
        ? `$(history) ${l10n.t('The file was changed since this ran.')}`
        : `$(history) ${l10n.t('This may have run other code than the file holds now, so that lines may be others.')}`,
    );
  }
  return sentences;
}

function errorText({ type, message, stack }: InvocationError): string {
  const frames = parseStack(stack).filter(({ at }) => at !== undefined);
  const lines = frames.slice(0, mostFrames).map(({ text, at }) => {
    const place = link(escapeMarkdown(placeText(at!)), internalCommandIds.openSource, { position: at });
    return `- ${escapeMarkdown(shortValue(text))} · ${place}`;
  });
  const more = frames.length - mostFrames;
  return [
    fenced(cut(`${type}: ${message}`)),
    ...(lines.length > 0 ? ['', ...lines] : []),
    ...(more > 0 ? ['', l10n.t('{0} more frames are in the Invocations view.', more)] : []),
  ].join('\n');
}

function valuesText({ values, count }: ShownMark): string {
  const shown: string[] = [];
  let room = longestValues;
  for (const value of values.toReversed()) {
    const text = cut(value);
    room -= text.length;
    if (room < 0 && shown.length > 0) break;
    shown.unshift(fenced(text));
  }
  const parts = count > shown.length ? [l10n.t('Printed {0} times; the last {1}:', count, shown.length)] : [];
  return [...parts, ...shown].join('\n\n');
}

function actions(file: string, { line, count, at, from }: ShownMark): string {
  const copy = (text: string, all: boolean) =>
    link(`$(copy) ${text}`, internalCommandIds.copyLogged, { file, line, all });
  const logged = { file: at.file, line: at.line, artifact: from.run.summary.artifact };
  return [
    count > 1 ? copy(l10n.t('Copy last value'), false) : copy(l10n.t('Copy value'), false),
    ...(count > 1 ? [copy(l10n.t('Copy all {0} values', count), true)] : []),
    link(
      `$(filter) ${l10n.t('Only invocations that printed here')}`,
      internalCommandIds.showLoggedAt,
      logged,
    ),
  ].join('  ·  ');
}

/** Each with time and status, as a link to it, and the last value. */
function overTime(earlier: readonly LineValues[], folder: string): string {
  const lines = earlier.map(({ summary, count, values }) => {
    const name = escapeMarkdown(invocationDescription(summary).replace(/^(.*) · (\S+)$/, '$2 · $1'));
    const last = values.at(-1);
    const value = last === undefined ? '' : ` — ${inlineCode(shortValue(last, 60))}`;
    return `- ${invocationLink(name, summary.id, folder)}${value}${count > 1 ? ` ×${count}` : ''}`;
  });
  return [`---\n\n${l10n.t('**This line in other invocations of the same code**')}`, '', ...lines].join('\n');
}

const cut = (text: string): string =>
  text.length > longestValue ? `${text.slice(0, longestValue)}…\n${l10n.t('(cut here)')}` : text;

/** A fence longer than any within. */
const fenceFor = (text: string, least: number): string =>
  '`'.repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));

function fenced(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}text\n${text}\n${fence}`;
}

function inlineCode(text: string): string {
  const fence = fenceFor(text, 1);
  return `${fence} ${text || ' '} ${fence}`;
}
