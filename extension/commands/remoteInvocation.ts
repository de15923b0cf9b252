import { PorchlightError } from '../../runtime/model/errors.ts';
import { comparable, type Comparable } from '../../runtime/model/invocationParts.ts';
import type { RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';
import { readInvocation } from '../contributions/arguments.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import { chosenInvocation, recordOf } from './chosenInvocation.ts';
import type { CommandServices } from './services.ts';

/** An invocation of a target to act on. */
export interface ChosenRemote {
  host: FolderHost;
  invocation: RemoteInvocation;
}

/** The invocation of a target that an argument names; undefined when it names none of a target. */
export function remoteOf({ hosts }: CommandServices, argument: unknown): ChosenRemote | undefined {
  const wanted = readInvocation(argument);
  if (wanted?.target === undefined) return undefined;
  const host = hosts.find(wanted.folder ?? '');
  const invocation = host?.remote.find(wanted.target, wanted.invocation);
  // Only the newest are kept.
  if (!host || !invocation) throw new PorchlightError('INVOCATION_UNKNOWN', { id: wanted.invocation });
  return { host, invocation };
}

/** What is known of an invocation, here or on a target. */
export async function comparableOf(services: CommandServices, argument: unknown): Promise<Comparable> {
  const remote = remoteOf(services, argument);
  return remote ? comparable(remote.invocation) : recordOf(await chosenInvocation(services, argument));
}
