import { PorchlightError } from '../../runtime/model/errors.ts';
import type { TriggerState } from '../../runtime/protocol/control/triggers.ts';
import { readTrigger } from '../contributions/arguments.ts';
import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { triggerDescription } from '../presentation/triggerText.ts';
import { chooseFunction, type ChosenFunction } from './functionChoice.ts';
import { announce } from './invokeCommands.ts';
import { saveFiles } from './saveFiles.ts';
import type { Command, CommandServices } from './services.ts';

interface ChosenTrigger extends ChosenFunction {
  trigger: TriggerState;
}

/** The trigger a command is about: the one its row names, or the user's choice among those that `fits`. */
async function chooseTrigger(
  services: CommandServices,
  argument: unknown,
  fits: (trigger: TriggerState) => boolean,
): Promise<ChosenTrigger | undefined> {
  const wanted = readTrigger(argument);
  const chosen = await chooseFunction(services, argument);
  if (!chosen) return undefined;
  const all = await chosen.api.listTriggers(chosen.state.name);
  const known = all.map(({ name }) => name).join(', ');
  const found = wanted ? all.filter(({ name }) => name === wanted.trigger) : all.filter(fits);
  if (found.length === 0) {
    const trigger = wanted?.trigger ?? l10n.t('any that fits');
    throw new PorchlightError('TRIGGER_UNKNOWN', { function: chosen.state.name, trigger, known });
  }
  const now = Date.now();
  const trigger =
    found.length === 1
      ? found[0]
      : await services.dialogs.pick(
          found.map((value) => ({ label: value.name, description: triggerDescription(value, now), value })),
          { placeHolder: l10n.t('Which trigger?') },
        );
  return trigger && { ...chosen, trigger };
}

async function fire(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chooseTrigger(services, argument, ({ kind }) => kind !== 'http');
  if (!chosen) return;
  const { host, api, state, trigger } = chosen;
  await saveFiles(services, host, api);
  const { record, text } = await api.fireTrigger({ function: state.name, trigger: trigger.name });
  if (record) await announce(services, host, record);
  else if (text !== undefined) services.dialogs.remark(`$(pass) ${state.name}: ${text}`);
}

async function setRunning(services: CommandServices, argument: unknown, running: boolean): Promise<void> {
  const chosen = await chooseTrigger(
    services,
    argument,
    ({ kind, status }) => kind !== 'http' && status !== 'manual' && (status === 'running') !== running,
  );
  if (!chosen) return;
  const { api, state, trigger } = chosen;
  const after = await api.setTriggerRunning(state.name, trigger.name, running);
  services.dialogs.remark(`${state.name}.${after.name}: ${triggerDescription(after, Date.now())}`);
}

async function act(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chooseTrigger(services, argument, ({ actions = [] }) => actions.length > 0);
  if (!chosen) return;
  const { api, state, trigger } = chosen;
  const action = await services.dialogs.pick(
    (trigger.actions ?? []).map((value) => ({ label: value.title, value })),
    { placeHolder: l10n.t('What should {0} do?', trigger.name) },
  );
  if (action === undefined) return;
  if (action.confirm !== undefined && !(await services.dialogs.confirm(action.confirm, '', action.title)))
    return;
  const said = await api.actOnTrigger(state.name, trigger.name, action.id);
  if (typeof said === 'string') services.dialogs.remark(`${state.name}.${trigger.name}: ${said}`);
}

async function sendMessage(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chooseTrigger(services, argument, ({ kind }) => kind === 'queue');
  if (!chosen) return;
  const { host, api, state, trigger } = chosen;
  const body = await services.dialogs.input({
    title: l10n.t('Send a message: {0}', trigger.summary),
    prompt: l10n.t('The body of the message. Enter sends it.'),
    placeHolder: '{ "order": 1 }',
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' ? l10n.t('A message has a body.') : undefined),
  });
  if (body === undefined) return;
  await saveFiles(services, host, api);
  const said = await api.actOnTrigger(state.name, trigger.name, 'send', { body });
  if (typeof said === 'string') services.dialogs.remark(`${state.name}.${trigger.name}: ${said}`);
}

async function openFolder(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chooseTrigger(services, argument, ({ folder }) => folder !== undefined);
  if (!chosen?.trigger.folder) return;
  const { api } = services;
  const uri = api.Uri.file(chosen.trigger.folder);
  // It may not be there before something was put into it.
  await api.workspace.fs.createDirectory(uri);
  await api.commands.executeCommand('revealFileInOS', uri);
}

/** Commands on triggers: fire now, let fire by themselves, stop. */
export const triggerCommands: readonly Command[] = [
  {
    id: commandIds.fireTrigger,
    whenDown: 'starts',
    create: (services) => (argument) => fire(services, argument),
  },
  {
    id: commandIds.startTrigger,
    whenDown: 'starts',
    create: (services) => (argument) => setRunning(services, argument, true),
  },
  {
    id: commandIds.stopTrigger,
    whenDown: 'starts',
    create: (services) => (argument) => setRunning(services, argument, false),
  },
  {
    id: commandIds.actOnTrigger,
    whenDown: 'starts',
    create: (services) => (argument) => act(services, argument),
  },
  {
    id: commandIds.sendMessage,
    whenDown: 'starts',
    create: (services) => (argument) => sendMessage(services, argument),
  },
  {
    id: commandIds.openTriggerFolder,
    whenDown: 'starts',
    create: (services) => (argument) => openFolder(services, argument),
  },
];
