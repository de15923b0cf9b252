import type { DeployedFunction, PreflightFinding } from '../model/deploy.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Archive } from '../packaging/archive.ts';

/** A function as its project states it now. Values of the environment may be secret. */
export interface DeployInput {
  definition: FunctionDefinition;
  environment: Record<string, string>;
  /** Whether this host can run it: what it cannot is deployed only when it is asked for by name, and then refused. */
  runnable: boolean;
  /** What was found while reading it, e.g. variables without a value. */
  findings: PreflightFinding[];
}

/** A function that is ready to be sent. */
export interface DeployItem extends DeployInput {
  archive: Archive;
}

/** What serves now. */
export interface CurrentVersion {
  version: string;
  packageHash: string;
  /** The settings it was deployed with, as `deployedSettings` gives them. */
  settings: Record<string, string>;
  /** For comparing only. */
  environment: Record<string, string>;
}

/** How a new version answered before anybody is sent to it. */
export interface Verification {
  /** The code was loaded and its handler was reached; what the handler made of a sample event is another matter. */
  answered: boolean;
  status: string;
  startKind?: string;
  /** From acceptance to answer, in milliseconds. */
  durationMs: number;
  /** Why it did not answer, or what the handler said instead of a result. */
  message?: string;
}

/**
 * Where functions are deployed to. Members live in `deploy/<type>` or `platforms/<id>`; the engine knows them by this
 * interface only. Nothing but `switchTo` changes what is served.
 */
export interface DeployTarget {
  readonly name: string;
  readonly type: string;
  /** What this target alone would object to. */
  preflight(item: DeployItem): Promise<PreflightFinding[]>;
  current(name: string): Promise<CurrentVersion | undefined>;
  hasPackage(hash: string): Promise<boolean>;
  upload(archive: Archive, signal: AbortSignal): Promise<void>;
  /** Makes a version that does not serve yet, and gives its name. */
  create(item: DeployItem, signal: AbortSignal): Promise<string>;
  /** Invokes a version that does not serve yet, cold. */
  verify(item: DeployItem, version: string, signal: AbortSignal): Promise<Verification>;
  /** Serves a version from now on, in one step. The answer is for the user, when something is left to do. */
  switchTo(name: string, version: string): Promise<string | undefined>;
  /** Forgets a version that never served. */
  discard(name: string, version: string): Promise<void>;
  list(): Promise<DeployedFunction[]>;
  /** Serves a function no longer and forgets its versions. */
  remove(name: string): Promise<void>;
}
