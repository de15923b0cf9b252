import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { debugType } from '../contributions/ids.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { completeConfiguration, functionsConfiguration } from './configuration.ts';
import type { Debugging } from './debugging.ts';

/** What is wrong with a configuration in the user's `launch.json`. */
function problemText(problem: 'request' | 'functions'): string {
  return problem === 'request'
    ? l10n.t('A "porchlight" configuration can only have "request": "launch".')
    : l10n.t(
        '"functions" has to be a list of names, such as ["hello"]. Leave it out to debug all functions.',
      );
}

/** Completes our configurations, and offers one for each function in "Run and Debug". */
export function registerConfigurations(api: EditorApi, hosts: Hosts, debugging: Debugging): Disposable {
  const provider: vscode.DebugConfigurationProvider = {
    async resolveDebugConfiguration(folder, given) {
      const completed = completeConfiguration(given, l10n.t('Functions'));
      if ('problem' in completed) throw new Error(problemText(completed.problem));
      const { configuration } = completed;
      const host = debugging.hostOf(folder);
      if (!host)
        throw new PorchlightError('PROJECT_NOT_FOUND', { root: folder?.name ?? l10n.t('this window') });
      await hosts.running(host);
      // Functions always run; without debugging there is nothing to add.
      if (given.noDebug) return undefined;
      const current = debugging.find(host);
      if (!current) return configuration;
      // A second session over the same instances would only be in the way of the first.
      await current.widen(configuration.functions);
      return undefined;
    },
  };
  const dynamic: vscode.DebugConfigurationProvider = {
    provideDebugConfigurations(folder) {
      const functions = debugging.hostOf(folder)?.mirror.functions ?? [];
      return [
        functionsConfiguration(l10n.t('All functions')),
        ...functions.map(({ name }) => functionsConfiguration(name, [name])),
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
