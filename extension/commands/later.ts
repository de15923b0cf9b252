import type * as vscode from 'vscode';
import { eventScheme, stateKeys } from '../contributions/ids.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import type { ChosenFunction } from './functionChoice.ts';
import type { CommandServices } from './services.ts';

/** What the rest of the extension does by commands. Their code is loaded with the first use. */
export function laterCommands(services: CommandServices) {
  const load = () => import('./table.ts');
  const replays = async () => (await load()).replaysOf(services);
  return {
    chooseFunction: async (argument: unknown) => (await load()).chooseFunction(services, argument),
    chooseHost: async () => (await load()).chooseHost(services, undefined),
    invokeAgain: async (chosen: ChosenFunction) => (await load()).invokeAgain(services, chosen),
    saveFiles: async (host: FolderHost, api: HostApi) => (await load()).saveFiles(services, host, api),
    openSourceOf: async (host: FolderHost, id: string, column: vscode.ViewColumn) =>
      (await load()).openSourceOf(services, host, id, column),
    /** Writes what followed logs tell, and what keeps one from being read. */
    tellRemoteLogs: () =>
      services.hosts.onDidChange((change) => {
        if (change.kind === 'remote')
          void load().then(({ tellRemoteNews }) => tellRemoteNews(services, change.host, change.change));
      }),
    eventText: async (uri: vscode.Uri) => (await load()).eventText(services, uri),
    registerEventLenses: () =>
      services.api.languages.registerCodeLensProvider(
        { scheme: eventScheme },
        { provideCodeLenses: async (document) => (await load()).eventLenses(services.api, document) },
      ),
    /** In the window of an example that was just copied; nothing in others. */
    async continueExample(): Promise<void> {
      if (services.globalState.get(stateKeys.opening) === undefined) return;
      await (await load()).continueExample(services);
    },
    replays: {
      latestFailure: async (host: FolderHost) => (await replays()).latestFailure(host),
      replayFailure: async (host: FolderHost, id: string, debug: boolean) =>
        (await replays()).replayFailure(host, id, debug),
      tellNoFailure: async (host: FolderHost) => (await replays()).tellNoFailure(host),
    },
  };
}
