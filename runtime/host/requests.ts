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
  ListLineValues,
  QueryInvocations,
  ReloadProject,
  Replay,
  SetProcessModel,
  Shutdown,
  StartDebugging,
  StopDebugging,
  StopInstance,
  type HelloResult,
} from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { protocolVersion } from '../protocol/version.ts';
import type { ControlClient } from './controlServer.ts';
import type { Host } from './host.ts';
import { invoke, replay } from './invokeRequests.ts';
import { systemClock } from '../support/clock.ts';
import { phrase, say } from '../support/l10n.ts';
import { serveQueueRequests } from './queueRequests.ts';
import { serveTimelineRequests } from './timelineRequests.ts';
import { serveTriggerRequests } from './triggerRequests.ts';

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
      triggers: host.triggers.list(),
      // Who does not listen does not show them: opening the history would be half of a one-shot command's time.
      recent: hello.subscribe ? await history.query({ limit: helloRecent }) : [],
    }),
    register(connection) {
      connection.onRequest(ListFunctions, async () => {
        await registry.settled();
        return { functions: states(), problems: registry.problems };
      });
      connection.onRequest(ReloadProject, () => registry.load());
      connection.onRequest(Invoke, (params, signal) => invoke(host, params, signal, connection));
      connection.onRequest(Replay, (params, signal) => replay(host, params, signal, connection));
      connection.onRequest(SetProcessModel, ({ function: name, model }) => {
        const runtime = registry.get(name);
        runtime.setProcessModel(model);
        return runtime.state();
      });
      connection.onRequest(StopInstance, ({ instance }) => stopInstance(host, instance));
      connection.onRequest(CancelInvocation, ({ id }) => {
        const running = registry.running.map((runtime) => runtime.running.get(id)).find((found) => found);
        if (!running) throw new PorchlightError('INVOCATION_UNKNOWN', { id });
        running.cancel(new Error('cancelled'));
      });
      connection.onRequest(QueryInvocations, (params) => history.query(params));
      connection.onRequest(ListLineValues, (params) => history.lineValues(params));
      connection.onRequest(GetInvocation, async ({ id }) => (await host.record(id)) ?? null);
      connection.onRequest(ClearInvocations, async () => {
        await history.clear();
        for (const runtime of registry.running) runtime.statistics.clear();
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
      serveTimelineRequests(connection, host);
      serveTriggerRequests(connection, host.triggers);
      serveQueueRequests(connection, host.queues, {
        clock: options.clock ?? systemClock,
        gateway: () => host.gateway.url,
      });
      connection.onRequest(Shutdown, () => host.requestShutdown());
      options.extend?.(connection, host);
    },
  };
}

function stopInstance(host: Host, id: string): void {
  for (const runtime of host.registry.running) {
    const slot = runtime.pool.slots.find((candidate) => candidate.instance.id === id);
    if (slot) {
      runtime.pool.end(slot, say(phrase('stopped by the user')));
      return;
    }
  }
  throw new PorchlightError('INSTANCE_UNKNOWN', { instance: id });
}
