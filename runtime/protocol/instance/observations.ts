/*
 * What an instance notices about an invocation that would surprise in the cloud: plain facts and raw positions. The
 * host words them. The code that notices is a bundle of its own that the bootstrap loads only when it is told to.
 */

/** A raw place: file as the runtime names it, line and column from 1. */
export type RawFrame = [file: string, line: number, column: number];

/** How much is watched. `full` also follows every promise and native operation, which makes awaiting ten times dearer. */
export type ObserveMode = 'on' | 'full';

/** Tells an instance to watch its invocations. */
export interface ObserveOptions {
  /** Absolute path of the bundle that watches. */
  module: string;
  mode: ObserveMode;
  /** Whether what one invocation leaves in memory can reach another: not when each has an instance of its own. */
  state: boolean;
}

/** What was left open. */
export const openWorkKinds = [
  'timer',
  'interval',
  'immediate',
  'request',
  'connection',
  'server',
  'process',
  'worker',
  'watcher',
  'file',
  'promise',
  'other',
] as const;

export type OpenWorkKind = (typeof openWorkKinds)[number];

/** Something the invocation began was not finished when it answered; equal ones of one place are counted. */
export interface OpenWork {
  kind: 'openWork';
  what: OpenWorkKind;
  count: number;
  /** E.g. `5000 ms`, or where a request goes. */
  detail?: string;
  /** What created it: the user's own code if there is any on the stack. */
  frame?: RawFrame;
}

/** A timer that an earlier invocation left open ran during this one. */
export interface RanLater {
  kind: 'ranLater';
  what: OpenWorkKind;
  /** How often it ran. */
  count: number;
  /** The invocation that created it. */
  from: string;
  frame?: RawFrame;
}

/** Something of the instance that holds what an earlier invocation left: a variable or a file. */
export interface CarriedName {
  /** As code writes it: `seen`, `globalThis.cache`, `process.env.MODE`, or the path of a file. */
  name: string;
  /** Entries of a collection, or bytes of a file. */
  size?: number;
  /** Raw path of the file whose module-level variable it is. */
  file?: string;
}

/** State that this invocation found as an earlier one left it. */
export interface CarriedState {
  kind: 'carriedState';
  what: 'variables' | 'files';
  names: CarriedName[];
  /** How many more there were. */
  more: number;
  /** The invocation that changed it last. */
  from: string;
  /** Calls of the instance since then, this one included. */
  callsAgo: number;
}

export type Observation = OpenWork | RanLater | CarriedState;

/** Bounds of what one invocation may report. */
export const observationLimits = { observations: 20, names: 20, text: 300 } as const;

/** Follows an answer that announced it (`observing`), within a few turns of the loop. */
export interface ObservedMessage {
  type: 'observed';
  id: string;
  observations: Observation[];
}

/** What the bootstrap calls; made by the bundle's `createObservers`. Nothing here may throw or keep the process alive. */
export interface Observers {
  /** The handler's code is loaded; what it opened until now is its own. */
  loaded(loaded: LoadedCode): void;
  begin(id: string): void;
  /** The answer is about to be sent. True: `report` has to be called once it is out. */
  answered(): boolean;
  report(send: (observations: Observation[]) => void): void;
}

/** The code whose invocations are watched. */
export interface LoadedCode {
  /** Path of the module that holds the handler. */
  entry: string;
  handler: unknown;
  /** It was loaded by `import`. */
  modules: boolean;
  /** Environment variables that the platform's contract sets anew for each call. */
  ownVariables: readonly string[];
}

/** The shape of the bundle. */
export interface ObserversModule {
  createObservers(options: ObserveOptions): Observers;
}
