import { PorchlightError } from '../../runtime/model/errors.ts';
import type { InvocationRecord, InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import { readInvocation } from '../contributions/arguments.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import type { CommandServices } from './services.ts';

/** A recorded invocation to act on, with its running host. */
export interface ChosenInvocation {
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

/** Refuses an event that cannot be sent again as it was. */
export function refuseCut({ event }: Pick<InvocationRecord, 'event'>): void {
  if (!event.truncated) return;
  const kept =
    event.encoding === 'utf8' ? new TextEncoder().encode(event.data).length : atob(event.data).length;
  throw new PorchlightError('EVENT_CUT', { bytes: event.size, kept });
}

/** The newest of invocations. */
export function newest<T extends Pick<InvocationSummary, 'receivedAt'>>(
  summaries: readonly T[],
): T | undefined {
  return summaries.reduce<T | undefined>(
    (best, one) => (best && best.receivedAt >= one.receivedAt ? best : one),
    undefined,
  );
}
