import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { serveBreakpointRequests } from './breakpointRequests.ts';
import { serveDeployRequests } from './deployRequests.ts';
import type { Host } from './host.ts';
import { serveLoadRequests } from './loadRequests.ts';
import { serveProfileRequests } from './profileRequests.ts';
import { serveTestRequests } from './testRequests.ts';

/** Answers what only the host of a folder that is being worked on can do. */
export function serveDevRequests(connection: RpcConnection, host: Host): void {
  serveDeployRequests(connection, host);
  serveLoadRequests(connection, host);
  serveProfileRequests(connection, host);
  serveTestRequests(connection, host);
  serveBreakpointRequests(connection, host);
}
