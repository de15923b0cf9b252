import type { Facts } from './errors.ts';
import type { Phrase } from '../support/l10n.ts';
import type { RemoteInvocation } from './remoteInvocation.ts';

/** One field that a deploy would create, change or leave. Values of the environment are never shown: `before`/`after` are absent for them. */
export interface FieldChange {
  path: string;
  change: 'create' | 'change' | 'remove' | 'same';
  before?: string;
  after?: string;
}

/** A finding before anything is sent. Errors stop the deploy. */
export interface PreflightFinding {
  severity: 'error' | 'warning';
  code: string;
  message: string;
  /** What the message is made of, for clients that say it in another language. */
  facts?: Facts;
  file?: string;
  line?: number;
}

/** What a deploy would do to one function. */
export interface FunctionPlan {
  function: string;
  change: 'create' | 'change' | 'same';
  fields: FieldChange[];
  package: {
    /** SHA-256 of the content, hex. */
    hash: string;
    bytes: number;
    files: number;
    unchanged: boolean;
    /** Largest parts first, at most 20. */
    largest: { path: string; bytes: number }[];
  };
  findings: PreflightFinding[];
}

/** What a deploy would change, computed without sending anything. */
export interface DeployPlan {
  id: string;
  target: string;
  targetType: string;
  functions: FunctionPlan[];
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** `rehearse`: what goes elsewhere answers here first. */
export type DeployStepName =
  'check' | 'build' | 'package' | 'rehearse' | 'upload' | 'apply' | 'verify' | 'switch';

/** A step began or ended. */
export interface DeployProgress {
  plan: string;
  function: string;
  step: DeployStepName;
  state: 'started' | 'done' | 'skipped' | 'failed';
  detail?: string;
  /** The detail, for clients that say it in another language. */
  said?: Phrase;
  /** Of all steps of the plan, in 0..1. */
  fraction: number;
}

/** One version of one function on a target. */
export interface DeployedVersion {
  version: string;
  packageHash: string;
  createdAt: number;
  /** Answered its verification. */
  verified: boolean;
  /** It serves; where calls are shared, it gets most of them, or a newer version is tried beside it. */
  current: boolean;
  /** Its share of the calls, where they are shared: 1 to 99. */
  percent?: number;
}

export interface DeployedFunction {
  function: string;
  target: string;
  /** Newest first. */
  versions: DeployedVersion[];
  urls: string[];
}

/** A place functions can be deployed to. */
export interface TargetState {
  name: string;
  /** Kind of the target, e.g. `local` or `aws-lambda`. */
  type: string;
  /** The project states it, or it is the one that is always there; others need nothing stated. */
  stated: boolean;
}

/** How a new version answered. */
export interface DeployVerification {
  status: string;
  /** Name of the saved event it was invoked with; absent of a sample. */
  event?: string;
  startKind?: string;
  durationMs: number;
  /** Of a second invocation. */
  warmMs?: number;
  /** How the same package answered the same event on this machine, for a target that is elsewhere. */
  here?: { status: string; durationMs: number; warmMs?: number; sameResult?: boolean };
}

/** How a deploy, a roll-back or a removal ended, per function. */
export interface DeployResult {
  target: string;
  functions: {
    function: string;
    version?: string;
    previous?: string;
    status: 'deployed' | 'unchanged' | 'rolledBack' | 'removed' | 'failed' | 'cancelled';
    message?: string;
    /** The message, for clients that say it in another language. */
    said?: Phrase;
    verification?: DeployVerification;
    urls: string[];
  }[];
}

/** What a deployed function answered to a call from here. */
export interface DeployedAnswer {
  target: string;
  function: string;
  /** The version that serves. */
  version: string;
  status: string;
  startKind?: string;
  durationMs: number;
  /** What the function said instead of a result, or why there is none. */
  message?: string;
  /** As text. */
  result?: string;
  /** The same as an invocation, with what the target said of it. */
  invocation: RemoteInvocation;
}

/** A line that a deployed function has written. */
export interface RemoteLogLine {
  /** Tells it from all others of the function. */
  id: string;
  /** Milliseconds since the epoch. */
  time: number;
  /** What wrote it: the cloud's log stream, or a container. Empty where that is not said. */
  instance: string;
  text: string;
  /** The request it belongs to, where the log itself says so. */
  requestId?: string;
  /** The invocation it was found to belong to, by its id. */
  invocation?: string;
  /** No line of the log, but the cloud's record of a request, as JSON. */
  kind?: 'metrics';
}

/** The process that serves the local target. */
export interface ServeStatus {
  running: boolean;
  pid?: number;
  gateway?: string;
  startedAt?: number;
  functions: {
    function: string;
    version: string;
    url: string;
    /** A newer version that gets a share of the calls. */
    share?: { version: string; percent: number };
  }[];
}
