import type { ImportGraph, ProfileOptions } from './importGraph.ts';
import type { StreamStart } from '../../model/resultStream.ts';
import type { LogLevel } from '../../model/words.ts';
import type { ObservedMessage, ObserveOptions } from './observations.ts';

/*
 * Host and instance: two one-way streams of frames (`frames.ts`) on descriptors of their own (3: to the instance,
 * 4: from it), so that nothing a function prints can be taken for a message. Times are microseconds on the monotonic
 * clock, which both processes share.
 */

/** Descriptor on which an instance hears the host, and the one on which it answers. */
export const instanceDescriptors = { in: 3, out: 4 } as const;

/** Tells a booted instance which code to load. Sent once per instance. */
export interface LoadCommand {
  type: 'load';
  /** Absolute path of the contract bundle of the function's platform. */
  contract: string;
  /** Absolute path of the module to load. */
  entry: string;
  /** `script` loads CommonJS by `vm.Script`, so that maps are honoured; `import` loads an ES module. */
  loader: 'script' | 'import';
  /** Folder from which bare imports of a bundled entry resolve, and which `__dirname` shows; absent for plain sources. */
  sourceDir?: string;
  /** The export part of the handler string, dots and all. */
  exportName: string;
  /** The handler string as configured, for messages. */
  handler: string;
  /** Export name of an initializer in the same module or `module`, as resolved by the host. */
  initializer?: { entry: string; exportName: string; handler: string };
  /** Export name of the hook that runs before the instance is frozen. */
  preFreeze?: { entry: string; exportName: string; handler: string };
  /** Export name of the hook that runs before the instance ends. */
  preStop?: { entry: string; exportName: string; handler: string };
  /** Data for the contract that holds for the life of the instance; each invocation's own lies over it. */
  context: Record<string, unknown>;
  /** What the context object of the initializer has of its own. */
  hookContext: Record<string, unknown>;
  /** Invocations handled at the same time. What comes beyond waits in the instance for its turn. */
  concurrency: number;
  /** Call handlers so that 'uncaught' exception breakpoints stop where the error is thrown. */
  debugged: boolean;
  /** Tell with what is printed which line did; absent: nobody will look at it, and finding out costs time per line. */
  positions?: boolean;
  /** Folders of packages that have breakpoints; under a debugger only. */
  packagesWithBreakpoints?: string[];
  /** Watch invocations for what surprises in the cloud; absent: nothing of it is loaded. */
  observe?: ObserveOptions;
  /** What makes this start faster, and what is to be noted for the next one. */
  start?: StartHelp;
  /** Tell in `loaded` what each import costs. */
  profile?: ProfileOptions;
}

/** Compiled code of earlier starts of the function. */
export interface KnownCode {
  /** Absolute path of the pack file. It may be missing; the host has checked it when `ready`. */
  file: string;
  ready: boolean;
  /** Whether the paths that packages' requests led to are still those. */
  resolutions: boolean;
}

export interface StartHelp {
  code?: KnownCode;
  /** Folder of the interpreter's own cache, for what the pack cannot hold. */
  ownCache?: string;
  /** Note what the function's own code loads, for `remember`. */
  learn: boolean;
}

/** A package that own code loads: the request and the file it stands in. */
export interface PackageRequest {
  kind: 'require' | 'import';
  request: string;
  from: string;
}

/** Tells a booted spare what the function will need besides its own code. Answered by `preloaded`. */
export interface PreloadCommand {
  type: 'preload';
  contract: string;
  builtins: string[];
  /** In the order in which own code loads them. */
  packages: PackageRequest[];
  /** Variables own code sets, each with the index of the first package that is loaded after it was set. */
  writes: [name: string, before: number][];
  code?: KnownCode;
  /** As in `LoadCommand`: packages may keep the functions that are watched. */
  observe?: ObserveOptions;
}

/** Asks, after the first answer, what the start has shown, and to keep its compiled code. Answered by `remembered`. */
export interface RememberCommand {
  type: 'remember';
  /** Where compiled code is kept; absent: it is not. */
  codeFile?: string;
}

/**
 * Hands one event over; the frame's body is the event. It may be sent right behind the load command: the handler then
 * starts as soon as its code is there, without a round trip. When loading fails it gets no answer of its own.
 */
export interface InvokeCommand {
  type: 'invoke';
  id: string;
  /** Time the handler may take, in milliseconds from its start. */
  timeoutMs: number;
  /** What the contract's context object has of this invocation alone. */
  context: Record<string, unknown>;
  debugged: boolean;
}

/** Opens the inspector on a free loopback port. */
export interface InspectCommand {
  type: 'inspect';
}

/** Closes the inspector; the instance lives on. */
export interface CloseInspectorCommand {
  type: 'closeInspector';
}

/** Asks for the events that were handed ahead and have not begun: a call takes longer than was thought. */
export interface GiveBackCommand {
  type: 'giveBack';
}

/** Asks the instance, which is at rest and will be frozen, to run its pre-freeze hook. Answered by `hook`. */
export interface PreFreezeCommand {
  type: 'preFreeze';
  /** What the contract's context object of the hook has of its own. */
  context: Record<string, unknown>;
}

/** Asks the instance to run its pre-stop hook and its handlers of SIGTERM, if it has any, and to exit. */
export interface StopCommand {
  type: 'stop';
  /** What the contract's context object of the hook has of its own. */
  context: Record<string, unknown>;
  /** Whether handlers of SIGTERM get their turn. */
  terminate: boolean;
}

/** Bytes of a streamed result have left the host: as many more may be sent. */
export interface TakenCommand {
  type: 'taken';
  id: string;
  bytes: number;
}

/** Nobody waits for an invocation any more, whose instance serves others as well. What can be broken off is. */
export interface CancelCommand {
  type: 'cancel';
  id: string;
}

export type HostToInstance =
  | LoadCommand
  | InvokeCommand
  | InspectCommand
  | CloseInspectorCommand
  | GiveBackCommand
  | PreFreezeCommand
  | StopCommand
  | PreloadCommand
  | RememberCommand
  | TakenCommand
  | CancelCommand;

/** An error as it left the user's code: the stack is raw, positions are mapped by the host. */
export interface RawError {
  type: string;
  message: string;
  stack: string[];
  /** Where in the user's code it came from, when the language knows that better than its stack tells. */
  at?: [file: string, line: number, column: number];
}

export interface BootedMessage {
  type: 'booted';
  atUs: number;
  pid: number;
  version: string;
}

/** The code is loaded and the initializer, if any, has run. */
export interface LoadedMessage {
  type: 'loaded';
  loadStartUs: number;
  loadEndUs: number;
  initStartUs?: number;
  initEndUs?: number;
  code?: CodeUse;
  /** When the load command asked for it. */
  imports?: ImportGraph;
}

/** How much of what was loaded had been compiled by an earlier start; `missedBytes` is the text that had not. */
export interface CodeUse {
  used: number;
  missed: number;
  missedBytes: number;
}

/** The spare is ready. `refused`: it is not fit to serve, as this package did more than be loaded. */
export interface PreloadedMessage {
  type: 'preloaded';
  /** Absolute paths of what was loaded, as far as it is known. */
  files: string[];
  refused?: { index: number; reason: string };
}

/** What a start has shown. */
export interface RememberedMessage {
  type: 'remembered';
  builtins: string[];
  packages: PackageRequest[];
  writes: [name: string, before: number][];
  /** From this package on nothing may be loaded early. */
  stop?: { index: number; reason: string };
  /** The pack that was written, with V8's tag for version and flags; or why there is none. */
  code?: { bytes: number; tag: number } | { error: string };
}

export interface LoadFailedMessage {
  type: 'loadFailed';
  phase: 'load' | 'init';
  startUs: number;
  endUs: number;
  error: RawError;
}

/** A hook begins or has ended; `loadStartUs` comes with the initializer, which ends the phase `load`. */
export interface HookMessage {
  type: 'hook';
  hook: 'initializer' | 'preFreeze' | 'preStop';
  edge: 'start' | 'end';
  atUs: number;
  loadStartUs?: number;
  error?: RawError;
}

/** The code has a handler for SIGTERM. */
export interface ListensMessage {
  type: 'listens';
  signal: 'SIGTERM';
  /** Time it is to be given, in milliseconds, where that is more than its platform's usual. */
  graceMs?: number;
}

/** A result begins that is sent while it is made. `result` or `error` ends it, without a body of its own. */
export interface StreamMessage {
  type: 'stream';
  id: string;
  start: StreamStart;
}

/** The frame's body is the next part of such a result. At most `streamLimits.ahead` bytes are sent before `taken` answers them. */
export interface ChunkMessage {
  type: 'chunk';
  id: string;
}

/** Bytes of one chunk, and of all that are on their way. */
export const streamLimits = { chunk: 64 * 1024, ahead: 256 * 1024 } as const;

/** The handler answered; the frame's body is the result. */
export interface ResultMessage {
  type: 'result';
  id: string;
  startUs: number;
  endUs: number;
  /** Timers, sockets and other resources would go on after the answer. */
  leftOpen?: boolean;
  /** Peak resident memory of the process in KiB, as it knows it itself: on Linux that of its parent counts in. */
  peakKB: number;
  /** An `observed` message follows: the record waits for it, the caller does not. */
  observing?: true;
  /** Full size of a result that is too large for a frame; the body is empty then. */
  omittedBytes?: number;
}

/** The handler failed; the frame's body is the platform's error body. `handled`: reported through the contract, not thrown. */
export interface ErrorMessage {
  type: 'error';
  id: string;
  startUs: number;
  endUs: number;
  leftOpen?: boolean;
  peakKB: number;
  handled: boolean;
  error: RawError;
  /** The process ends with this answer: it cannot serve again. */
  exiting?: boolean;
  observing?: true;
}

/**
 * Text written by the function. With a level it is one entry, otherwise it is cut into lines; `frame` is the raw place that
 * wrote it.
 */
export interface LogMessage {
  type: 'log';
  /** Absent outside of invocations. */
  id?: string;
  atUs: number;
  stream: 'stdout' | 'stderr';
  level?: LogLevel;
  text: string;
  frame?: [file: string, line: number, column: number];
}

/** Events that were handed ahead and will not be begun here. */
export interface GaveBackMessage {
  type: 'gaveBack';
  ids: string[];
}

export interface InspectorMessage {
  type: 'inspector';
  /** Empty: no debugger can come. */
  url: string;
  /** What the interpreter lacks for that, and how to get it. */
  missing?: string;
  /** Why there is nothing to be debugged in it: no lack, and nobody's fault. */
  declined?: string;
}

/** Code outside of an invocation failed, e.g. a timer that threw; the instance ends. */
export interface FatalMessage {
  type: 'fatal';
  error: RawError;
}

export type InstanceToHost =
  | BootedMessage
  | LoadedMessage
  | LoadFailedMessage
  | ResultMessage
  | ErrorMessage
  | LogMessage
  | GaveBackMessage
  | InspectorMessage
  | ObservedMessage
  | FatalMessage
  | HookMessage
  | ListensMessage
  | PreloadedMessage
  | RememberedMessage
  | StreamMessage
  | ChunkMessage;
