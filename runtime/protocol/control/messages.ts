import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { ColdStartProfile, ImportCosts } from '../../model/coldStartProfile.ts';
import type { InvocationRecord, InvocationSummary, LogEntry } from '../../model/invocationRecord.ts';
import type { Facts } from '../../model/errors.ts';
import type { Problem } from '../../model/project.ts';
import type { RemoteInvocation } from '../../model/remoteInvocation.ts';
import type { TestList, TestOutcome } from '../../model/testing/testCase.ts';
import type { InvocationStatus, ProcessModel, StartKind } from '../../model/words.ts';
import type {
  DeployPlan,
  DeployProgress,
  DeployResult,
  DeployedAnswer,
  DeployedFunction,
  RemoteLogLine,
  ServeStatus,
  TargetState,
} from '../../model/deploy.ts';
import type { FunctionState } from './state.ts';
import type { TriggerState } from './triggers.ts';

/*
 * Host and its clients (editor, command line): JSON-RPC over a WebSocket on loopback. The token goes with the
 * upgrade request (`Authorization: Bearer …`); the first request is `hello`. Request types are what a client may ask,
 * notification types what the host tells. Errors carry a `ControlErrorData`.
 */

/** Data of every JSON-RPC error: the catalogue's code and the facts of the message. */
export interface ControlErrorData {
  code: string;
  kind: 'user' | 'internal';
  facts?: Facts;
}

export interface HelloParams {
  protocolVersion: number;
  /** Who asks; editors get notifications, a one-shot command line does not need them. */
  client: { kind: 'editor' | 'cli'; name: string; pid: number };
  subscribe: boolean;
}

export interface HelloResult {
  protocolVersion: number;
  version: string;
  pid: number;
  root: string;
  gateway: string;
  functions: FunctionState[];
  problems: Problem[];
  /** Of all functions, in the order of the project. */
  triggers: TriggerState[];
  /** Newest first, at most 200; none for clients that do not subscribe. */
  recent: InvocationSummary[];
}

/** First request of every connection. */
export const Hello = new RequestType<HelloParams, HelloResult, ControlErrorData>('hello');

/** Current functions with their instances, and the problems of the project's files. */
export const ListFunctions = new RequestType<
  void,
  { functions: FunctionState[]; problems: Problem[] },
  ControlErrorData
>('functions/list');

/** Reads the project's files and `.env` files again. */
export const ReloadProject = new RequestType<void, void, ControlErrorData>('project/reload');

export interface InvokeParams {
  function: string;
  /** The event's bytes: as text, or base64 of anything else. */
  event: { encoding: 'utf8' | 'base64'; data: string };
  /** Forces a start kind: `warm` fails when no instance is warm. */
  startKind?: StartKind;
  /** Shown in the tree, e.g. `replay of …`. */
  label?: string;
  stream?: ResultStreamName;
}

/**
 * What the client calls the result. Then one that is made bit by bit comes as `ResultPassedOn` while it is made, and the
 * record that answers holds no more of it than is kept.
 */
export type ResultStreamName = string;

/** Invokes and answers with the finished record, result included (uncut). Cancelling the request interrupts the invocation. */
export const Invoke = new RequestType<InvokeParams, InvocationRecord, ControlErrorData>('functions/invoke');

export interface ReplayParams {
  /** The recorded invocation: its function, trigger and what its caller passed along hold for the new one. */
  id: string;
  /** In the place of the recorded event. */
  event?: InvokeParams['event'];
  startKind?: StartKind;
  stream?: ResultStreamName;
}

/** The next bytes of a result, in base64; to who asked for it alone. */
export const ResultPassedOn = new NotificationType<{ stream: ResultStreamName; data: string }>(
  'invocation/resultPassedOn',
);

/** Sends the event of a recorded invocation again; answers and is cancelled like `Invoke`. */
export const Replay = new RequestType<ReplayParams, InvocationRecord, ControlErrorData>('invocations/replay');

/** Switches the process model until the host ends or the project file says otherwise. */
export const SetProcessModel = new RequestType<
  { function: string; model: ProcessModel },
  FunctionState,
  ControlErrorData
>('functions/setProcessModel');

/** Ends an instance; an invocation it is handling ends as `interrupted`. */
export const StopInstance = new RequestType<{ instance: string }, void, ControlErrorData>('instances/stop');

/** Ends a running invocation by ending its instance. */
export const CancelInvocation = new RequestType<{ id: string }, void, ControlErrorData>('invocations/cancel');

/** A source line that printed, as log entries name it; `line` counts from 1. */
export interface LoggedAt {
  file: string;
  line: number;
  /** Only of this version of the code: in another one the line may be another. */
  artifact?: string;
}

export interface QueryParams {
  function?: string;
  /** Words that log, event, result or error contain. */
  text?: string;
  status?: InvocationStatus;
  startKind?: StartKind;
  /** Only received in this time, both ends included; milliseconds since the epoch. */
  from?: number;
  to?: number;
  /** Only those that printed from this line; of the latest ones that the other conditions leave. */
  loggedAt?: LoggedAt;
  /** Only older than this invocation id. */
  before?: string;
  limit: number;
}

/** Recorded invocations, newest first. */
export const QueryInvocations = new RequestType<QueryParams, InvocationSummary[], ControlErrorData>(
  'invocations/query',
);

/** The whole record, also of one that is still running; null when it is not known (any more). */
export const GetInvocation = new RequestType<{ id: string }, InvocationRecord | null, ControlErrorData>(
  'invocations/get',
);

export interface LineValuesParams {
  function: string;
  at: LoggedAt;
  /** Invocations at most; a small number, as their logs are read. */
  limit: number;
}

/** What one invocation printed from a line. */
export interface LineValues {
  summary: InvocationSummary;
  /** How often the line printed. */
  count: number;
  /** The last values, oldest first; few, and cut. */
  values: string[];
}

/** What ended invocations of a function printed from a line, newest first. Asked for when somebody looks at the line. */
export const ListLineValues = new RequestType<LineValuesParams, LineValues[], ControlErrorData>(
  'invocations/lineValues',
);

/** Forgets the history. */
export const ClearInvocations = new RequestType<void, void, ControlErrorData>('invocations/clear');

/** Files the editor just saved: the host need not wait for its own watcher. Absolute paths. */
export const FilesSaved = new NotificationType<{ files: string[] }>('files/saved');

/**
 * From now on every instance of these functions (all when absent) is opened for this client's debugger before code loads.
 * `breakpointFiles`: files in packages that have breakpoints; asked again when they change. `standing`: the client only keeps inspectors open for others; it makes room for one that debugs, and comes back after it.
 */
export const StartDebugging = new RequestType<
  { functions?: string[]; breakpointFiles?: string[]; standing?: boolean },
  void,
  ControlErrorData
>('debug/start');

/** Closes every inspector; instances live on. */
export const StopDebugging = new RequestType<void, void, ControlErrorData>('debug/stop');

export interface DebugTarget {
  instance: string;
  function: string;
  sequence: number;
  pid: number;
  /** What the editor has to attach: `js-debug`, which speaks to the inspector, or `debugpy`. */
  debugger: string;
  /** The relay's address, through which every attach goes: `ws:` for an inspector, `tcp:` for a debug adapter. */
  websocketAddress: string;
  /** Absolute globs of generated code and of our bootstrap, for `outFiles`, `resolveSourceMapLocations`, `skipFiles`. */
  generated: string[];
  skip: string[];
}

/** An instance waits at its barrier for the debugger. */
export const AttachRequested = new NotificationType<DebugTarget>('debug/attachRequested');

/** The client could not or would not attach: the instance goes on without a debugger, with a note. */
export const AttachDeclined = new NotificationType<{ instance: string; reason: string }>(
  'debug/attachDeclined',
);

/** Instances of a function cannot be debugged for what their interpreter lacks; the message says how to get it. */
export const DebuggerMissing = new NotificationType<{ function: string; message: string }>('debug/missing');

/** The instance is gone, or is no longer debugged. */
export const DebugTargetGone = new NotificationType<{ instance: string }>('debug/targetGone');

/** Functions were added, removed or redefined, or the problems changed. */
export const ProjectChanged = new NotificationType<{ functions: FunctionState[]; problems: Problem[] }>(
  'project/changed',
);

/** One function's state changed: instances, statistics, build, process model. */
export const FunctionChanged = new NotificationType<FunctionState>('function/changed');

/** An invocation was accepted, made progress, or ended. Sent at most every 50 ms per invocation. */
export const InvocationChanged = new NotificationType<InvocationSummary>('invocation/changed');

/** New log lines of an invocation. */
export const InvocationLogged = new NotificationType<{ id: string; function: string; entries: LogEntry[] }>(
  'invocation/logged',
);

/** The history was cleared. */
export const InvocationsCleared = new NotificationType<void>('invocations/cleared');

/** Output of an instance outside of any invocation (module load, timers). */
export const InstanceLogged = new NotificationType<{
  instance: string;
  function: string;
  entries: LogEntry[];
}>('instance/logged');

/** Something the host has to say; for the log channel, not for a pop-up. */
export const HostMessage = new NotificationType<{ level: 'info' | 'warn' | 'error'; text: string }>(
  'host/message',
);

/** What a deploy would change. Nothing is sent. */
export const PlanDeploy = new RequestType<
  /** `percent`: the share of the calls that new versions are to get. */
  { target: string; functions?: string[]; percent?: number },
  DeployPlan,
  ControlErrorData
>('deploy/plan');

/** Carries a plan out. Progress comes as notifications with the plan's id; cancelling leaves the old version serving. */
export const ApplyDeploy = new RequestType<
  /** `percent`: the share of the calls that new versions get, where the target can; all by default. */
  { plan: string; percent?: number },
  DeployResult,
  ControlErrorData
>('deploy/apply');

export const DeployProgressed = new NotificationType<DeployProgress>('deploy/progressed');

/** Where functions can be deployed to; `local` first. */
export const ListTargets = new RequestType<void, TargetState[], ControlErrorData>('deploy/targets');

/** What is deployed on a target. */
export const ListDeployed = new RequestType<{ target: string }, DeployedFunction[], ControlErrorData>(
  'deploy/list',
);

/** Serves an earlier version again: the one before the current, or `to`. */
export const RollBack = new RequestType<
  { target: string; function: string; to?: string },
  DeployResult,
  ControlErrorData
>('deploy/rollBack');

/** Takes a function away from a target, with its versions and what calls it. */
export const RemoveDeployed = new RequestType<
  { target: string; function: string },
  DeployResult,
  ControlErrorData
>('deploy/remove');

/** Calls what serves on a target, once. Nothing of it is recorded here. */
export const InvokeDeployed = new RequestType<
  { target: string; function: string; event: InvokeParams['event'] },
  DeployedAnswer,
  ControlErrorData
>('deploy/invoke');

/**
 * Tells the log of what is deployed by `RemoteLogged` to who asks, from a time on (milliseconds since the epoch). With
 * `follow` it goes on until it is cancelled; otherwise it ends with what there is.
 */
export const FollowRemoteLogs = new RequestType<
  { target: string; function: string; since: number; follow: boolean },
  null,
  ControlErrorData
>('deploy/logs');

/** `invocations`: those that are new, or of which more is known than was told; `linesOnly`: this target tells of none. The first look is told in any case. */
export const RemoteLogged = new NotificationType<{
  target: string;
  function: string;
  lines: RemoteLogLine[];
  invocations: RemoteInvocation[];
  linesOnly?: true;
}>('deploy/logged');

/** Why a log that is followed cannot be read for now, once; null: it can be again. It is looked at again by itself. */
export const RemoteLogTrouble = new NotificationType<{
  target: string;
  function: string;
  message: string | null;
}>('deploy/logTrouble');

/** The local target's serving process. */
export const Serve = new RequestType<{ action: 'start' | 'stop' | 'status' }, ServeStatus, ControlErrorData>(
  'deploy/serve',
);

/** The local target's serving process or its versions changed. */
export const DeployedChanged = new NotificationType<{
  target: string;
  functions: DeployedFunction[];
  serve: ServeStatus;
}>('deploy/changed');

export interface ProfileParams {
  function: string;
  /** Cold starts to measure, 1 to `profileLimits.runs`. */
  runs: number;
  /** Default: the latest recorded event, otherwise one as the function's first trigger would bring it. */
  event?: InvokeParams['event'];
}

/**
 * Measures cold starts one after the other and answers with what they cost. Progress comes as notifications to who asked;
 * cancelling ends early: what ran by then counts.
 */
export const Profile = new RequestType<ProfileParams, ColdStartProfile, ControlErrorData>(
  'functions/profile',
);

/** Run `run` of `runs` of a profile begins. */
export const ProfileProgressed = new NotificationType<{ function: string; run: number; runs: number }>(
  'profile/progressed',
);

/** Kept profiles of a function, newest first. */
export const ListProfiles = new RequestType<{ function: string }, ColdStartProfile[], ControlErrorData>(
  'functions/profiles',
);

/** What the imports of each function cost by its latest profile. */
export const ListImportCosts = new RequestType<void, ImportCosts[], ControlErrorData>(
  'functions/importCosts',
);

/** A function has a new profile. */
export const ImportCostsChanged = new NotificationType<ImportCosts>('profile/importCosts');

/**
 * Saved events of all functions, found in their folders and in `porchlight.yaml`. `watched`: answered once no change of a
 * file can be missed any more.
 */
export const ListTests = new RequestType<{ watched: boolean }, TestList, ControlErrorData>('tests/list');

/** Sends a saved event to its function and compares. Cancelling the request interrupts the invocation. */
export const RunTest = new RequestType<{ id: string }, TestOutcome, ControlErrorData>('tests/run');

/**
 * Saved events are others than before, or the code behind them is. `touched`: ids of those whose outcome may be another
 * now. Sent once somebody has asked for the list.
 */
export const TestsChanged = new NotificationType<TestList & { touched: string[] }>('tests/changed');

/** Ends the host. */
export const Shutdown = new RequestType<void, void, ControlErrorData>('host/shutdown');

export type { FunctionState };
