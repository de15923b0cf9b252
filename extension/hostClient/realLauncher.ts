import { systemClock } from '../../runtime/support/clock.ts';
import { realFinderSystem } from './finderSystem.ts';
import type { HostLauncher } from './folderHost.ts';
import { readHostFile } from './hostFile.ts';
import { describeExit, launchHost } from './hostProcess.ts';
import { findNode } from './nodeFinder.ts';
import { translated } from '../../runtime/support/l10n.ts';

/** What the real launcher needs of the extension. */
export interface LauncherOptions {
  /** Absolute path of `porchlight.cjs`. */
  program: string;
  /** The user's choice of Node, empty when there is none. */
  nodePath: () => string;
  log: {
    trace(text: string): void;
    info(text: string): void;
    warn(text: string): void;
    error(text: string): void;
  };
  clientName: string;
}

/** Starts real processes and connects over real sockets. What speaks the protocol is loaded with the first host. */
export function realLauncher(options: LauncherOptions): HostLauncher {
  const { log } = options;
  return {
    clock: systemClock,
    describeExit: (exit) => translated(describeExit(exit)),
    readAddress: readHostFile,
    log: (text) => log.warn(text),
    async findNode() {
      const node = await findNode(options.nodePath(), realFinderSystem());
      log.info(`Node.js ${node.version} (${node.origin}): ${node.path}`);
      return node;
    },
    launch: (node, root) =>
      launchHost({ node, program: options.program, root, onLine: (line) => log.info(`[host] ${line}`) }),
    async connect(address, root, mirror) {
      const { connectHost } = await import('./connectHost.ts');
      return connectHost(address, root, mirror, options);
    },
  };
}
