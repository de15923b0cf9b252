import { readTarget } from '../contributions/arguments.ts';
import { stateKeys } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import type { CommandServices } from './services.ts';

type Remembered = Record<string, string>;

/** The target that was chosen the last time in a folder. */
export function rememberedTarget(state: CommandServices['state'], folder: string): string | undefined {
  return state.get<Remembered>(stateKeys.deployTargets, {})[folder];
}

/**
 * Where to deploy, or where to look: the target that a row names, the one of the last time, or the only one the project
 * has; `ask` lets the user choose all the same, also among those that need no settings. Undefined: nothing was chosen.
 */
export async function chooseTarget(
  services: CommandServices,
  host: FolderHost,
  api: HostApi,
  { argument, ask = false }: { argument?: unknown; ask?: boolean },
): Promise<string | undefined> {
  const named = readTarget(argument);
  if (named !== undefined) return named;
  const targets = await api.listTargets();
  const last = rememberedTarget(services.state, host.folder.path);
  const known = targets.find(({ name }) => name === last);
  if (!ask && known) return known.name;
  const offered = ask ? targets : targets.filter(({ stated }) => stated);
  if (!ask && offered.length === 1) return offered[0]!.name;
  const chosen = await services.dialogs.pick(
    offered.map(({ name, type }) => ({
      label: name,
      ...(type === name ? {} : { description: type }),
      ...(name === last ? { detail: l10n.t('chosen the last time') } : {}),
      value: name,
    })),
    { placeHolder: l10n.t('Deploy to which target?') },
  );
  if (chosen !== undefined) {
    const remembered = services.state.get<Remembered>(stateKeys.deployTargets, {});
    await services.state.update(stateKeys.deployTargets, { ...remembered, [host.folder.path]: chosen });
  }
  return chosen;
}
