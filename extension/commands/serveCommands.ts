import { commandIds, viewIds } from '../contributions/ids.ts';
import { readFolder } from '../contributions/arguments.ts';
import { serveText } from '../presentation/deployText.ts';
import { chooseHost } from './functionChoice.ts';
import type { Command } from './services.ts';

function serveCommand(id: Command['id'], action: 'start' | 'stop' | 'status'): Command {
  return {
    id,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const host = await chooseHost(services, readFolder(argument));
      if (!host) return;
      const api = await services.hosts.running(host);
      const status = await services.api.window.withProgress({ location: { viewId: viewIds.deployed } }, () =>
        api.serve(action),
      );
      host.mirror.setServe(status);
      services.dialogs.remark(
        `$(${status.running ? 'vm-running' : 'vm'}) ${host.folder.name}: ${serveText(status)}`,
      );
    },
  };
}

/** Commands on the local target's serving process. */
export const serveCommands: readonly Command[] = [
  serveCommand(commandIds.serveStart, 'start'),
  serveCommand(commandIds.serveStop, 'stop'),
  serveCommand(commandIds.serveStatus, 'status'),
];
