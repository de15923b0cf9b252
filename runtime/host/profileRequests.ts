import { ListImportCosts, ListProfiles, Profile, ProfileProgressed } from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import type { Host } from './host.ts';
import { Profiling } from './profiling.ts';

const services = new WeakMap<Host, Profiling>();

function profilingOf(host: Host): Profiling {
  const known = services.get(host) ?? new Profiling(host);
  services.set(host, known);
  return known;
}

/** Answers what clients ask about the cost of cold starts; for the host of a folder that is being worked on. */
export function serveProfileRequests(connection: RpcConnection, host: Host): void {
  const profiling = profilingOf(host);
  connection.onRequest(Profile, (params, signal) =>
    profiling.profile(
      params,
      (run) =>
        connection.sendNotification(ProfileProgressed, { function: params.function, run, runs: params.runs }),
      signal,
    ),
  );
  connection.onRequest(ListProfiles, ({ function: name }) => profiling.list(name));
  connection.onRequest(ListImportCosts, () => profiling.importCosts());
}

/** From now on the first load of every artifact tells what its imports cost. */
export function watchImportCosts(host: Host): void {
  const profiling = profilingOf(host);
  for (const runtime of host.registry.all) profiling.watch(runtime);
  host.registry.onDidAdd((runtime) => profiling.watch(runtime));
}
