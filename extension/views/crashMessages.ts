import type { Disposable } from '../../runtime/support/disposable.ts';
import { commandIds } from '../contributions/ids.ts';
import type { Dialogs } from '../editor/dialogs.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { Hosts } from '../hostClient/hosts.ts';

/** Says when a host crashed or could not be started, with what to do. */
export function tellOfCrashes(api: Pick<EditorApi, 'commands'>, dialogs: Dialogs, hosts: Hosts): Disposable {
  const showLog = l10n.t('Show Log');
  const restart = l10n.t('Restart Host');
  const act = (answer: string | undefined) => {
    if (answer === showLog) void api.commands.executeCommand(commandIds.showLog);
    if (answer === restart) void api.commands.executeCommand(commandIds.restartHost);
  };
  const told = new WeakSet<object>();
  return hosts.onDidChange((change) => {
    if (change.kind === 'crash' && change.crash.restarting) {
      const text = l10n.t(
        'The runtime host of {0} ended unexpectedly and is started again. Recorded invocations are kept. Reason: {1}',
        change.host.folder.name,
        change.crash.reason,
      );
      void dialogs.warn(text, showLog).then(act);
    }
    if (change.kind !== 'state') return;
    const { state } = change.host;
    // A state is told once, however often it is announced.
    if (state.kind !== 'failed' || told.has(state)) return;
    told.add(state);
    void dialogs.error(state.message, restart, showLog).then(act);
  });
}
