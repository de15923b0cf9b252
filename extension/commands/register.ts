import { PorchlightError, failureText } from '../../runtime/model/errors.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { commandIds, internalCommandIds, type CommandId } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { Command, CommandServices } from './services.ts';

/** Commands that debugging and the language client register. */
const ofOthers: ReadonlySet<CommandId> = new Set<CommandId>([
  commandIds.debug,
  commandIds.debugInvoke,
  commandIds.stopDebugging,
  commandIds.explainBreakpoint,
  internalCommandIds.remedy,
  internalCommandIds.explainRule,
]);

/** The commands of this folder's table. */
export const tableIds: readonly CommandId[] = [
  ...Object.values(commandIds),
  ...Object.values(internalCommandIds),
].filter((id) => !ofOthers.has(id));

type Action = ReturnType<Command['create']>;

/** Finds what commands do; their code is loaded with the first one. */
function actionsOf(services: CommandServices): (id: CommandId) => Promise<Action> {
  const made = new Map<CommandId, Action>();
  return async (id) => {
    const { commandTable } = await import('./table.ts');
    const command = commandTable.find((each) => each.id === id);
    if (!command) throw new PorchlightError('INTERNAL', { detail: `There is no command ${id}.` });
    if (command.whenDown === 'starts' && !services.api.workspace.isTrusted)
      throw new PorchlightError('WORKSPACE_UNTRUSTED');
    const action = made.get(id) ?? command.create(services);
    made.set(id, action);
    return action;
  };
}

/** Tells the user of a command's failure, once. */
export function report(services: CommandServices, error: unknown): void {
  const message = failureText(error);
  services.log.error(error instanceof Error ? (error.stack ?? error.message) : message);
  if (error instanceof PorchlightError && error.code === 'WORKSPACE_UNTRUSTED') {
    const manage = l10n.t('Manage Trust');
    void services.dialogs.error(message, manage).then((answer) => {
      if (answer === manage) void services.api.commands.executeCommand('workbench.trust.manage');
    });
    return;
  }
  // A host that did not start has been told of by its state.
  if (services.hosts.all.some(({ state }) => state.kind === 'failed' && state.message === message)) return;
  const showLog = l10n.t('Show Log');
  void services.dialogs.error(message, showLog).then((answer) => {
    if (answer === showLog) services.log.show();
  });
}

/** Registers every command of the table; what one throws becomes one message with a way to the log. */
export function registerCommands(services: CommandServices): Disposable {
  const store = new DisposableStore();
  const actionOf = actionsOf(services);
  for (const id of tableIds) {
    const run = async (argument?: unknown, selected?: unknown): Promise<unknown> => {
      try {
        return await (
          await actionOf(id)
        )(argument, selected);
      } catch (error) {
        report(services, error);
        return undefined;
      }
    };
    store.add(services.api.commands.registerCommand(id, run));
  }
  return store;
}
