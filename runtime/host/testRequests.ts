import { ListTests, RunTest } from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import type { Host } from './host.ts';
import { SavedEvents } from './savedEvents.ts';

const services = new WeakMap<Host, SavedEvents>();

/** Answers what clients ask about saved events; for the host of a folder that is being worked on. */
export function serveTestRequests(connection: RpcConnection, host: Host): void {
  const service = (): SavedEvents => {
    const known = services.get(host) ?? new SavedEvents(host);
    services.set(host, known);
    return known;
  };
  connection.onRequest(ListTests, async ({ watched }) => {
    if (watched) await host.options.source.watched?.();
    return service().list();
  });
  connection.onRequest(RunTest, ({ id }, signal) => service().run(id, signal));
}
