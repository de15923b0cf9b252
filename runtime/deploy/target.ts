import type { DeployedFunction, PreflightFinding, RemoteLogLine } from '../model/deploy.ts';
import type { RemoteFacts, RemoteInvocation } from '../model/remoteInvocation.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { InvocationStatus, PlatformId } from '../model/words.ts';
import type { Archive, ArchiveStart } from '../packaging/archive.ts';
import type { Machine } from '../packaging/native/machine.ts';
import type { LogWords } from './remoteLogs/logWords.ts';
import type { Phrase } from '../support/l10n.ts';

/** A function as its project states it now. Values of the environment may be secret. */
export interface DeployInput {
  definition: FunctionDefinition;
  environment: Record<string, string>;
  /** Whether this host can run it: what it cannot is deployed only when it is asked for by name, and then refused. */
  runnable: boolean;
  /** What was found while reading it, e.g. variables without a value. */
  findings: PreflightFinding[];
  /** What a new version of it is invoked with. */
  event: VerifyingEvent;
}

/** What a new version is invoked with before anybody is sent to it. */
export interface VerifyingEvent {
  /** Of the saved event; absent of a sample. */
  name?: string;
  bytes: Uint8Array;
  trigger: 'http' | 'event';
  /** It says what has to come of it: an error may be right. */
  expects: boolean;
  /** What of an answer is not as the saved event expects, as sentences; nothing where it expects nothing. */
  check(answered: Answered): string[];
}

/** What came of an invocation, as far as a saved event may expect something of it. */
export interface Answered {
  status: InvocationStatus;
  error?: { type: string; message: string };
  body?: Uint8Array;
}

/** A function that is ready to be sent. */
export interface DeployItem extends DeployInput {
  archive: Archive;
}

/** What serves now. */
export interface CurrentVersion {
  version: string;
  /** As `DeployTarget.packageHash` gives it. */
  packageHash: string;
  /** The settings it was deployed with, as `DeployTarget.settings` gives them. */
  settings: Record<string, string>;
  /** For comparing only. */
  environment: Record<string, string>;
}

/** How a new version answered before anybody is sent to it. */
export interface Verification extends Answered {
  /** The code was loaded and its handler was reached; what the handler made of a sample event is another matter. */
  answered: boolean;
  startKind?: string;
  /** From acceptance to answer, in milliseconds. */
  durationMs: number;
  /** Of a second invocation, on the instance that is there then. */
  warmMs?: number;
  /** Why it did not answer, or what the handler said instead of a result. */
  message?: string;
  /** The result as text, where it is short enough to be shown and compared. */
  result?: string;
  /** What the target said of the call itself. */
  call?: CallFacts;
}

/** What a target says of one call. */
export interface CallFacts {
  /** The platform's id of the request. */
  requestId?: string;
  instance?: string;
  facts?: RemoteFacts;
  /** The end of its log. */
  logTail?: string;
}

/** What code runs on elsewhere. */
export interface TargetMachine extends Machine {
  /** Version of its C library, as the number behind `2.`, where it is known. */
  glibc?: number;
}

/** A call of a function that serves. */
export interface DeployedCall {
  name: string;
  event: Uint8Array;
  /** How long the function may take, in milliseconds. */
  timeoutMs: number;
}

export interface SwitchOptions {
  /** The function as it was deployed, where what calls it has to be set up as well. */
  item?: DeployItem;
  /** 1 to 100. */
  percent?: number;
}

/**
 * Where functions are deployed to. Members live in `deploy/<type>` or `platforms/<id>`; the engine knows them by this
 * interface only. Nothing but `switchTo` changes what is served.
 */
export interface DeployTarget {
  readonly name: string;
  readonly type: string;
  /** Platforms whose functions it takes; absent where it takes all. */
  readonly platforms?: readonly PlatformId[];
  /** It is elsewhere: what goes there has answered here before, and reserved variables stay here. */
  readonly remote: boolean;
  /** It serves one version of a function at a time: none can get a share of the calls. */
  readonly wholeOnly?: boolean;
  /**
   * What it keeps of a function, as flat names and values that two versions are compared by. No places of this machine,
   * and no environment: its values are compared, but never shown. Without a start where nothing could be built.
   */
  settings(definition: FunctionDefinition, start: ArchiveStart | undefined): Record<string, string>;
  /** What a function's code runs on there; absent where that is this machine. */
  machine?(definition: FunctionDefinition): TargetMachine;
  /** What this target alone would object to. */
  preflight(item: DeployItem): Promise<PreflightFinding[]>;
  current(name: string): Promise<CurrentVersion | undefined>;
  /** What the target knows a package by. */
  packageHash(archive: Archive): Promise<string>;
  hasPackage(item: DeployItem): Promise<boolean>;
  upload(item: DeployItem, signal: AbortSignal): Promise<void>;
  /** Makes a version that does not serve yet, and gives its name. Done again after an interruption, it completes. */
  create(item: DeployItem, signal: AbortSignal): Promise<string>;
  /** Invokes a version that does not serve yet, cold. */
  verify(item: DeployItem, version: string, signal: AbortSignal): Promise<Verification>;
  /**
   * Serves a version from now on, in one step; `percent` below 100 sends it that share of the calls only. The answer is
   * for the user, when something is left to do.
   */
  switchTo(name: string, version: string, options?: SwitchOptions): Promise<string | Phrase | undefined>;
  /** Forgets a version that never served. */
  discard(name: string, version: string): Promise<void>;
  list(): Promise<DeployedFunction[]>;
  /** Addresses at which a function answers. */
  urls(name: string): Promise<string[]>;
  /** Serves a function no longer and forgets its versions. */
  remove(name: string): Promise<void>;
  /** Calls what serves, once. Absent where that cannot be done from here. */
  invoke?(call: DeployedCall, signal: AbortSignal): Promise<Verification>;
  /** What a function has written since a time (milliseconds since the epoch). Absent where that cannot be read from here. */
  readLogs?(name: string, since: number, signal: AbortSignal): Promise<RemoteLogLine[]>;
  /** How lines of `readLogs` are put together to invocations. Absent where they do not say whose they are. */
  readonly logWords?: LogWords;
  /**
   * Invocations since a time, oldest first, with what they wrote: in the place of `readLogs` where the target keeps
   * records of them.
   */
  readInvocations?(name: string, since: number, signal: AbortSignal): Promise<RemoteInvocation[]>;
}
