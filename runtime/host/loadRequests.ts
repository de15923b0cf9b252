import { PorchlightError } from '../model/errors.ts';
import { checkLoad } from '../model/checkLoad.ts';
import type { LoadResult, LoadShape } from '../model/load.ts';
import { LoadProgressed, RunLoad, type LoadParams } from '../protocol/control/load.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { systemClock } from '../support/clock.ts';
import type { Host } from './host.ts';
import { LoadRun } from './loadRun.ts';
import { usualEvent } from './usualEvent.ts';

/** Functions of each host that are under load: two loads at once would measure each other. */
const underLoad = new WeakMap<Host, Set<string>>();

/** Lets clients put functions under load; for the host of a folder that is being worked on. */
export function serveLoadRequests(connection: RpcConnection, host: Host): void {
  connection.onRequest(RunLoad, (params, signal) => runLoad(host, params, connection, signal));
}

async function runLoad(
  host: Host,
  params: LoadParams,
  client: RpcConnection,
  signal: AbortSignal,
): Promise<LoadResult> {
  const { function: name, invocations, concurrency, rate, startKind } = params;
  const shape: LoadShape = { invocations, concurrency, ...(rate === undefined ? {} : { rate }) };
  checkLoad(shape);
  const runtime = host.registry.get(name);
  const busy = underLoad.get(host) ?? new Set<string>();
  underLoad.set(host, busy);
  if (busy.has(name)) throw new PorchlightError('LOAD_RUNNING', { function: name });
  busy.add(name);
  try {
    const sample = await usualEvent(host, runtime, params.event);
    const run = new LoadRun(
      {
        function: name,
        call: (number) => runtime.accept({ ...sample, startKind, label: `load ${number} of ${invocations}` }),
        instances: () => runtime.pool.slots.length,
      },
      shape,
      host.options.clock ?? systemClock,
    );
    return await run.run(
      (progress) => client.sendNotification(LoadProgressed, { function: name, ...progress }),
      signal,
    );
  } finally {
    busy.delete(name);
  }
}
