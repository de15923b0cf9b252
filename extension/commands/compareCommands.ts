import { PorchlightError } from '../../runtime/model/errors.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import {
  differs,
  partPairs,
  type Comparable,
  type InvocationPart,
  type PartPair,
} from '../../runtime/model/invocationParts.ts';
import { readInvocation, readInvocations } from '../contributions/arguments.ts';
import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { formatTime } from '../presentation/numbers.ts';
import { statusWord } from '../presentation/words.ts';
import { chosenInvocation, recordOf, type ChosenInvocation } from './chosenInvocation.ts';
import { comparableOf, remoteOf } from './remoteInvocation.ts';
import type { Command, CommandServices } from './services.ts';

function partWord(name: PartPair['name']): string {
  const words: Record<PartPair['name'], string> = {
    overview: l10n.t('overview'),
    event: l10n.t('event'),
    result: l10n.t('result'),
    log: l10n.t('log'),
    phases: l10n.t('phases'),
  };
  return words[name];
}

const briefly = (record: Comparable): string => {
  const name = record.target === undefined ? record.function : `${record.function} (${record.target})`;
  return `${name} ${formatTime(record.receivedAt)} ${statusWord(record.status)}`;
};

/** Shows two invocations in the editor's comparison, a pane for each part in which they differ. */
async function compare(services: CommandServices, before: Comparable, after: Comparable): Promise<void> {
  const { api, documents, dialogs } = services;
  if (before.id === after.id && before.target === after.target) {
    dialogs.remark(l10n.t('This is one and the same invocation: choose another one to compare it with.'));
    return;
  }
  const pairs = partPairs(before, after);
  const different = pairs.filter(differs);
  if (different.length === 0) {
    dialogs.remark(l10n.t('{0} and {1} differ in nothing.', briefly(before), briefly(after)));
    return;
  }
  const place = (record: Comparable, part: InvocationPart) =>
    documents.place(
      `${record.function} ${partWord(part.name)}.${part.ending}`,
      part.text,
      `${record.target ?? ''} ${record.id} ${before.id} ${after.id}`.trim(),
    );
  const panes = different.map((pair) => {
    const left = place(before, pair.before);
    const right = place(after, pair.after);
    return [right, left, right];
  });
  const title = l10n.t('{0} ↔ {1}', briefly(before), briefly(after));
  await api.commands.executeCommand('vscode.changes', title, panes);
  const same = pairs.filter((pair) => !differs(pair)).map((pair) => partWord(pair.name));
  if (same.length > 0) dialogs.remark(l10n.t('$(diff-multiple) The same in both: {0}', same.join(', ')));
}

/** Compares with what a record's id names, in the same folder. */
async function compareWith(
  services: CommandServices,
  chosen: ChosenInvocation,
  after: InvocationRecord,
  otherId: string,
): Promise<void> {
  await compare(services, await recordOf({ ...chosen, id: otherId }), after);
}

async function withOriginal(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chosenInvocation(services, argument);
  const record = await recordOf(chosen);
  if (record.replayOf === undefined) {
    services.dialogs.remark(l10n.t('This invocation is no replay, so it has no original.'));
    return;
  }
  await compareWith(services, chosen, record, record.replayOf);
}

async function withPrevious(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chosenInvocation(services, argument);
  const record = await recordOf(chosen);
  const query = { function: record.function, before: record.id, limit: 1 };
  const [previous] = await chosen.api.queryInvocations(query);
  if (previous) await compareWith(services, chosen, record, previous.id);
  else services.dialogs.remark(l10n.t('No invocation of {0} before this one is recorded.', record.function));
}

async function selectForCompare(services: CommandServices, argument: unknown): Promise<void> {
  const remote = remoteOf(services, argument);
  if (remote) {
    const { id, target } = remote.invocation;
    services.compare.select({ folder: remote.host.folder.path, id, target });
    return;
  }
  const { host, id } = await chosenInvocation(services, argument);
  services.compare.select({ folder: host.folder.path, id });
}

async function withSelected(services: CommandServices, argument: unknown): Promise<void> {
  const { selected } = services.compare;
  if (!selected) throw new PorchlightError('INVOCATION_UNKNOWN', { id: '' });
  const [before, after] = await Promise.all(
    [{ invocation: selected.id, folder: selected.folder, target: selected.target }, argument].map((one) =>
      comparableOf(services, one),
    ),
  );
  await compare(services, before!, after!);
}

/** Two selected rows; the older one is on the left. */
async function compareTwo(services: CommandServices, argument: unknown, selected: unknown): Promise<void> {
  const named = [...readInvocations(selected), ...[readInvocation(argument) ?? []].flat()];
  const distinct = [
    ...new Map(named.map((one) => [`${one.folder} ${one.target} ${one.invocation}`, one])).values(),
  ];
  if (distinct.length !== 2) {
    services.dialogs.remark(l10n.t('Select two invocations to compare them.'));
    return;
  }
  const records = await Promise.all(distinct.map((one) => comparableOf(services, one)));
  const [before, after] = records.sort((a, b) => a.receivedAt - b.receivedAt);
  await compare(services, before!, after!);
}

/** Commands that put two invocations side by side. */
export const compareCommands: readonly Command[] = [
  {
    id: commandIds.compareWithOriginal,
    whenDown: 'starts',
    create: (services) => (argument) => withOriginal(services, argument),
  },
  {
    id: commandIds.compareWithPrevious,
    whenDown: 'starts',
    create: (services) => (argument) => withPrevious(services, argument),
  },
  {
    id: commandIds.selectForCompare,
    whenDown: 'starts',
    create: (services) => (argument) => selectForCompare(services, argument),
  },
  {
    id: commandIds.compareWithSelected,
    whenDown: 'starts',
    create: (services) => (argument) => withSelected(services, argument),
  },
  {
    id: commandIds.compareSelected,
    whenDown: 'starts',
    create: (services) => (argument, selected) => compareTwo(services, argument, selected),
  },
];
