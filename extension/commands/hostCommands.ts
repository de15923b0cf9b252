import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { openSource } from '../editor/openSource.ts';
import { exampleFiles } from './exampleFiles.ts';
import type { Command, CommandServices } from './services.ts';

async function restart(services: CommandServices): Promise<void> {
  const { hosts, dialogs } = services;
  const affected = hosts.withProject.length > 0 ? hosts.withProject : hosts.all;
  await services.api.window.withProgress({ location: { viewId: 'porchlight.functions' } }, () =>
    Promise.all(affected.map((host) => host.restart())),
  );
  const joined = affected.filter((host) => host.state.kind === 'running' && !host.state.own);
  if (joined.length > 0) {
    dialogs.remark(
      l10n.t(
        'The host belongs to another window or terminal and goes on; this window connected to it again.',
      ),
    );
  }
}

/** Writes a small function into a folder that has none, after asking. Existing files are left alone. */
async function createExample(services: CommandServices): Promise<void> {
  const { api, dialogs, hosts } = services;
  const folders = (api.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  const folder =
    folders.length < 2
      ? folders[0]
      : await dialogs.pick(
          folders.map((value) => ({ label: value.name, description: value.uri.fsPath, value })),
          { placeHolder: l10n.t('In which folder?') },
        );
  if (!folder) return;
  const names = exampleFiles.map((file) => file.path).join(', ');
  const question = l10n.t('Create an example function in {0}?', folder.name);
  const detail = l10n.t(
    'These files are written: {0}. Files that exist already are left as they are.',
    names,
  );
  if (!(await dialogs.confirm(question, detail, l10n.t('Create')))) return;
  for (const file of exampleFiles) {
    const uri = api.Uri.joinPath(folder.uri, file.path);
    const exists = await api.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!exists) await api.workspace.fs.writeFile(uri, new TextEncoder().encode(file.text));
  }
  const host = hosts.find(folder.uri.toString());
  await openSource(api, {
    file: api.Uri.joinPath(folder.uri, exampleFiles[0]!.path).fsPath,
    line: 1,
    column: 1,
  });
  if (!host) return;
  const running = host.running;
  const started = await hosts.running(host);
  if (running) await started.reloadProject();
}

/** Commands on the runtime host and on the project as a whole. */
export const hostCommands: readonly Command[] = [
  { id: commandIds.showLog, whenDown: 'works', create: (services) => () => services.log.show() },
  { id: commandIds.restartHost, whenDown: 'starts', create: (services) => () => restart(services) },
  { id: commandIds.createExample, whenDown: 'starts', create: (services) => () => createExample(services) },
];
