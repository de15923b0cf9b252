import type { Call } from '../load/call.ts';
import type { Children } from '../processes/children.ts';
import type { PackageCache } from '../packages/packageCache.ts';
import type { FunctionId, Workload } from '../workload/workload.ts';

/** What a host takes part in. */
export type HostPart = 'start' | 'warm' | 'memory' | 'edit';

/** What a host finds when it is prepared and started. */
export interface Site {
  /** A folder of its own; packages of the heavy function are found from it. */
  folder: string;
  /** The Node that hosts and functions run on. */
  node: string;
  workload: Workload;
  cache: PackageCache;
  children: Children;
}

/** How to start a host. */
export interface Launch {
  command: string;
  args: string[];
  /** The site's folder when not given. */
  cwd?: string;
  env?: Record<string, string>;
  call(fn: FunctionId): Call;
  /** Tells the host that a file was saved, as an editor would. Only Porchlight listens. */
  connect?(): Promise<Announcer>;
}

/** Announces saved files until it is disposed. */
export interface Announcer {
  saved(file: string): void;
  dispose(): void;
}

/** Something that runs functions: Porchlight, a peer, or a bare server to compare with. */
export interface Subject {
  readonly id: string;
  /** For the table. */
  readonly title: string;
  readonly versions?: string;
  readonly parts: readonly HostPart[];
  /** The functions it can run at all. */
  readonly functions: readonly FunctionId[];
  /** One process serves one function: the heavy one is timed from a start of its own. */
  readonly oneFunction?: true;
  /** Why it is not put under 50 connections here. */
  readonly noStorm?: string;
  /** It forgets calls that come while it reloads: one without an answer is made again after so many milliseconds. */
  readonly forgetsAfterMs?: number;
  /** Something to know when reading its figures. */
  readonly note?: string;
  /** Writes its project. Rejects with the reason when it cannot run here. */
  prepare(site: Site): Promise<void>;
  /** Where and how a function's source is kept. */
  source(site: Site, fn: FunctionId, version: number): Promise<{ file: string; text: string }>;
  /** `first`: the function a process for one function serves. */
  launch(site: Site, port: number, first: FunctionId): Promise<Launch>;
}
