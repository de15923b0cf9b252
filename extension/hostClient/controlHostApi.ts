import { translatedTrigger } from './translatedTrigger.ts';
import { ExplainBreakpoints, explainLimits } from '../../runtime/protocol/control/breakpointFacts.ts';
import type { ControlConnection, RpcConnection } from '../../runtime/protocol/control/connection.ts';
import {
  ApplyDeploy,
  CancelInvocation,
  ClearInvocations,
  DeployProgressed,
  DeployedChanged,
  FilesSaved,
  FollowRemoteLogs,
  FunctionChanged,
  GetInvocation,
  HostMessage,
  ImportCostsChanged,
  InstanceLogged,
  InvocationChanged,
  InvocationLogged,
  InvocationsCleared,
  Invoke,
  InvokeDeployed,
  ListDeployed,
  ListTargets,
  ListFunctions,
  ListImportCosts,
  ListLineValues,
  ListProfiles,
  ListTests,
  PlanDeploy,
  Profile,
  ProfileProgressed,
  ProjectChanged,
  QueryInvocations,
  ReloadProject,
  RemoteLogged,
  RemoteLogTrouble,
  RemoveDeployed,
  Replay,
  RollBack,
  RunTest,
  Serve,
  SetProcessModel,
  StopInstance,
  TestsChanged,
} from '../../runtime/protocol/control/messages.ts';
import { LoadProgressed, RunLoad } from '../../runtime/protocol/control/load.ts';
import { InstancesLived, QueryTimeline, WatchInstances } from '../../runtime/protocol/control/timeline.ts';
import {
  ActOnTrigger,
  FireTrigger,
  ListTriggers,
  SetTriggerRunning,
  TriggersChanged,
} from '../../runtime/protocol/control/triggers.ts';
import { DisposableStore } from '../../runtime/support/disposable.ts';
import type { HostApi } from './hostApi.ts';
import type { HostMirror } from './hostMirror.ts';

/** `signal` only when there is one. */
const options = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

/** The requests of the control protocol as calls. */
export function controlHostApi(connection: ControlConnection): HostApi {
  return {
    connection,
    invoke: (params, signal) => connection.sendRequest(Invoke, params, options(signal)),
    replay: (params, signal) => connection.sendRequest(Replay, params, options(signal)),
    setProcessModel: (name, model) => connection.sendRequest(SetProcessModel, { function: name, model }),
    stopInstance: (instance) => connection.sendRequest(StopInstance, { instance }),
    cancelInvocation: (id) => connection.sendRequest(CancelInvocation, { id }),
    queryInvocations: (params) => connection.sendRequest(QueryInvocations, params),
    getInvocation: (id) => connection.sendRequest(GetInvocation, { id }),
    lineValues: (params) => connection.sendRequest(ListLineValues, params),
    clearInvocations: () => connection.sendRequest(ClearInvocations),
    reloadProject: () => connection.sendRequest(ReloadProject),
    filesSaved: (files) => connection.sendNotification(FilesSaved, { files }),
    sync: async () => void (await connection.sendRequest(ListFunctions)),
    planDeploy: (target, functions, signal) =>
      connection.sendRequest(PlanDeploy, { target, ...(functions ? { functions } : {}) }, options(signal)),
    applyDeploy: (plan, signal) => connection.sendRequest(ApplyDeploy, { plan }, options(signal)),
    listTargets: () => connection.sendRequest(ListTargets),
    listDeployed: (target) => connection.sendRequest(ListDeployed, { target }),
    rollBack: (target, name, to, signal) =>
      connection.sendRequest(
        RollBack,
        { target, function: name, ...(to === undefined ? {} : { to }) },
        options(signal),
      ),
    removeDeployed: (target, name) => connection.sendRequest(RemoveDeployed, { target, function: name }),
    invokeDeployed: (target, name, event, signal) =>
      connection.sendRequest(InvokeDeployed, { target, function: name, event }, options(signal)),
    followRemoteLogs: async (target, name, since, { onLogged, onTrouble }, signal) => {
      const isMeant = (told: { target: string; function: string }): boolean =>
        told.target === target && told.function === name;
      const told = new DisposableStore();
      told.add(connection.onNotification(RemoteLogged, (logged) => isMeant(logged) && onLogged(logged)));
      told.add(
        connection.onNotification(
          RemoteLogTrouble,
          (trouble) => isMeant(trouble) && onTrouble(trouble.message ?? undefined),
        ),
      );
      try {
        const asked = { target, function: name, since, follow: true };
        await connection.sendRequest(FollowRemoteLogs, asked, { signal });
      } finally {
        told.dispose();
      }
    },
    serve: (action) => connection.sendRequest(Serve, { action }),
    profile: async (params, onRun, signal) => {
      const progress = connection.onNotification(ProfileProgressed, (told) => {
        if (told.function === params.function) onRun(told.run);
      });
      try {
        return await connection.sendRequest(Profile, params, options(signal));
      } finally {
        progress.dispose();
      }
    },
    listProfiles: (name) => connection.sendRequest(ListProfiles, { function: name }),
    listTriggers: async (name) =>
      (await connection.sendRequest(ListTriggers, { function: name })).map(translatedTrigger),
    fireTrigger: (params) => connection.sendRequest(FireTrigger, params),
    setTriggerRunning: async (name, trigger, running) =>
      translatedTrigger(
        await connection.sendRequest(SetTriggerRunning, { function: name, trigger, running }),
      ),
    actOnTrigger: (name, trigger, action, argument) =>
      connection.sendRequest(ActOnTrigger, { function: name, trigger, action, argument }),
    importCosts: () => connection.sendRequest(ListImportCosts),
    listTests: () => connection.sendRequest(ListTests, { watched: false }),
    queryTimeline: (params) => connection.sendRequest(QueryTimeline, params),
    watchInstances: async (onEvents) => {
      const heard = connection.onNotification(InstancesLived, ({ events }) => onEvents(events));
      const stop = (): void => {
        heard.dispose();
        // A host that is gone tells nobody anything.
        connection.sendRequest(WatchInstances, { watch: false }).catch(() => {});
      };
      try {
        const { lives } = await connection.sendRequest(WatchInstances, { watch: true });
        return { lives, dispose: stop };
      } catch (error) {
        heard.dispose();
        throw error;
      }
    },
    load: async (params, onProgress, signal) => {
      const progress = connection.onNotification(LoadProgressed, (told) => {
        if (told.function === params.function) onProgress(told);
      });
      try {
        return await connection.sendRequest(RunLoad, params, options(signal));
      } finally {
        progress.dispose();
      }
    },
    explainBreakpoints: ({ file, lines }) =>
      connection.sendRequest(ExplainBreakpoints, { file, lines: lines.slice(0, explainLimits.lines) }),
    runTest: (id, signal) => connection.sendRequest(RunTest, { id }, options(signal)),
  };
}

/** Where the words go that a host has for people. */
export interface HostWords {
  message(level: 'info' | 'warn' | 'error', text: string): void;
  instanceLogged(instance: string, lines: string[]): void;
}

/** Lets a connection feed a mirror. What comes before `begin` waits: the host's hello is older than it. */
export function feedMirror(
  connection: RpcConnection,
  mirror: HostMirror,
  words: HostWords,
): { begin(): void } {
  let waiting: (() => void)[] | undefined = [];
  const afterBegin =
    <P>(apply: (params: P) => void) =>
    (params: P): void => {
      if (waiting) waiting.push(() => apply(params));
      else apply(params);
    };
  const on: typeof connection.onNotification = (type, listener) =>
    connection.onNotification(type, afterBegin(listener));

  on(ProjectChanged, ({ functions, problems }) => mirror.setProject(functions, problems));
  on(FunctionChanged, (state) => mirror.setFunction(state));
  on(InvocationChanged, (summary) => mirror.setInvocation(summary));
  on(InvocationLogged, ({ id, entries }) => mirror.addLogs(id, entries));
  on(InvocationsCleared, () => mirror.clearInvocations());
  on(DeployProgressed, (progress) => mirror.addProgress(progress));
  on(DeployedChanged, ({ target, functions, serve }) => mirror.setDeployed(target, functions, serve));
  on(ImportCostsChanged, (costs) => mirror.setImportCosts(costs));
  on(TestsChanged, ({ touched, ...list }) => mirror.setTests(list, touched));
  on(TriggersChanged, ({ functions }) =>
    mirror.setTriggers(
      functions.map(({ name, triggers }) => ({ name, triggers: triggers.map(translatedTrigger) })),
    ),
  );
  on(HostMessage, ({ level, text }) => words.message(level, text));
  on(InstanceLogged, ({ instance, entries }) =>
    words.instanceLogged(
      instance,
      entries.map((entry) => entry.text),
    ),
  );
  return {
    begin() {
      const queued = waiting ?? [];
      waiting = undefined;
      for (const apply of queued) apply();
    },
  };
}
