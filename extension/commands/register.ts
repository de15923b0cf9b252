import { PorchlightError, failureText } from '../../runtime/model/errors.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { l10n } from '../editor/l10n.ts';
import { compareCommands } from './compareCommands.ts';
import { deployCommands } from './deployCommands.ts';
import { functionCommands } from './functionCommands.ts';
import { hostCommands } from './hostCommands.ts';
import { inlineCommands } from './inlineCommands.ts';
import { invocationCommands } from './invocationCommands.ts';
import { invokeCommands } from './invokeCommands.ts';
import { profileCommands } from './profileCommands.ts';
import { replayCommands } from './replayCommands.ts';
import { sampleCommands } from './sampleEvent.ts';
import { saveTestEventCommand } from './saveTestEvent.ts';
import { timelineCommands } from './timelineCommands.ts';
import { newFunctionCommand } from './starting/newFunction.ts';
import { exampleCommands } from './starting/openExample.ts';
import { triggerCommands } from './triggerCommands.ts';
import type { Command, CommandServices } from './services.ts';

/** Every command of this folder; debugging registers its own. */
export const commandTable: readonly Command[] = [
  ...invokeCommands,
  ...profileCommands,
  ...sampleCommands,
  ...triggerCommands,
  ...timelineCommands,
  ...functionCommands,
  ...invocationCommands,
  ...inlineCommands,
  ...replayCommands,
  ...compareCommands,
  saveTestEventCommand,
  ...deployCommands,
  ...hostCommands,
  newFunctionCommand,
  ...exampleCommands,
];

/** Runs a command; what it throws becomes one message with a way to the log. */
async function run(command: Command, services: CommandServices, action: () => unknown): Promise<unknown> {
  try {
    if (command.whenDown === 'starts' && !services.api.workspace.isTrusted) {
      throw new PorchlightError('WORKSPACE_UNTRUSTED');
    }
    return await action();
  } catch (error) {
    report(services, error);
    return undefined;
  }
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

/** Registers every command of the table. */
export function registerCommands(services: CommandServices): Disposable {
  const store = new DisposableStore();
  for (const command of commandTable) {
    const action = command.create(services);
    store.add(
      services.api.commands.registerCommand(command.id, (argument?: unknown, selected?: unknown) =>
        run(command, services, () => action(argument, selected)),
      ),
    );
  }
  return store;
}
