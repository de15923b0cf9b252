import type * as vscode from 'vscode';
import { readFolder, readFunction } from '../contributions/arguments.ts';
import { commandIds } from '../contributions/ids.ts';
import { openSource } from '../editor/openSource.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import { chooseFunction, chooseHost } from './functionChoice.ts';
import { handlerPlace } from './functionCommands.ts';
import type { Command, CommandServices } from './services.ts';

/** Opens the place where an invocation failed, otherwise the handler that was called. */
export async function openSourceOf(
  services: CommandServices,
  host: FolderHost,
  id: string,
  column: vscode.ViewColumn,
): Promise<void> {
  const record = host.mirror.invocation(id) ?? (await host.running?.getInvocation(id));
  const state = record && host.mirror.function(record.function);
  const place = record?.error?.at ?? (state && (await handlerPlace(services, state)));
  if (place) await openSource(services.api, place, { viewColumn: column });
}

/** Commands that show the timeline. */
export const timelineCommands: readonly Command[] = [
  {
    id: commandIds.showTimeline,
    whenDown: 'works',
    create: (services) => async (argument) => {
      const host = await chooseHost(services, readFunction(argument)?.folder ?? readFolder(argument));
      if (host) services.timelines.show(host);
    },
  },
  {
    id: commandIds.putUnderLoad,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const chosen = await chooseFunction(services, argument);
      if (chosen) services.timelines.show(chosen.host, { playground: true, function: chosen.state.name });
    },
  },
];
