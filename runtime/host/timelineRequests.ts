import { timelineSpan } from '../model/timelineSpan.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { QueryTimeline, WatchInstances } from '../protocol/control/timeline.ts';
import type { Host } from './host.ts';

/** Answers what a timeline asks. */
export function serveTimelineRequests(connection: RpcConnection, host: Host): void {
  connection.onRequest(QueryTimeline, async ({ from, before, limit }) => {
    const summaries = await host.options.history.query({
      limit,
      ...(from === undefined ? {} : { from }),
      ...(before === undefined ? {} : { before }),
    });
    return summaries.map(timelineSpan);
  });
  connection.onRequest(WatchInstances, ({ watch }) => ({ lives: host.instances.watch(connection, watch) }));
}
