import { join, parse, resolve } from 'node:path';
import { PorchlightError } from '../../runtime/model/errors.ts';
import { splitHandler } from '../../runtime/model/handlerString.ts';
import type { FunctionState } from '../../runtime/protocol/control/state.ts';
import { readFunction } from '../contributions/arguments.ts';
import type { Choice } from '../editor/dialogs.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import { functionDescription } from '../presentation/functionText.ts';
import type { CommandServices } from './services.ts';

/** A function to act on, with its running host. */
export interface ChosenFunction {
  host: FolderHost;
  api: HostApi;
  state: FunctionState;
}

/** The folders a command may mean: the one it names, or all that have functions. */
function hostsOf(services: CommandServices, folder: string | undefined): FolderHost[] {
  const { hosts } = services;
  const named = folder === undefined ? undefined : hosts.find(folder);
  if (named) return [named];
  return hosts.withProject.length > 0 ? hosts.withProject : hosts.all;
}

function toChoices(
  found: { host: FolderHost; state: FunctionState }[],
): Choice<{ host: FolderHost; state: FunctionState }>[] {
  const several = new Set(found.map(({ host }) => host)).size > 1;
  return found.map((value) => ({
    label: value.state.name,
    description: functionDescription(value.state),
    detail: several ? value.host.folder.name : value.state.handler,
    value,
  }));
}

/** Whether a file holds a function's handler. Before the function was built, its handler string says so. */
function isHandlerFile(
  { entryFile, handler, platform, language, codeRoot }: FunctionState,
  file: string,
): boolean {
  if (entryFile !== undefined) return resolve(entryFile) === resolve(file);
  const module = splitHandler(handler, platform, language)?.module;
  if (module === undefined) return false;
  const { dir, name } = parse(resolve(file));
  return [module, join(module, 'index')].some((each) => resolve(codeRoot, each) === join(dir, name));
}

/** Those whose handler the active editor shows; all when it shows none. */
function ofActiveFile<T extends { state: FunctionState }>({ api }: CommandServices, all: T[]): T[] {
  const uri = api.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file') return all;
  const shown = all.filter(({ state }) => isHandlerFile(state, uri.fsPath));
  return shown.length > 0 ? shown : all;
}

/**
 * The function a command is about: the one its argument names, or the user's choice. Starts the host when it does not
 * run. `inFile`: only those of the file that is edited, if it has any. Undefined when the user made no choice; rejects when there is no
 * such function.
 */
export async function chooseFunction(
  services: CommandServices,
  argument: unknown,
  { inFile = false }: { inFile?: boolean } = {},
): Promise<ChosenFunction | undefined> {
  const wanted = readFunction(argument);
  const candidates = hostsOf(services, wanted?.folder);
  if (candidates.length === 0)
    throw new PorchlightError('PROJECT_NOT_FOUND', { root: l10n.t('this window') });
  const apis = new Map<FolderHost, HostApi>();
  for (const host of candidates) apis.set(host, await services.hosts.running(host));
  const all = candidates.flatMap((host) => host.mirror.functions.map((state) => ({ host, state })));
  const found = wanted
    ? all.filter(({ state }) => state.name === wanted.function)
    : inFile
      ? ofActiveFile(services, all)
      : all;
  if (found.length === 0) {
    if (!wanted)
      throw new PorchlightError('PROJECT_NOT_FOUND', {
        root: candidates.map((host) => host.folder.name).join(', '),
      });
    throw new PorchlightError('FUNCTION_UNKNOWN', {
      name: wanted.function,
      known: all.map(({ state }) => state.name).join(', '),
    });
  }
  const chosen =
    found.length === 1
      ? found[0]
      : await services.dialogs.pick(toChoices(found), { placeHolder: l10n.t('Which function?') });
  const api = chosen && apis.get(chosen.host);
  return chosen && api ? { ...chosen, api } : undefined;
}

/** The folder a command is about, when several have functions. */
export async function chooseHost(
  services: CommandServices,
  folder: string | undefined,
): Promise<FolderHost | undefined> {
  const candidates = hostsOf(services, folder);
  if (candidates.length === 0)
    throw new PorchlightError('PROJECT_NOT_FOUND', { root: l10n.t('this window') });
  if (candidates.length === 1) return candidates[0];
  return services.dialogs.pick(
    candidates.map((host) => ({ label: host.folder.name, description: host.folder.path, value: host })),
    { placeHolder: l10n.t('Which folder?') },
  );
}
