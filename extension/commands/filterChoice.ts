import type { InvocationStatus, StartKind } from '../../runtime/model/words.ts';
import type { Choice } from '../editor/dialogs.ts';
import { l10n } from '../editor/l10n.ts';
import { whereWord, withinWord, type FilterConditions } from '../presentation/invocationFilter.ts';
import { startKindWord, statusIcon, statusWord } from '../presentation/words.ts';
import type { CommandServices } from './services.ts';

const statuses: InvocationStatus[] = [
  'error',
  'timeout',
  'crashed',
  'oom',
  'throttled',
  'interrupted',
  'ok',
  'running',
];
const startKinds: StartKind[] = ['cold', 'prewarmed', 'warm'];
const minuteMs = 60_000;
const times = [15 * minuteMs, 60 * minuteMs, 24 * 60 * minuteMs, 7 * 24 * 60 * minuteMs];

type Answer = { do: 'set'; conditions: FilterConditions } | { do: 'text' } | { do: 'clear' };

function choices(services: CommandServices): Choice<Answer>[] {
  const { api, filter, hosts } = services;
  const current = filter.conditions;
  const separator = (label: string): Choice<Answer> => ({ label, kind: api.QuickPickItemKind.Separator });
  const entry = (label: string, chosen: boolean, conditions: FilterConditions): Choice<Answer> => ({
    label,
    ...(chosen ? { description: l10n.t('chosen') } : {}),
    value: { do: 'set', conditions: { ...current, ...conditions } },
  });
  const names = [...new Set(hosts.all.flatMap((host) => host.mirror.functions.map((state) => state.name)))];
  return [
    {
      label: `$(search) ${l10n.t('Text in log, event, result or error…')}`,
      ...(current.text === undefined ? {} : { description: current.text }),
      value: { do: 'text' },
    },
    ...(filter.active
      ? [{ label: `$(clear-all) ${l10n.t('Show all')}`, value: { do: 'clear' } as Answer }]
      : []),
    separator(l10n.t('Status')),
    ...statuses.map((status) =>
      entry(`$(${statusIcon(status).id}) ${statusWord(status)}`, current.status === status, { status }),
    ),
    separator(l10n.t('Start')),
    ...startKinds.map((startKind) =>
      entry(startKindWord(startKind), current.startKind === startKind, { startKind }),
    ),
    separator(l10n.t('Where')),
    ...(['here', 'remote'] as const).map((where) =>
      entry(
        `$(${where === 'here' ? 'device-desktop' : 'cloud'}) ${whereWord(where)}`,
        current.where === where,
        { where },
      ),
    ),
    separator(l10n.t('Time')),
    ...times.map((withinMs) => entry(withinWord(withinMs), current.withinMs === withinMs, { withinMs })),
    separator(l10n.t('Function')),
    ...names.map((name) => entry(name, current.function === name, { function: name })),
  ];
}

/** Lets the user add a condition to the filter of the Invocations view, or take it away. */
export async function chooseFilter(services: CommandServices): Promise<void> {
  const { dialogs, filter } = services;
  const answer = await dialogs.pick(choices(services), {
    placeHolder: l10n.t('Which invocations to list? Conditions add up.'),
  });
  if (!answer) return;
  if (answer.do === 'clear') filter.set({});
  else if (answer.do === 'set') filter.set(answer.conditions);
  else {
    const text = await dialogs.input({
      prompt: l10n.t('Words that the log, event, result or error contains; empty for any'),
      value: filter.conditions.text ?? '',
    });
    if (text === undefined) return;
    const { text: _dropped, ...others } = filter.conditions;
    filter.set(text.trim() ? { ...others, text: text.trim() } : others);
  }
}
