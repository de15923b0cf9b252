import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
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

/** Commands on the runtime host and on the project as a whole. */
export const hostCommands: readonly Command[] = [
  { id: commandIds.showLog, whenDown: 'works', create: (services) => () => services.log.show() },
  { id: commandIds.restartHost, whenDown: 'starts', create: (services) => () => restart(services) },
];
