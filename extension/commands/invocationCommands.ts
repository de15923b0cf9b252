import { PorchlightError } from '../../runtime/model/errors.ts';
import type { Comparable } from '../../runtime/model/invocationParts.ts';
import type { LogEntry } from '../../runtime/model/invocationRecord.ts';
import { readBody, readInvocation } from '../contributions/arguments.ts';
import { commandIds, internalCommandIds, viewIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { bodyFileName, bodyText } from '../presentation/invocationText.ts';
import { formatTime } from '../presentation/numbers.ts';
import { chosenInvocation } from './chosenInvocation.ts';
import { comparableOf, remoteOf } from './remoteInvocation.ts';
import { chooseFilter } from './filterChoice.ts';
import type { Command, CommandServices } from './services.ts';

function logLine(record: Comparable, entry: LogEntry): string {
  const at = formatTime(record.receivedAt + entry.t / 1000);
  return `${at} ${entry.level.toUpperCase().padEnd(5)} ${entry.text}`;
}

function logText(record: Comparable): string {
  const lines = record.logs.map((entry) => logLine(record, entry));
  if (record.logsDropped > 0)
    lines.push(l10n.t('{0} more lines were left out: a record keeps a bounded number.', record.logsDropped));
  return `${lines.join('\n')}\n`;
}

async function openBody(services: CommandServices, argument: unknown): Promise<void> {
  const wanted = readBody(argument);
  if (!wanted) return;
  const record = await comparableOf(services, wanted);
  const key = `${record.id}-${wanted.body}`;
  if (wanted.body === 'log') {
    await services.documents.open(`${record.function} log.log`, logText(record), key);
    return;
  }
  const body = record[wanted.body];
  if (body) await services.documents.open(bodyFileName(record, wanted.body), bodyText(body), key);
}

/** Commands on recorded invocations and on their list. */
export const invocationCommands: readonly Command[] = [
  {
    id: commandIds.cancelInvocation,
    whenDown: 'asks',
    create: (services) => async (argument) => {
      const { api, id } = await chosenInvocation(services, argument);
      await api.cancelInvocation(id);
    },
  },
  {
    id: commandIds.copyInvocationId,
    whenDown: 'works',
    create: (services) => async (argument) => {
      const remote = remoteOf(services, argument);
      const named = readInvocation(argument)?.invocation ?? services.selection.selected?.id;
      const id = remote?.invocation.requestId ?? named;
      if (id === undefined) throw new PorchlightError('INVOCATION_UNKNOWN', { id: '' });
      await services.api.env.clipboard.writeText(id);
      services.dialogs.remark(`$(copy) ${l10n.t('Copied {0}', id)}`);
    },
  },
  {
    id: internalCommandIds.openBody,
    whenDown: 'starts',
    create: (services) => (argument) => openBody(services, argument),
  },
  {
    id: internalCommandIds.showInvocation,
    whenDown: 'works',
    create: (services) => async (argument) => {
      const wanted = readInvocation(argument);
      if (!wanted?.folder) return;
      await services.api.commands.executeCommand(`${viewIds.invocations}.focus`);
      services.selection.reveal({ folder: wanted.folder, id: wanted.invocation }, true);
    },
  },
  {
    id: internalCommandIds.loadMore,
    whenDown: 'works',
    create: (services) => () => services.loadMoreInvocations(),
  },
  { id: commandIds.filterInvocations, whenDown: 'works', create: (services) => () => chooseFilter(services) },
  { id: commandIds.clearFilter, whenDown: 'works', create: (services) => () => services.filter.set({}) },
  {
    id: commandIds.clearInvocations,
    whenDown: 'asks',
    create: (services) => async () => {
      const question = l10n.t('Forget all recorded invocations?');
      const detail = l10n.t(
        'Their logs, events and results are deleted from this machine. Functions and instances stay as they are.',
      );
      if (!(await services.dialogs.confirm(question, detail, l10n.t('Forget')))) return;
      await Promise.all(services.hosts.all.flatMap((host) => host.running?.clearInvocations() ?? []));
      for (const { remote } of services.hosts.all) remote.clear();
      services.selection.select(undefined);
    },
  },
];
