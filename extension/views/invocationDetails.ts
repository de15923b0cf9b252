import type {
  InvocationError,
  InvocationSummary,
  InvocationWarning,
  LogEntry,
  Phase,
  StoredBody,
} from '../../runtime/model/invocationRecord.ts';
import type { LogLevel } from '../../runtime/model/words.ts';
import { internalCommandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { bodyDescription, oneLine, phaseBar, phasesTotalUs } from '../presentation/invocationText.ts';
import { formatMs, formatTime } from '../presentation/numbers.ts';
import { fileName, placeText } from '../presentation/place.ts';
import { parseStack } from '../presentation/stackFrame.ts';
import { logLevelWord, phaseMeaning, statusWord, type Icon } from '../presentation/words.ts';
import { branch, leaf, type Row } from './row.ts';

/** Log lines that are rows; the rest is in the document. */
const shownLogLines = 300;

/** Keeps a text literal inside Markdown, whatever is in it. */
function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((match) => match[0].length + 1)));
  return `${fence}\n${text}\n${fence}`;
}

function sourceCommand(position: LogEntry['at']) {
  if (!position) return {};
  return {
    command: { id: internalCommandIds.openSource, title: l10n.t('Open Source'), argument: { position } },
  };
}

/** Why it failed, with the stack below; `isHere`: which files its frames lead to, where others are elsewhere. */
export function errorRow(
  parent: Row,
  error: InvocationError,
  isHere: (file: string) => boolean = () => true,
): Row {
  return branch(
    parent,
    'error',
    {
      label: error.type || l10n.t('Error'),
      description: oneLine(error.message, 160),
      icon: { id: 'error', color: 'testing.iconFailed' },
      tooltip: fenced(`${error.type}: ${error.message}`),
      spoken: spoken(error.type || l10n.t('Error'), oneLine(error.message, 160), error.at),
      ...sourceCommand(error.at),
    },
    (self) =>
      parseStack(error.stack).map((frame, index) =>
        leaf(self, `frame${index}`, {
          label: oneLine(frame.text, 160),
          icon: { id: 'debug-stackframe' },
          ...(frame.at ? { description: placeText(frame.at) } : {}),
          tooltip: fenced(
            frame.at ? `${frame.text}\n${frame.at.file}:${frame.at.line}:${frame.at.column}` : frame.text,
          ),
          ...sourceCommand(frame.at && isHere(frame.at.file) ? frame.at : undefined),
        }),
      ),
    error.stack.length > 0 ? 'expanded' : 'none',
  );
}

/** Facts worth a line each. */
export function noteRows(parent: Row, notes: readonly string[]): Row[] {
  return notes.map((note, index) =>
    leaf(parent, `note${index}`, { label: note, icon: { id: 'info' }, tooltip: note }),
  );
}

/** The trigger that brought its event, and which attempt it is; nothing when no trigger did. */
export function broughtByRow(
  parent: Row,
  { trigger, triggerName, attempt }: Pick<InvocationSummary, 'trigger' | 'triggerName' | 'attempt'>,
): Row[] {
  if (triggerName === undefined) return [];
  const parts = [trigger, triggerName].join(' ');
  const which =
    attempt === undefined
      ? ''
      : attempt.of === undefined
        ? l10n.t('attempt {0}', attempt.number)
        : l10n.t('attempt {0} of {1}', attempt.number, attempt.of);
  const description = which ? `${parts} · ${which}` : parts;
  return [leaf(parent, 'trigger', { label: l10n.t('Trigger'), description, icon: { id: 'zap' } })];
}

/** Who called it; shows that invocation. `caller` is undefined when it is no longer recorded. */
export function callerRow(parent: Row, id: string, caller: InvocationSummary | undefined): Row {
  if (!caller) {
    return leaf(parent, 'caller', {
      label: l10n.t('Called by an invocation that is no longer recorded'),
      icon: { id: 'call-incoming' },
      tooltip: fenced(id),
    });
  }
  return leaf(parent, 'caller', {
    label: l10n.t('Called by {0}', caller.function),
    description: formatTime(caller.receivedAt),
    icon: { id: 'call-incoming' },
    tooltip: l10n.t('Shows the invocation that called'),
    command: {
      id: internalCommandIds.showInvocation,
      title: l10n.t('Show Caller'),
      argument: { ...parent.argument, invocation: id },
    },
  });
}

/** What it replays; shows that invocation. `original` is undefined when it is no longer recorded. */
export function originalRow(parent: Row, id: string, original: InvocationSummary | undefined): Row {
  if (!original) {
    return leaf(parent, 'original', {
      label: l10n.t('Replay of an invocation that is no longer recorded'),
      icon: { id: 'debug-rerun' },
      tooltip: fenced(id),
    });
  }
  return leaf(
    parent,
    'original',
    {
      label: l10n.t('Replay of {0}', original.function),
      description: `${statusWord(original.status)} · ${formatTime(original.receivedAt)}`,
      icon: { id: 'debug-rerun' },
      tooltip: l10n.t('Shows the invocation whose event this is'),
      context: 'original',
      command: {
        id: internalCommandIds.showInvocation,
        title: l10n.t('Show Original'),
        argument: { ...parent.argument, invocation: id },
      },
    },
    parent.argument,
  );
}

/** What would surprise in the cloud; a click opens the line it began at. */
export function warningRows(parent: Row, warnings: readonly InvocationWarning[]): Row[] {
  return warnings.map(({ kind, text, at }, index) =>
    leaf(parent, `warning${index}`, {
      label: oneLine(text, 160),
      ...(at ? { description: placeText(at) } : {}),
      icon: kind === 'openWork' ? { id: 'warning', color: 'list.warningForeground' } : { id: 'history' },
      tooltip: fenced(text),
      spoken: `${kind === 'openWork' ? l10n.t('Left open') : l10n.t('Carried over')}: ${text}`,
      ...sourceCommand(at),
    }),
  );
}

/** Where the time went. */
export function phasesRow(parent: Row, phases: readonly Phase[]): Row {
  const totalUs = phasesTotalUs(phases);
  const longest = phases.reduce((a, b) => (b.durationUs > a.durationUs ? b : a));
  return branch(
    parent,
    'phases',
    {
      label: l10n.t('Phases'),
      description: l10n.t(
        '{0} in all, longest {1}',
        formatMs(totalUs / 1000),
        `${longest.name} ${formatMs(longest.durationUs / 1000)}`,
      ),
      icon: { id: 'clock' },
    },
    (self) =>
      phases.map((phase, index) => {
        const time = formatMs(phase.durationUs / 1000);
        return leaf(self, `${phase.name}${index}`, {
          label: phaseBar(phase, totalUs),
          description: `${phase.name} ${time}`,
          tooltip: l10n.t(
            '**{0}**: {1}, {2} after the call, {3}',
            phase.name,
            phaseMeaning(phase.name),
            formatMs(phase.startUs / 1000),
            time,
          ),
          spoken: l10n.t('Phase {0}, {1}: {2}', phase.name, phaseMeaning(phase.name), time),
        });
      }),
    'expanded',
  );
}

const levelIcons: Record<LogLevel, Icon> = {
  trace: { id: 'circle-small' },
  debug: { id: 'circle-small' },
  info: { id: 'circle-small' },
  warn: { id: 'warning', color: 'list.warningForeground' },
  error: { id: 'error', color: 'list.errorForeground' },
};

/** What the source line shows to others: level, text and place. */
function spokenLine({ stream, level, text, at }: LogEntry): string {
  const said = oneLine(text, 200) || l10n.t('an empty line');
  return spoken(stream === 'platform' ? l10n.t('platform') : logLevelWord(level), said, at);
}

function spoken(kind: string, said: string, at: LogEntry['at']): string {
  if (!at) return l10n.t('{0}: {1}', kind, said);
  return l10n.t('{0}: {1}, {2} line {3}', kind, said, fileName(at.file), at.line);
}

function logLineRow(parent: Row, entry: LogEntry, index: number): Row {
  const time = formatMs(entry.t / 1000);
  return leaf(parent, String(index), {
    label: oneLine(entry.text, 200) || ' ',
    description: [...(entry.at ? [placeText(entry.at)] : []), time].join(' · '),
    icon: entry.stream === 'platform' ? { id: 'cloud' } : levelIcons[entry.level],
    tooltip: fenced(entry.text),
    spoken: spokenLine(entry),
    ...sourceCommand(entry.at),
  });
}

/** What it printed, line by line. `count` may be more than the lines at hand. */
export function logRow(parent: Row, entries: readonly LogEntry[], count: number): Row {
  const shown = entries.slice(0, shownLogLines);
  const openAll = {
    id: internalCommandIds.openBody,
    title: l10n.t('Open Log'),
    argument: { ...parent.argument, body: 'log' },
  };
  return branch(
    parent,
    'log',
    {
      label: l10n.t('Log'),
      description:
        count === 0 ? l10n.t('nothing printed') : count === 1 ? l10n.t('1 line') : l10n.t('{0} lines', count),
      icon: { id: 'output' },
    },
    (self) => [
      ...shown.map((entry, index) => logLineRow(self, entry, index)),
      ...(count > shown.length
        ? [
            leaf(self, 'more', {
              label: l10n.t('{0} more lines…', count - shown.length),
              description: l10n.t('opens the whole log'),
              icon: { id: 'go-to-file' },
              command: openAll,
            }),
          ]
        : []),
    ],
    count === 0 ? 'none' : 'expanded',
  );
}

/** An event or a result in one line; opens the whole of it. */
export function bodyRow(
  parent: Row,
  which: 'event' | 'result',
  label: string,
  body: StoredBody | undefined,
): Row {
  return leaf(parent, which, {
    label,
    description: bodyDescription(body),
    icon: { id: which === 'event' ? 'arrow-right' : 'arrow-left' },
    ...(body
      ? {
          tooltip: l10n.t('Opens the whole of it'),
          command: {
            id: internalCommandIds.openBody,
            title: l10n.t('Open'),
            argument: { ...parent.argument, body: which },
          },
        }
      : {}),
  });
}
