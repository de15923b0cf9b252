import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { chosenInvocation, recordOf } from './chosenInvocation.ts';
import { debugFailure, latestFailure } from './debugFailure.ts';
import { openEvent, sendEvent } from './editedEvent.ts';
import { chooseManner, replay } from './replay.ts';
import type { Command, CommandServices } from './services.ts';

async function replayAsItWas(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chosenInvocation(services, argument);
  await replay(services, chosen, await recordOf(chosen), { debug: false });
}

async function replayWith(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chosenInvocation(services, argument);
  const record = await recordOf(chosen);
  const edit = {
    label: l10n.t('$(edit) Edit the Event First…'),
    description: l10n.t('opens it in an editor'),
    value: 'edit' as const,
  };
  const answer = await chooseManner(services, chosen, record.function, [edit]);
  if (answer === 'edit') await openEvent(services, chosen, record);
  else if (answer) await replay(services, chosen, record, answer);
}

async function editEvent(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chosenInvocation(services, argument);
  await openEvent(services, chosen, await recordOf(chosen));
}

/** The failure of an argument, of the selected invocation, or the latest of all folders. */
async function debug(services: CommandServices, argument: unknown): Promise<void> {
  const selected = services.selection.selected;
  const wanted = argument ?? (selected && { invocation: selected.id, folder: selected.folder });
  const chosen = wanted ? await chosenInvocation(services, wanted) : await latestFailure(services);
  await debugFailure(services, chosen);
}

/** Commands that make recorded invocations again. */
export const replayCommands: readonly Command[] = [
  {
    id: commandIds.rerunInvocation,
    whenDown: 'starts',
    create: (services) => (argument) => replayAsItWas(services, argument),
  },
  {
    id: commandIds.replayWith,
    whenDown: 'starts',
    create: (services) => (argument) => replayWith(services, argument),
  },
  {
    id: commandIds.editEvent,
    whenDown: 'starts',
    create: (services) => (argument) => editEvent(services, argument),
  },
  {
    id: commandIds.sendEvent,
    whenDown: 'starts',
    create: (services) => (argument) => sendEvent(services, argument, { debug: false }),
  },
  {
    id: commandIds.sendEventDebugged,
    whenDown: 'starts',
    create: (services) => (argument) => sendEvent(services, argument, { debug: true }),
  },
  {
    id: commandIds.sendEventWith,
    whenDown: 'starts',
    create: (services) => (argument) => sendEvent(services, argument, 'choose'),
  },
  {
    id: commandIds.debugFailure,
    whenDown: 'starts',
    create: (services) => (argument) => debug(services, argument),
  },
];
