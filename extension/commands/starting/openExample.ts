import { commandIds, contextKeys, stateKeys, walkthroughId } from '../../contributions/ids.ts';
import type { EditorApi } from '../../editor/editorApi.ts';
import { l10n } from '../../editor/l10n.ts';
import { openSource } from '../../editor/openSource.ts';
import type { Command, CommandServices } from '../services.ts';
import { examples } from './examples.ts';
import { copyFolder, exists } from './files.ts';

/** An example that was copied and whose window is still to open. */
interface Opening {
  /** Path of the copy. */
  folder: string;
  /** Path of the file to show. */
  file: string;
}

async function openExample(services: CommandServices): Promise<void> {
  const { api, dialogs } = services;
  const example = await dialogs.pick(
    examples.map((value) => ({
      label: value.folder,
      description: value.made,
      detail: value.about(),
      value,
    })),
    {
      title: l10n.t('Open Example'),
      placeHolder: l10n.t('Which example? A copy is made that you can change.'),
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
  if (!example) return;
  const parent = await dialogs.openFile({
    canSelectFiles: false,
    canSelectFolders: true,
    title: l10n.t('Where to put a copy of {0}?', example.folder),
    openLabel: l10n.t('Copy Here'),
  });
  if (!parent) return;
  let target = api.Uri.joinPath(parent, example.folder);
  for (let count = 2; await exists(api, target); count++)
    target = api.Uri.joinPath(parent, `${example.folder}-${count}`);
  await copyFolder(api, api.Uri.joinPath(services.extensionUri, 'examples', example.folder), target);
  const opening: Opening = {
    folder: target.fsPath,
    file: api.Uri.joinPath(target, example.main).fsPath,
  };
  await services.globalState.update(stateKeys.opening, opening);
  // Never in place of what somebody works on.
  const forceNewWindow = (api.workspace.workspaceFolders?.length ?? 0) > 0;
  await api.commands.executeCommand('vscode.openFolder', target, { forceNewWindow });
}

/** Opens the tour, in which what was done before is ticked off. */
async function openTour(api: Pick<EditorApi, 'commands'>, toSide: boolean): Promise<void> {
  const { executeCommand } = api.commands;
  await executeCommand('setContext', contextKeys.touring, false);
  await executeCommand('workbench.action.openWalkthrough', walkthroughId, toSide);
  await executeCommand('setContext', contextKeys.touring, true);
}

/** In the window of an example that was just copied: shows its code, and how to go on. */
export async function continueExample(services: Pick<CommandServices, 'api' | 'globalState'>): Promise<void> {
  const { api, globalState } = services;
  const opening = globalState.get<Opening>(stateKeys.opening);
  if (!opening || !api.workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === opening.folder)) return;
  await globalState.update(stateKeys.opening, undefined);
  await openSource(api, { file: opening.file, line: 1, column: 1 }, { preview: false });
  await openTour(api, true);
  // Beside the code: that is where one goes on.
  await api.commands.executeCommand('workbench.action.focusFirstEditorGroup');
}

/** *Open Example* and *Get Started*. */
export const exampleCommands: readonly Command[] = [
  { id: commandIds.openExample, whenDown: 'works', create: (services) => () => openExample(services) },
  {
    id: commandIds.getStarted,
    whenDown: 'works',
    create:
      ({ api }) =>
      () =>
        openTour(api, false),
  },
];
