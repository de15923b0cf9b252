import { PorchlightError } from '../../runtime/model/errors.ts';
import type { InvocationRecord, LogEntry } from '../../runtime/model/invocationRecord.ts';
import { readBody, readInvocation } from '../contributions/arguments.ts';
import { commandIds, internalCommandIds, viewIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import { bodyFileName, bodyText } from '../presentation/invocationText.ts';
import { formatTime } from '../presentation/numbers.ts';
import { chooseFilter } from './filterChoice.ts';
import { announce } from './invokeCommands.ts';
import type { Command, CommandServices } from './services.ts';

interface ChosenInvocation {
  host: FolderHost;
  api: HostApi;
  id: string;
}

/** The invocation a command is about: the one its argument names, otherwise the selected or the latest one. */
export async function chosenInvocation(
  services: CommandServices,
  argument: unknown,
): Promise<ChosenInvocation> {
  const { hosts, selection } = services;
  const wanted =
    readInvocation(argument) ??
    (selection.selected && { invocation: selection.selected.id, folder: selection.selected.folder });
  const latest = () =>
    hosts.all
      .flatMap((host) => host.mirror.invocations.slice(0, 1).map((summary) => ({ host, summary })))
      .sort((a, b) => b.summary.receivedAt - a.summary.receivedAt)[0];
  const found = wanted ? { id: wanted.invocation, host: hosts.find(wanted.folder ?? '') } : latest();
  const id = found && ('id' in found ? found.id : found.summary.id);
  if (!found?.host || id === undefined)
    throw new PorchlightError('INVOCATION_UNKNOWN', { id: wanted?.invocation ?? '' });
  return { host: found.host, api: await hosts.running(found.host), id };
}

/** Its whole record. */
export async function recordOf({ api, id }: ChosenInvocation): Promise<InvocationRecord> {
  const record = await api.getInvocation(id);
  if (!record) throw new PorchlightError('INVOCATION_UNKNOWN', { id });
  return record;
}

function logLine(record: InvocationRecord, entry: LogEntry): string {
  const at = formatTime(record.receivedAt + entry.t / 1000);
  return `${at} ${entry.level.toUpperCase().padEnd(5)} ${entry.text}`;
}

function logText(record: InvocationRecord): string {
  const lines = record.logs.map((entry) => logLine(record, entry));
  if (record.logsDropped > 0)
    lines.push(l10n.t('{0} more lines were left out: a record keeps a bounded number.', record.logsDropped));
  return `${lines.join('\n')}\n`;
}

async function openBody(services: CommandServices, argument: unknown): Promise<void> {
  const wanted = readBody(argument);
  if (!wanted) return;
  const record = await recordOf(await chosenInvocation(services, wanted));
  const key = `${record.id}-${wanted.body}`;
  if (wanted.body === 'log') {
    await services.documents.open(`${record.function} log.log`, logText(record), key);
    return;
  }
  const body = record[wanted.body];
  if (body) await services.documents.open(bodyFileName(record, wanted.body), bodyText(body), key);
}

async function rerun(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chosenInvocation(services, argument);
  const record = await recordOf(chosen);
  if (record.event.truncated) {
    services.dialogs.remark(l10n.t('The event was too large to be kept whole, so it cannot be sent again.'));
    return;
  }
  const { encoding, data } = record.event;
  const label = l10n.t('replay of {0}', record.label ?? record.id.slice(0, 8));
  const result = await services.api.window.withProgress({ location: { viewId: viewIds.invocations } }, () =>
    chosen.api.invoke({ function: record.function, event: { encoding, data }, label }),
  );
  services.selection.reveal({ folder: chosen.host.folder.path, id: result.id });
  void announce(services, chosen.host, result);
}

/** Commands on recorded invocations and on their list. */
export const invocationCommands: readonly Command[] = [
  {
    id: commandIds.rerunInvocation,
    whenDown: 'starts',
    create: (services) => (argument) => rerun(services, argument),
  },
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
      const id = readInvocation(argument)?.invocation ?? services.selection.selected?.id;
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
      services.selection.select(undefined);
    },
  },
  {
    id: commandIds.toggleInlineLogs,
    whenDown: 'works',
    create: (services) => () => services.inlineLogs.update(!services.inlineLogs.value),
  },
];
