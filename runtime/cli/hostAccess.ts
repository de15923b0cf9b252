import {
  connectControl,
  type ControlConnection,
  type RpcConnection,
} from '../protocol/control/connection.ts';
import { productVersion } from './version.ts';
import type { Terminal } from './terminal.ts';

export interface AccessOptions {
  /** Whether the host's notifications are wanted. */
  subscribe?: boolean;
  /** Registers handlers before the first notification. */
  setUp?: (connection: RpcConnection) => void;
}

/** A connection to the host of a folder. */
export interface HostAccess {
  connection: ControlConnection;
  /** Whether the host was there before; otherwise it lives as long as this command. */
  running: boolean;
  close(): Promise<void>;
}

/** Connects to the running host of a folder, if there is one. */
export async function joinHost(root: string, options: AccessOptions = {}): Promise<HostAccess | undefined> {
  const { findHost } = await import('../host/devHost.ts');
  const found = await findHost(root);
  if (!found) return undefined;
  const connection = await connect(root, found, options);
  return {
    connection,
    running: true,
    close: () => {
      connection.dispose();
      return Promise.resolve();
    },
  };
}

/** Connects to the running host of a folder, or starts one for the time of the command. */
export async function reachHost(
  root: string,
  terminal: Terminal,
  options: AccessOptions = {},
): Promise<HostAccess> {
  const joined = await joinHost(root, options);
  if (joined) return joined;
  const [{ startDevHost }, { serveDevRequests }] = await Promise.all([
    import('../host/devHost.ts'),
    import('../host/devRequests.ts'),
  ]);
  const host = await startDevHost({
    root,
    port: 0,
    version: productVersion(),
    announce: false,
    extend: serveDevRequests,
    onMessage: (level, text) => {
      if (level !== 'info') terminal.stderr.write(`${text}\n`);
    },
  });
  try {
    const connection = await connect(root, { control: host.control.url, token: host.control.token }, options);
    return {
      connection,
      running: false,
      close: async () => {
        connection.dispose();
        await host.close('the command is done');
      },
    };
  } catch (error) {
    await host.close('the command failed');
    throw error;
  }
}

/** Runs something with the host of a folder, and lets go of it whatever happens. */
export async function withHost<T>(
  root: string,
  terminal: Terminal,
  run: (connection: ControlConnection) => Promise<T>,
  options: AccessOptions = {},
): Promise<T> {
  const access = await reachHost(root, terminal, options);
  try {
    return await run(access.connection);
  } finally {
    await access.close();
  }
}

function connect(
  root: string,
  host: { control: string; token: string },
  { subscribe = false, setUp }: AccessOptions,
): Promise<ControlConnection> {
  return connectControl({
    url: host.control,
    token: host.token,
    root,
    subscribe,
    client: { kind: 'cli', name: 'porchlight', pid: process.pid },
    ...(setUp ? { setUp } : {}),
  });
}
