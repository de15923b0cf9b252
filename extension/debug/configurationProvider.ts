import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { debugType } from '../contributions/ids.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import { completeConfiguration, functionsConfiguration, replayConfiguration } from './configuration.ts';
import type { Debugging } from './debugging.ts';

/** What is wrong with a configuration in the user's `launch.json`. */
function problemText(problem: 'request' | 'functions' | 'replay'): string {
  const texts: Record<typeof problem, string> = {
    request: l10n.t('A "porchlight" configuration can only have "request": "launch".'),
    functions: l10n.t(
      '"functions" has to be a list of names, such as ["hello"]. Leave it out to debug all functions.',
    ),
    replay: l10n.t(
      '"replay" can only be "last-failure". Leave it out to debug functions as they are called.',
    ),
  };
  return texts[problem];
}

/** Replaying, which is another feature's. */
export interface Replays {
  /** The latest failure of a folder, as far as is recorded. */
  latestFailure(host: FolderHost): Promise<{ id: string; function: string } | undefined>;
  /** Makes it again; stops where it failed when it is debugged. */
  replayFailure(host: FolderHost, id: string, debug: boolean): Promise<void>;
  /** Says that there is none. */
  tellNoFailure(host: FolderHost): Promise<void>;
}

/** Completes our configurations, and offers one for each function in "Run and Debug". */
export function registerConfigurations(
  api: EditorApi,
  hosts: Hosts,
  debugging: Debugging,
  replays: Replays,
  report: (error: unknown) => void,
): Disposable {
  const replayFailure = (host: FolderHost, id: string, debug: boolean): void =>
    void replays.replayFailure(host, id, debug).catch(report);
  const provider: vscode.DebugConfigurationProvider = {
    async resolveDebugConfiguration(folder, given) {
      const completed = completeConfiguration(given, l10n.t('Functions'));
      if ('problem' in completed) throw new Error(problemText(completed.problem));
      const { configuration } = completed;
      const host = debugging.hostOf(folder);
      if (!host)
        throw new PorchlightError('PROJECT_NOT_FOUND', { root: folder?.name ?? l10n.t('this window') });
      await hosts.running(host);
      const failure = configuration.replay && (await replays.latestFailure(host));
      if (configuration.replay && !failure) {
        await replays.tellNoFailure(host);
        return undefined;
      }
      if (given.noDebug) {
        // Functions always run; without debugging there is nothing else to add.
        if (failure) replayFailure(host, failure.id, false);
        return undefined;
      }
      if (failure) configuration.functions ??= [failure.function];
      const current = debugging.find(host);
      if (!current) return configuration;
      // A second session over the same instances would only be in the way of the first.
      await current.widen(configuration.functions);
      if (failure) replayFailure(host, failure.id, true);
      return undefined;
    },
  };
  const dynamic: vscode.DebugConfigurationProvider = {
    provideDebugConfigurations(folder) {
      const functions = debugging.hostOf(folder)?.mirror.functions ?? [];
      return [
        functionsConfiguration(l10n.t('Debug all functions')),
        ...functions.map(({ name }) => functionsConfiguration(l10n.t('Debug {0}', name), [name])),
        replayConfiguration(l10n.t('Replay last failure')),
      ];
    },
  };
  const store = new DisposableStore();
  store.add(api.debug.registerDebugConfigurationProvider(debugType, provider));
  store.add(
    api.debug.registerDebugConfigurationProvider(
      debugType,
      dynamic,
      api.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
  );
  return store;
}
