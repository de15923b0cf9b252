/** The product's words as types. Values are what views, records, the CLI and the protocol spell. */

/** Whose contract a function follows. Open: each member of `runtime/platforms` brings its own id. */
export type PlatformId = string;

/** What runs a function's code. Open: each member of `runtime/languages` brings its own id. */
export type LanguageId = string;

/** How an invocation got its instance: a new process, a booted one without user code, or one that served before. */
export type StartKind = 'cold' | 'prewarmed' | 'warm';

/** `ephemeral`: a process per invocation. `resident`: kept, freed after its idle time-out. */
export type ProcessModel = 'ephemeral' | 'resident';

/** The measured stages of an invocation, in the order in which they happen. */
export const phaseNames = ['queue', 'spawn', 'boot', 'load', 'init', 'handler', 'teardown'] as const;
export type PhaseName = (typeof phaseNames)[number];

/** How an invocation ended; `running` until then. */
export type InvocationStatus =
  'running' | 'ok' | 'error' | 'timeout' | 'oom' | 'throttled' | 'crashed' | 'interrupted';

/** Where an event came from. */
export type TriggerKind = 'http' | 'timer' | 'storage' | 'queue' | 'event';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** A place in a user's file; `line` and `column` count from 1. */
export interface SourcePosition {
  file: string;
  line: number;
  column: number;
}
