import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startReaper, killMarked } from '../instances/reaper.ts';
import { removeAbandoned, removeTempRoot } from '../instances/tempFolders.ts';
import type { History } from '../history/history.ts';
import { findLanguage } from '../languages/index.ts';
import type { Language } from '../languages/language.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import { ProjectChanged, HostMessage } from '../protocol/control/messages.ts';
import { TriggersChanged } from '../protocol/control/triggers.ts';
import { QueuesChanged } from '../protocol/control/queues.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { systemClock, type Clock } from '../support/clock.ts';
import type { Disposable } from '../support/disposable.ts';
import { sourceKindsOf } from '../triggers/index.ts';
import { createRouter } from '../triggers/http/router.ts';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { AsyncInvocations } from './asyncInvocations.ts';
import { Broadcaster } from './broadcaster.ts';
import { Callers } from './callers.ts';
import { openControlServer, type ControlServer } from './controlServer.ts';
import { DebugSessions } from './debugSessions.ts';
import { FunctionRegistry } from './functionRegistry.ts';
import type { FunctionSource } from './functionSource.ts';
import { openGateway, type Gateway } from './gateway.ts';
import { stateFolder } from './hostFile.ts';
import { Deliveries } from './deliveries.ts';
import { Callbacks } from './callbacks.ts';
import { Destinations } from './destinations.ts';
import { InstanceWatch } from './instanceWatch.ts';
import { gatewayEnvironment, InvokeApis } from './invokeApi.ts';
import { queueStates } from './queueRequests.ts';
import { HostQueues } from './queues.ts';
import { serveRequests } from './requests.ts';
import { SqsGateway } from './sqsGateway.ts';
import { TriggerSources } from './triggerSources.ts';

/**
 * When more functions than this are debugged, attached spares are kept only for those that are called: a spare for each
 * would use up the attached instances there may be.
 */
const sparesForAtMost = 4;

/** Queues may change thousands of times a second; people look at them now and then. */
const queuesToldEveryMs = 100;

export interface HostOptions {
  /** Absolute path of the project folder. */
  root: string;
  /** Port of the gateway; 0 for a free one. */
  port: number;
  version: string;
  source: FunctionSource;
  history: History;
  /** Keep provisioned instances loaded: not for a host that lives for one call. */
  keepProvisioned?: boolean;
  /** Whether logs and records are kept; default true. */
  recording?: boolean;
  clock?: Clock;
  /** Watch invocations for what surprises in the cloud; only where functions are being developed. */
  observe?: boolean;
  /** Find out which source line printed what; only where somebody has the sources before them. */
  positions?: boolean;
  /**
   * Let triggers fire by themselves: not for a host that lives for one call, nor for one that serves versions beside the
   * host of the project.
   */
  firesTriggers?: boolean;
  /** Whether messages of queues are kept in the project's state folder; default true. */
  keepsMessages?: boolean;
  /** Registers what only some hosts can do, e.g. deploying. */
  extend?(connection: RpcConnection, host: Host): void;
  onMessage?(level: 'info' | 'warn' | 'error', text: string): void;
}

/** A running host: functions behind a gateway and a control socket. */
export interface Host {
  readonly options: HostOptions;
  readonly registry: FunctionRegistry;
  readonly gateway: Gateway;
  readonly control: ControlServer;
  readonly debug: DebugSessions;
  readonly triggers: TriggerSources;
  readonly queues: HostQueues;
  readonly instances: InstanceWatch;
  readonly mark: string;
  /** Asked for by a client; the owner decides and closes. */
  readonly shutdownRequested: Promise<void>;
  requestShutdown(): void;
  say(level: 'info' | 'warn' | 'error', text: string): void;
  broadcast(send: (connection: RpcConnection) => void): void;
  /** The record of a running or recorded invocation. */
  record(id: string): Promise<InvocationRecord | undefined>;
  /** Ends instances, gateway, control socket and history, in this order. */
  close(reason: string): Promise<void>;
}

/** Starts a host. Everything it opened is closed again when starting fails. */
export async function startHost(options: HostOptions): Promise<Host> {
  const clock = options.clock ?? systemClock;
  const mark = randomBytes(12).toString('hex');
  const reaper = startReaper(mark);
  const router = createRouter();
  let gatewayUrl = '';
  let stop!: () => void;
  const shutdownRequested = new Promise<void>((resolve) => (stop = resolve));

  /** Clients that hear notices; asked for thousands of times a second, and changed seldom. */
  let listening: readonly RpcConnection[] = [];
  const subscribers = (): readonly RpcConnection[] => listening;
  const updateSubscribers = () => {
    listening = [...control.clients].flatMap(({ connection, hello }) =>
      hello.subscribe ? [connection] : [],
    );
  };
  const broadcaster = new Broadcaster(subscribers, clock);
  // Functions of other languages have no instances.
  const languageOf = (name: string): Language => findLanguage(registry.get(name).definition.language)!;
  const debug: DebugSessions = new DebugSessions({
    clock,
    globs: (name) => ({
      generated: [join(options.root, '.porchlight', 'artifacts', '**')],
      skip: languageOf(name).bootstrapGlobs(),
    }),
    debuggerOf: (name) => languageOf(name).debugger,
  });
  const registry = new FunctionRegistry({
    source: options.source,
    clock,
    reaper,
    mark,
    stateFolder: stateFolder(options.root),
    debug,
    recording: options.recording !== false,
    observe: options.observe ?? false,
    positions: options.positions ?? false,
    acknowledged: () => new Promise((resolve) => options.history.acknowledge(resolve)),
    urls: (definition) => ({
      invoke: `${gatewayUrl}/_porchlight/invoke/${encodeURIComponent(definition.name)}`,
      http: router.pathsOf(definition).map((path) => gatewayUrl + path),
    }),
    gatewayEnvironment: (platform, user) =>
      gatewayEnvironment(platform, gatewayUrl, user, queues.has(platform.id)),
    localized: (value) => queues.localized(value, gatewayUrl),
  });

  const instances = new InstanceWatch(clock);
  const watchRuntime = (runtime: FunctionRuntime) => {
    instances.follow(runtime);
    if (options.keepProvisioned === true) runtime.pool.startProvisioning();
    runtime.onDidChange(() => broadcaster.functionChanged(runtime));
    runtime.onDidLog(({ invocation, entry }) => broadcaster.logged(runtime, invocation, entry));
    runtime.onDidLogOutside(({ instance, entry }) => broadcaster.loggedOutside(runtime, instance, entry));
    runtime.onDidChangeInvocation((invocation) => {
      broadcaster.invocationChanged(runtime, invocation);
      if (
        runtime.recording &&
        invocation.summary.status === 'running' &&
        invocation.summary.startKind === undefined
      ) {
        options.history.begin(invocation.summary.id, () => invocation.record());
      }
    });
    runtime.onDidFinish((record) => options.history.add(record));
  };
  registry.onDidAdd(watchRuntime);
  const tellProject = () => {
    const functions = registry.all.map((runtime) => runtime.state());
    for (const client of subscribers()) {
      client.sendNotification(ProjectChanged, { functions, problems: registry.problems });
    }
  };
  registry.onDidChange(() => {
    queues.follow(registry.queues, registry.all);
    triggers.follow(registry.all);
    const conflicts = router.setFunctions(registry.all.map((runtime) => runtime.definition));
    registry.conflicts = [...conflicts, ...triggers.problems];
    tellProject();
  });
  registry.onDidFind(tellProject);
  debug.onDidChange(() => {
    const debugged = registry.all.filter(({ definition }) => debug.isDebugging(definition.name));
    const spares = debugged.length <= sparesForAtMost;
    for (const runtime of registry.all) runtime.debuggingChanged(spares);
  });

  const say: Host['say'] = (level, text) => {
    options.onMessage?.(level, text);
    for (const client of subscribers()) client.sendNotification(HostMessage, { level, text });
  };
  const internal = (what: string) => (error: unknown) =>
    say('error', `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

  const queues = new HostQueues({
    clock,
    say,
    ...(options.keepsMessages !== false && { folder: join(stateFolder(options.root), 'queues') }),
  });
  let queuesTold: (() => void) | undefined;
  queues.hub.onDidChange(() => {
    queuesTold ??= clock.after(queuesToldEveryMs, () => {
      queuesTold = undefined;
      const states = queueStates(queues, clock, gatewayUrl);
      for (const client of subscribers()) client.sendNotification(QueuesChanged, { queues: states });
    });
  });
  const callers = new Callers(() => registry.running);
  const asyncInvocations: AsyncInvocations = new AsyncInvocations({
    find: (name) => registry.forCall(name),
    clock,
    say,
    settled: (event, end) => destinations.settle(event, end),
  });
  const destinations = new Destinations({
    find: (name) => registry.find(name),
    add: (event) => asyncInvocations.add(event),
    hub: queues.hub,
    clock,
    say,
  });
  const callbacks = new Callbacks({ say });
  const deliveries = new Deliveries({
    get: (name) => registry.get(name),
    async: asyncInvocations,
    repeats: options.firesTriggers === true,
  });
  const triggers: TriggerSources = new TriggerSources({
    root: options.root,
    stateFolder: stateFolder(options.root),
    clock,
    active: options.firesTriggers === true,
    deliver: (name, trigger, delivery) => deliveries.deliver(name, trigger, delivery),
    findKind: sourceKindsOf(queues),
    say,
  });
  triggers.onDidChange((names) => {
    const functions = names.map((name) => ({ name, triggers: triggers.list(name) }));
    for (const client of subscribers()) client.sendNotification(TriggersChanged, { functions });
  });
  const sqs = new SqsGateway({ queues, clock, onInternalError: internal('queues') });
  const gateway = await openGateway({
    queues: sqs,
    callers,
    async: asyncInvocations,
    apis: new InvokeApis({
      functions: () => registry.all,
      forCall: (name) => registry.forCall(name),
      callers,
      async: asyncInvocations,
      callbacks,
      gateway: () => gatewayUrl,
      onInternalError: internal('invoke API'),
    }),
    port: options.port,
    find: (name) => registry.find(name),
    forCall: (name) => registry.forCall(name),
    names: () => registry.names,
    route: (method, path) => router.match(method, path),
    allowedMethods: (path) => router.allowedMethods(path),
    routes: () => router.describe(),
    onInternalError: internal('gateway'),
  });
  gatewayUrl = gateway.url;

  const control: ControlServer = await openControlServer({
    hello: (client) => requests.hello(client),
    serve: (connection) => requests.register(connection),
    onDidConnect: updateSubscribers,
    onDidDisconnect: ({ connection }) => {
      updateSubscribers();
      debug.clientGone(connection);
    },
    onInternalError: (method, error) => internal(method)(error),
  }).catch(async (error: unknown) => {
    await gateway.close();
    reaper.dispose();
    throw error;
  });

  let watcher = undefined as Disposable | undefined;
  let closing: Promise<void> | undefined;
  const host: Host = {
    options,
    registry,
    gateway,
    control,
    debug,
    triggers,
    queues,
    instances,
    mark,
    shutdownRequested,
    requestShutdown: stop,
    say,
    broadcast: (send) => {
      for (const client of subscribers()) send(client);
    },
    async record(id) {
      for (const runtime of registry.running) {
        const running = runtime.running.get(id);
        if (running) return running.record();
      }
      return options.history.get(id);
    },
    close(reason) {
      closing ??= (async () => {
        watcher?.dispose();
        debug.dispose();
        instances.dispose();
        // Before what they hand over to: nothing new comes from here on.
        await triggers.dispose();
        asyncInvocations.close();
        sqs.close();
        await registry.dispose(reason);
        callbacks.close();
        // After its functions: what they still handled is deleted.
        queues.close();
        broadcaster.flush();
        await gateway.close();
        await control.close();
        await options.source.dispose();
        await options.history.close();
        killMarked(mark);
        await removeTempRoot(mark, process.pid);
        reaper.dispose();
      })();
      return closing;
    },
  };
  const requests = serveRequests(host);
  void removeAbandoned();
  await registry.load();
  watcher = options.source.watch((change) => {
    registry.follow(change).catch(internal('reading the project'));
  });
  return host;
}
