import type {
  DeployedAnswer,
  DeployPlan,
  DeployResult,
  DeployedFunction,
  RemoteLogLine,
  ServeStatus,
  TargetState,
} from '../../runtime/model/deploy.ts';
import type { ColdStartProfile, ImportCosts } from '../../runtime/model/coldStartProfile.ts';
import type { InvocationRecord, InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import type { InstanceEvent, InstanceLife } from '../../runtime/model/instanceLife.ts';
import type { LoadProgress, LoadResult } from '../../runtime/model/load.ts';
import type { RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';
import type { TimelineSpan } from '../../runtime/model/timelineSpan.ts';
import type { TestList, TestOutcome } from '../../runtime/model/testing/testCase.ts';
import type { ProcessModel } from '../../runtime/model/words.ts';
import type {
  BreakpointFacts,
  ExplainBreakpointsParams,
} from '../../runtime/protocol/control/breakpointFacts.ts';
import type { ControlConnection } from '../../runtime/protocol/control/connection.ts';
import type { LoadParams } from '../../runtime/protocol/control/load.ts';
import type {
  InvokeParams,
  LineValues,
  LineValuesParams,
  ProfileParams,
  QueryParams,
  ReplayParams,
} from '../../runtime/protocol/control/messages.ts';
import type {
  FireTriggerParams,
  FireTriggerResult,
  TriggerState,
} from '../../runtime/protocol/control/triggers.ts';
import type { TimelineQuery } from '../../runtime/protocol/control/timeline.ts';
import type { FunctionState } from '../../runtime/protocol/control/state.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';

/** What is known of instances, and the way to hear no more of them. */
export interface InstancesWatched extends Disposable {
  lives: InstanceLife[];
}

/** Who hears of the log of a deployed function. */
export interface RemoteLogListener {
  /** `linesOnly`: the target does not say which invocation a line is of. */
  onLogged(logged: { lines: RemoteLogLine[]; invocations: RemoteInvocation[]; linesOnly?: true }): void;
  /** Why the log cannot be read for now; undefined: it can be again. */
  onTrouble(message: string | undefined): void;
}

/** What the features ask of a running host. Failures are `PorchlightError`s whose message is meant for the user. */
export interface HostApi {
  invoke(params: InvokeParams, signal?: AbortSignal): Promise<InvocationRecord>;
  replay(params: ReplayParams, signal?: AbortSignal): Promise<InvocationRecord>;
  setProcessModel(name: string, model: ProcessModel): Promise<FunctionState>;
  stopInstance(instance: string): Promise<void>;
  cancelInvocation(id: string): Promise<void>;
  queryInvocations(params: QueryParams): Promise<InvocationSummary[]>;
  getInvocation(id: string): Promise<InvocationRecord | null>;
  /** What a source line printed in the newest invocations of a function. */
  lineValues(params: LineValuesParams): Promise<LineValues[]>;
  clearInvocations(): Promise<void>;
  reloadProject(): Promise<void>;
  filesSaved(files: string[]): void;
  /** Resolves when the host has read everything that was sent before. */
  sync(): Promise<void>;
  planDeploy(target: string, functions: string[] | undefined, signal?: AbortSignal): Promise<DeployPlan>;
  /** Where functions can be deployed to; `local` first. */
  listTargets(): Promise<TargetState[]>;
  applyDeploy(plan: string, signal?: AbortSignal): Promise<DeployResult>;
  listDeployed(target: string): Promise<DeployedFunction[]>;
  rollBack(target: string, name: string, to: string | undefined, signal?: AbortSignal): Promise<DeployResult>;
  /** Takes a function away from a target, with its versions and what calls it. */
  removeDeployed(target: string, name: string): Promise<DeployResult>;
  /** Calls what serves on a target, once. */
  invokeDeployed(
    target: string,
    name: string,
    event: InvokeParams['event'],
    signal?: AbortSignal,
  ): Promise<DeployedAnswer>;
  /**
   * Tells what a deployed function has written since a time (milliseconds since the epoch) and, until it is aborted, what
   * it writes.
   */
  followRemoteLogs(
    target: string,
    name: string,
    since: number,
    listener: RemoteLogListener,
    signal: AbortSignal,
  ): Promise<void>;
  serve(action: 'start' | 'stop' | 'status'): Promise<ServeStatus>;
  /** `onRun` counts from 1. Aborting ends early: what ran by then counts. */
  profile(
    params: ProfileParams,
    onRun: (run: number) => void,
    signal?: AbortSignal,
  ): Promise<ColdStartProfile>;
  /** Kept profiles, newest first. */
  listProfiles(name: string): Promise<ColdStartProfile[]>;
  importCosts(): Promise<ImportCosts[]>;
  listTriggers(name: string): Promise<TriggerState[]>;
  /** Resolves when the function has had its first attempt. */
  fireTrigger(params: FireTriggerParams): Promise<FireTriggerResult>;
  setTriggerRunning(name: string, trigger: string, running: boolean): Promise<TriggerState>;
  actOnTrigger(name: string, trigger: string, action: string, argument?: unknown): Promise<unknown>;
  listTests(): Promise<TestList>;
  /** Aborting interrupts the invocation. */
  runTest(id: string, signal?: AbortSignal): Promise<TestOutcome>;
  /** One page of invocations, newest first. */
  queryTimeline(params: TimelineQuery): Promise<TimelineSpan[]>;
  /** `onEvents` hears what happens after what this resolves with. One watcher at a time. */
  watchInstances(onEvents: (events: InstanceEvent[]) => void): Promise<InstancesWatched>;
  /** Aborting sends no more and interrupts what is under way: what ended by then counts. */
  load(
    params: LoadParams,
    onProgress: (progress: LoadProgress) => void,
    signal?: AbortSignal,
  ): Promise<LoadResult>;
  /** What the host knows of lines with breakpoints; of very many lines, of the first. */
  explainBreakpoints(params: ExplainBreakpointsParams): Promise<BreakpointFacts>;
  /** The connection itself, for what only one feature needs (debugging). */
  readonly connection: ControlConnection;
}
