import type { InvocationRecord } from '../model/invocationRecord.ts';
import { PorchlightError } from '../model/errors.ts';
import {
  AttachDeclined,
  CancelInvocation,
  ClearInvocations,
  FilesSaved,
  GetInvocation,
  Invoke,
  InvocationsCleared,
  ListFunctions,
  QueryInvocations,
  ReloadProject,
  SetProcessModel,
  Shutdown,
  StartDebugging,
  StopDebugging,
  StopInstance,
  type HelloResult,
  type InvokeParams,
} from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { protocolVersion } from '../protocol/version.ts';
import { storeBody } from '../invocations/storedBody.ts';
import type { Host } from './host.ts';
import type { ControlClient } from './controlServer.ts';

const helloRecent = 200;

/** Answers what clients ask of every host; what only some can do is added by `HostOptions.extend`. */
export function serveRequests(host: Host): {
  hello(client: ControlClient): Promise<HelloResult>;
  register(connection: RpcConnection): void;
} {
  const { registry, options, debug } = host;
  const { history } = options;
  const states = () => registry.all.map((runtime) => runtime.state());

  return {
    hello: async ({ hello }) => ({
      protocolVersion,
      version: options.version,
      pid: process.pid,
      root: options.root,
      gateway: host.gateway.url,
      functions: states(),
      problems: registry.problems,
      // Who does not listen does not show them: opening the history would be half of a one-shot command's time.
      recent: hello.subscribe ? await history.query({ limit: helloRecent }) : [],
    }),
    register(connection) {
      connection.onRequest(ListFunctions, async () => {
        await registry.settled();
        return { functions: states(), problems: registry.problems };
      });
      connection.onRequest(ReloadProject, () => registry.load());
      connection.onRequest(Invoke, (params, signal) => invoke(host, params, signal));
      connection.onRequest(SetProcessModel, ({ function: name, model }) => {
        const runtime = registry.get(name);
        runtime.setProcessModel(model);
        return runtime.state();
      });
      connection.onRequest(StopInstance, ({ instance }) => stopInstance(host, instance));
      connection.onRequest(CancelInvocation, ({ id }) => {
        const running = registry.all.map((runtime) => runtime.running.get(id)).find((found) => found);
        if (!running) throw new PorchlightError('INVOCATION_UNKNOWN', { id });
        running.cancel(new Error('cancelled'));
      });
      connection.onRequest(QueryInvocations, (params) => history.query(params));
      connection.onRequest(GetInvocation, async ({ id }) => (await host.record(id)) ?? null);
      connection.onRequest(ClearInvocations, async () => {
        await history.clear();
        for (const runtime of registry.all) runtime.statistics.clear();
        host.broadcast((client) => client.sendNotification(InvocationsCleared));
      });
      connection.onNotification(FilesSaved, ({ files }) => options.source.announce(files));
      connection.onRequest(StartDebugging, ({ functions, breakpointFiles, standing }) =>
        debug.start(connection, { functions, breakpointFiles, standing }),
      );
      connection.onRequest(StopDebugging, () => debug.stop(connection));
      connection.onNotification(AttachDeclined, ({ instance, reason }) =>
        debug.declined(connection, instance, reason),
      );
      connection.onRequest(Shutdown, () => host.requestShutdown());
      options.extend?.(connection, host);
    },
  };
}

/** Invokes, waits for the complete record, and puts the uncut result into it. */
async function invoke(host: Host, params: InvokeParams, signal: AbortSignal): Promise<InvocationRecord> {
  const runtime = host.registry.get(params.function);
  const { encoding, data } = params.event;
  if (params.startKind === 'prewarmed') await runtime.pool.prepareSpare();
  if (params.startKind === 'warm' && !runtime.pool.slots.some((slot) => slot.artifact !== undefined)) {
    throw new PorchlightError('START_KIND_UNAVAILABLE', { name: params.function });
  }
  const accepted = runtime.accept({
    event: Buffer.from(data, encoding),
    trigger: 'event',
    signal,
    ...(params.label === undefined ? {} : { label: params.label }),
    ...(params.startKind === undefined ? {} : { startKind: params.startKind }),
  });
  const [outcome, record] = await Promise.all([accepted.outcome, accepted.record]);
  return { ...record, result: storeBody(outcome.body, (text) => text, Number.MAX_SAFE_INTEGER) };
}

function stopInstance(host: Host, id: string): void {
  for (const runtime of host.registry.all) {
    const slot = runtime.pool.slots.find((candidate) => candidate.instance.id === id);
    if (slot) {
      runtime.pool.end(slot, 'stopped by the user');
      return;
    }
  }
  throw new PorchlightError('INSTANCE_UNKNOWN', { instance: id });
}
