import { readDeployed, readFolder, readFunction, readTarget } from '../contributions/arguments.ts';
import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import { PorchlightError } from '../../runtime/model/errors.ts';
import type { DeployedFunction } from '../../runtime/model/deploy.ts';
import { answerDocument, removalText } from '../presentation/deployText.ts';
import { abortWith, announceResult, refreshDeployed } from './deployResult.ts';
import { chooseTarget } from './deployTarget.ts';
import { chooseEvent, rememberEvent } from './eventChoice.ts';
import { chooseHost } from './functionChoice.ts';
import type { Command, CommandServices } from './services.ts';

/** A deployed function to act on. */
export interface ChosenDeployed {
  host: FolderHost;
  api: HostApi;
  target: string;
  deployed: DeployedFunction;
}

/** The deployed function that a row names, or that the user chooses; undefined: nothing was chosen. */
export async function chooseDeployed(
  services: CommandServices,
  argument: unknown,
  placeHolder: string,
): Promise<ChosenDeployed | undefined> {
  const wanted = readDeployed(argument) ?? readFunction(argument);
  const host = await chooseHost(services, wanted?.folder);
  if (!host) return undefined;
  const api = await services.hosts.running(host);
  const target = await chooseTarget(services, host, api, { argument });
  if (target === undefined) return undefined;
  const all = await api.listDeployed(target);
  // It was asked anyway: its row has it, too.
  host.mirror.setDeployed(target, all);
  const name =
    wanted?.function ??
    (await services.dialogs.pick(
      all.map((each) => ({ label: each.function, value: each.function })),
      { placeHolder },
    ));
  if (name === undefined) return undefined;
  const deployed = all.find((each) => each.function === name);
  if (!deployed) throw new PorchlightError('NOT_DEPLOYED', { function: name, target });
  return { host, api, target, deployed };
}

/** Takes a function away from a target, after saying what goes. */
async function removeDeployed(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chooseDeployed(services, argument, l10n.t('Remove which function?'));
  if (!chosen) return;
  const { host, api, target, deployed } = chosen;
  const name = deployed.function;
  const question = l10n.t('Remove {0} from {1}?', name, target);
  if (!(await services.dialogs.confirm(question, removalText(deployed), l10n.t('Remove')))) return;
  const { window, ProgressLocation } = services.api;
  const title = l10n.t('Removing {0} from {1}', name, target);
  const result = await window.withProgress({ location: ProgressLocation.Notification, title }, () =>
    api.removeDeployed(target, name),
  );
  host.mirror.forgetPlan(target, [name]);
  await refreshDeployed(host, api, target);
  void announceResult(services, result);
}

/** Calls what is deployed: a row among the invocations, as its target tells of it, and the answer as a document. */
async function invokeDeployed(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chooseDeployed(services, argument, l10n.t('Invoke which function?'));
  if (!chosen) return;
  const { host, api, target, deployed } = chosen;
  const name = deployed.function;
  const state = host.mirror.function(name);
  const event = state
    ? await chooseEvent(services, host, state, { httpRequests: false })
    : ({ kind: 'event', text: '{}' } as const);
  if (event?.kind !== 'event') return;
  const { window, ProgressLocation } = services.api;
  const title = l10n.t('Invoking {0} on {1}', name, target);
  const answer = await window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) =>
      api.invokeDeployed(target, name, { encoding: 'utf8', data: event.text }, abortWith(token)),
  );
  host.remote.add([answer.invocation]);
  if (state) await rememberEvent(services, host, name, event);
  await services.documents.open(`${name} ${target}.md`, answerDocument(answer));
}

/** Asks a target again what is deployed on it. */
async function refresh(services: CommandServices, argument: unknown): Promise<void> {
  const host = await chooseHost(services, readFolder(argument));
  if (!host) return;
  const api = await services.hosts.running(host);
  const target = readTarget(argument);
  const { window, ProgressLocation } = services.api;
  const title = l10n.t('Looking at what is deployed');
  await window.withProgress({ location: ProgressLocation.Window, title }, async () => {
    for (const each of target === undefined ? host.mirror.deployedTargets : [target])
      await refreshDeployed(host, api, each);
  });
}

/** What is done with functions that are deployed already, besides going back to an earlier version. */
export const deployedCommands: readonly Command[] = [
  {
    id: commandIds.removeDeployed,
    whenDown: 'starts',
    create: (services) => (argument) => removeDeployed(services, argument),
  },
  {
    id: commandIds.invokeDeployed,
    whenDown: 'starts',
    create: (services) => (argument) => invokeDeployed(services, argument),
  },
  {
    id: commandIds.refreshDeployed,
    whenDown: 'starts',
    create: (services) => (argument) => refresh(services, argument),
  },
];
