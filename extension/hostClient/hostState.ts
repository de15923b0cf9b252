import type { FoundNode } from './nodeFinder.ts';

/** Where the host of one folder is in its life, seen from this window. */
export type HostState =
  /** Nothing was started: there is no project, or the workspace is not trusted. */
  | { kind: 'none' }
  | { kind: 'starting' }
  /** `own`: a child of this window. Otherwise another window or a terminal started it. */
  | { kind: 'running'; own: boolean; pid: number; gateway: string; version: string; node?: FoundNode }
  /** It crashed and is started again in a moment. */
  | { kind: 'waiting'; reason: string }
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string };

/** A host ended that nobody had asked to. */
export interface HostCrash {
  reason: string;
  restarting: boolean;
}
