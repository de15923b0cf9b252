import type { TriggerState } from '../../runtime/protocol/control/triggers.ts';
import { commandIds, internalCommandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { formatTime } from '../presentation/numbers.ts';
import {
  lastText,
  triggerDescription,
  triggerIcon,
  triggerStatusWord,
  whenText,
} from '../presentation/triggerText.ts';
import { statusIcon } from '../presentation/words.ts';
import { branch, leaf, type Row } from './row.ts';

/** A trigger of a function with what it waits for and did; `now` in milliseconds since the epoch. */
export function triggerRow(parent: Row, trigger: TriggerState, now: number): Row {
  const description = triggerDescription(trigger, now);
  const argument = { ...parent.argument, trigger: trigger.name };
  return branch(
    parent,
    `trigger:${trigger.name}`,
    {
      label: trigger.name,
      description,
      icon: triggerIcon(trigger),
      ...(trigger.problem !== undefined && { tooltip: trigger.problem }),
      context: contextOf(trigger),
      spoken: l10n.t('Trigger {0}: {1}', trigger.name, description.replaceAll(' · ', ', ')),
    },
    (self) => detailRows(self, trigger, now),
    'collapsed',
    argument,
  );
}

/** For when-clauses: `trigger stopped queue folder actions`. */
function contextOf({ status, kind, folder, actions = [] }: TriggerState): string {
  return [
    'trigger',
    status,
    ...(kind === 'queue' && status !== 'failed' ? ['queue'] : []),
    ...(folder === undefined ? [] : ['folder']),
    ...(actions.length > 0 ? ['actions'] : []),
  ].join(' ');
}

function detailRows(parent: Row, trigger: TriggerState, now: number): Row[] {
  const { status, problem, text, next = [], folder, waiting, details = [], last, fired } = trigger;
  const rows: Row[] = [];
  if (problem !== undefined)
    rows.push(
      leaf(parent, 'problem', {
        label: problem,
        icon: { id: 'error', color: 'list.errorForeground' },
        tooltip: problem,
      }),
    );
  rows.push(
    leaf(parent, 'status', {
      label: triggerStatusWord(status),
      ...(text !== undefined && { description: text }),
      icon: { id: status === 'running' ? 'play-circle' : 'circle-outline' },
    }),
  );
  // What a queue says of itself counts them already.
  if (waiting !== undefined && trigger.kind !== 'queue')
    rows.push(
      leaf(parent, 'waiting', {
        label: l10n.t('Waiting'),
        description: String(waiting),
        icon: { id: 'inbox' },
      }),
    );
  if (folder !== undefined)
    rows.push(
      leaf(
        parent,
        'folder',
        {
          label: l10n.t('Folder'),
          description: folder,
          icon: { id: 'folder' },
          tooltip: folder,
          command: {
            id: commandIds.openTriggerFolder,
            title: l10n.t('Open Folder'),
            argument: parent.argument,
          },
        },
        parent.argument,
      ),
    );
  for (const [index, time] of next.entries())
    rows.push(
      leaf(parent, `next${index}`, {
        label: status === 'running' ? l10n.t('Next') : l10n.t('Next in the cloud'),
        description: whenText(time, now),
        icon: { id: 'clock' },
      }),
    );
  for (const [index, detail] of details.entries())
    rows.push(
      leaf(parent, `detail${index}`, {
        label: detail.label,
        description: detail.text,
        icon: detail.warns ? { id: 'warning', color: 'list.warningForeground' } : { id: 'info' },
      }),
    );
  if (last)
    rows.push(
      leaf(parent, 'last', {
        label: fired === 1 ? l10n.t('Fired once') : l10n.t('Fired {0} times', fired),
        description: `${formatTime(last.at)} · ${lastText(last)}`,
        icon: statusIcon(last.status),
        ...(last.invocation !== undefined && {
          tooltip: l10n.t('Shows the invocation'),
          command: {
            id: internalCommandIds.showInvocation,
            title: l10n.t('Show Invocation'),
            argument: { ...parent.argument, invocation: last.invocation },
          },
        }),
      }),
    );
  return rows;
}
