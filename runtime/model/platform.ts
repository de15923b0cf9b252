import type { FunctionDefinition, HttpTrigger } from './functionDefinition.ts';
import type { HttpAuth } from './httpAuth.ts';
import type { InvocationError, InvocationSummary } from './invocationRecord.ts';
import type { AsyncRequest, InvokeApi } from './invokeApi.ts';
import type { StreamForm, StreamStart } from './resultStream.ts';
import type { SourceContracts } from './sourceContracts.ts';
import type { LanguageId, PlatformId } from './words.ts';

/** A request as the gateway received it. Header names lower case, values as Node's parser joins them. */
export interface GatewayRequest {
  method: string;
  /** Path and query exactly as sent. */
  url: string;
  rawHeaders: [name: string, value: string][];
  body: Uint8Array;
  remoteAddress: string;
  /** Parameters of the trigger's path pattern. */
  pathParameters: Record<string, string>;
}

/** What the gateway sends back. */
export interface GatewayResponse {
  status: number;
  headers: [name: string, value: string][];
  body: Uint8Array;
}

/**
 * What kind of failure an invocation ended with, in words of no platform. `handled`: reported through the contract;
 * `unhandled`: thrown, or the code cannot be loaded; `initialization`: the initializer failed or took too long;
 * `exit`: the process ended; `tooLarge`: the result exceeds the platform's limit; `refused`: it never began, for a
 * reason in the project or the call.
 */
export type FailureCategory =
  | 'handled'
  | 'unhandled'
  | 'initialization'
  | 'timeout'
  | 'oom'
  | 'exit'
  | 'tooLarge'
  | 'throttled'
  | 'interrupted'
  | 'refused';

/** How a handler ended, seen from the platform's contract. `body` is the handler's result as the contract encodes it. */
export type Outcome =
  | {
      kind: 'result';
      body: Uint8Array;
      /** It was made bit by bit; `body` is all of it, or what is recorded of one that was passed on. */
      streamed?: StreamStart;
    }
  | {
      kind: 'error';
      error: InvocationError;
      handled: boolean;
      category: FailureCategory;
      body: Uint8Array;
    };

/** Facts of an invocation that its platform's context object and environment show. */
export interface InvocationFacts {
  requestId: string;
  trigger: string;
  /** Id of the record: differs from the request id when an attempt before had that one. */
  invocationId?: string;
  call?: CallFacts;
}

/** What only the platform's own invoke API says about a call. */
export interface CallFacts {
  /** What the caller passes along for the context object. */
  clientContext?: unknown;
  /** The caller's tracing header. */
  trace?: string;
  /** The version or alias that the caller names, where it is not the latest. */
  qualifier?: string;
  /** The tenant that the caller calls for. */
  tenantId?: string;
  /** Attempts before this one. */
  retryCount?: number;
}

/** What an HTTP answer may tell of its exchange besides the outcome. Of what is tried out without a request only the id is known. */
export interface AnswerFacts {
  requestId: string;
  request?: Pick<GatewayRequest, 'rawHeaders'>;
  /** When the request arrived. */
  at?: Date;
  /** Time from then to the outcome, in milliseconds. */
  elapsedMs?: number;
}

/** Facts of an instance that its environment shows. */
export interface InstanceFacts {
  instanceId: string;
  codeRoot: string;
  /** Its code is loaded ahead of any call. */
  provisioned: boolean;
  /** Version of the interpreter, e.g. `22.11.0`; empty for programs. */
  version: string;
  /** When it starts. */
  startedAt: Date;
}

/** Limits of a platform, in the units of a definition. Checked when a project is read and when a call arrives. */
export interface PlatformLimits {
  memoryMB: { min: number; max: number; step: number };
  timeoutMs: { min: number; max: number };
  requestBytes: number;
  /** Bytes of the path of a request to a trigger; absent: as many as fit into a request. */
  pathBytes?: number;
  responseBytes: number;
  /** Bytes of a result that is passed on while it is made; absent: any number. */
  streamedBytes?: number;
  /** How fast the cloud passes such a result on: at first as fast as can be. */
  streamPace?: { freeBytes: number; bytesPerSecond: number };
  environmentBytes: number;
  /** Time for loading the code of a new instance. An initializer hook has its own. */
  initTimeoutMs: number;
  /**
   * Whether an initialization that failed or took too long is done once more by the invocation that caused it, on a new
   * instance and within the function's time-out.
   */
  initRetried: boolean;
}

/** What a platform does with SIGTERM when it ends an instance orderly. */
export interface Termination {
  /** Time its handlers get before SIGKILL, in milliseconds. */
  graceMs: number;
  /** Under which conditions the cloud does so; told in the instance's log. */
  note: string;
}

/** Something the platform's log says around a hook, or around an initialization that failed. */
export type LifeCycleEvent =
  | { kind: 'booted'; version: string }
  | { kind: 'hook'; hook: HookName; edge: 'start' | 'end'; requestId: string; failed?: boolean }
  | {
      kind: 'initFailed';
      /** `init`: before the invocation; `invoke`: repeated within it. */
      phase: 'init' | 'invoke';
      status: 'timeout' | 'error';
      durationMs: number;
      errorType: string;
    };

/** A life-cycle hook of a function. */
export type HookName = 'initializer' | 'preFreeze' | 'preStop';

/** How an error left the user's code. */
export interface FailureFacts {
  requestId: string;
  at: Date;
  /** `handler`: thrown or rejected by it, or reported; `process`: uncaught outside of it; `init`: while loading. */
  from: 'handler' | 'process' | 'init';
  /** The language whose runtime would write it; Node.js when absent. */
  language?: LanguageId;
}

/**
 * Why a program did not come to serve. `missing`, `denied`, `format`: it cannot be started; `exited`: it ended before it
 * asked for an event or listened; `silent`: it runs, but nothing answers on `port` within `waitedMs`; `extension`: a program
 * beside it failed, which ends it.
 */
export interface StartFailure {
  why: 'missing' | 'denied' | 'format' | 'exited' | 'silent' | 'extension';
  /** The program beside it that failed, of `extension`, in the platform's words. */
  extension?: { type: string; message: string };
  /** The command as people read it. */
  command: string;
  /** Absolute path of the program, or its name. */
  program: string;
  /** Nobody named a command: it is what the platform starts by default. */
  byDefault: boolean;
  port?: number;
  waitedMs?: number;
  code: number | null;
  signal: string | null;
  /** The last of what it printed. */
  output: string;
}

/** Why the platform ended an invocation by itself. `durationMs` is what the platform would state. */
export type PlatformFault =
  | { kind: 'timeout'; timeoutMs: number; maxMemoryMB: number; requestId: string; at: Date }
  | {
      kind: 'exit';
      code: number | null;
      signal: string | null;
      durationMs: number;
      maxMemoryMB: number;
      requestId: string;
    }
  | { kind: 'start'; failure: StartFailure; durationMs: number; maxMemoryMB: number; requestId: string }
  | { kind: 'oom'; memoryMB: number; requestId: string; durationMs: number; maxMemoryMB: number }
  | { kind: 'tooLarge'; bytes: number; limit: number; requestId: string; maxMemoryMB: number };

/**
 * One cloud's contract, seen from the host. Members live in `runtime/platforms/<id>`; the core knows them only by
 * this interface. Everything here is pure: no I/O, time and ids come in as arguments.
 */
export interface Platform {
  id: PlatformId;
  displayName: string;
  limits: PlatformLimits;
  /** Name of the contract bundle the bootstrap of a language loads, per language it supports (file in `dist/contracts`). */
  contracts: Record<LanguageId, string>;
  /** Versions of a language's interpreter the platform offers, e.g. `20`, per language. */
  offers: Record<LanguageId, readonly string[]>;
  /** Handlers get parsed JSON: an event that is none is refused before it reaches an instance. */
  jsonEvents: boolean;
  newRequestId(): string;
  /** The platform's own variables; the user's win except for reserved names. */
  environment(definition: FunctionDefinition, facts: InstanceFacts): Record<string, string>;
  /** Variables a user cannot set on this platform. */
  isReservedVariable(name: string): boolean;
  /** Plain data from which the contract in the instance builds its context objects: what all invocations share. */
  context(definition: FunctionDefinition): Record<string, unknown>;
  /** What a context object has of one invocation alone; lies over the shared data. */
  callContext(definition: FunctionDefinition, facts: InvocationFacts): Record<string, unknown>;
  /** Billed time by the platform's rounding. */
  billedMs(durationMs: number): number;
  /** Lines the platform itself writes around an invocation. `started`: the start lines were written. */
  startLines(definition: FunctionDefinition, summary: InvocationSummary): string[];
  endLines(definition: FunctionDefinition, summary: InvocationSummary, started?: boolean): string[];
  /** Lines it writes about the life of an instance. */
  lifeCycleLines(definition: FunctionDefinition, event: LifeCycleEvent): string[];
  /** Lines its runtime writes for an error of the user's code. */
  failureLines(error: InvocationError, facts: FailureFacts): string[];
  /** What helps with code that cannot be loaded here, but would be in the cloud; undefined where nothing does. */
  loadNote?(error: InvocationError): string | undefined;
  /** Absent where processes get no SIGTERM. */
  termination?: Termination;
  /** The error a caller gets when the platform, not the code, ended the invocation. */
  fault(fault: PlatformFault): InvocationError;
  /** The body an invoke caller gets for an error. */
  errorBody(error: InvocationError, language?: LanguageId): Uint8Array;
  /** The event an HTTP trigger makes of a request. */
  httpEvent(
    request: GatewayRequest,
    trigger: HttpTrigger,
    definition: FunctionDefinition,
    facts: InvocationFacts & { at: Date },
  ): Uint8Array;
  /** The answer an HTTP trigger makes of an outcome. */
  httpResponse(outcome: Outcome, trigger: HttpTrigger, facts: AnswerFacts): GatewayResponse;
  /**
   * How a trigger passes a result on while it is made; undefined where it gives it in one piece, as it does all results on
   * platforms without this.
   */
  httpStream?(start: StreamStart, trigger: HttpTrigger, facts: { requestId: string }): StreamForm | undefined;
  /** The answer to a request that a trigger does not take; undefined where the platform has none of its own. */
  httpRefusal?(
    refusal:
      | { kind: 'method'; method: string; allowed: string[] }
      | { kind: 'tooLarge'; limit: number }
      | { kind: 'longPath'; limit: number },
    requestId: string,
  ): GatewayResponse;
  /**
   * The answer to a request whose caller a trigger does not let in; undefined for all others, as far as can be told here.
   * Absent where triggers let everybody in.
   */
  httpAuth?(
    request: Pick<GatewayRequest, 'rawHeaders' | 'url'>,
    auth: HttpAuth,
    facts: { trigger: HttpTrigger; requestId: string; nowMs: number },
  ): GatewayResponse | undefined;
  /** What a request asks for whose caller does not wait for its result; undefined for all others. Absent where all wait. */
  httpAsync?(request: Pick<GatewayRequest, 'rawHeaders'>, trigger: HttpTrigger): AsyncRequest | undefined;
  /** Time a request gives its function, in milliseconds, where callers can ask for less than the function has. */
  callerTimeoutMs?(request: Pick<GatewayRequest, 'rawHeaders'>): number | undefined;
  /** The path under which a function is known, of another one by which it is called as well. */
  usualPath?(path: string): string | undefined;
  /** The answer to a path that should be a function's, but none has it; undefined for all other paths. */
  unknownPath?(path: string): GatewayResponse | undefined;
  /** The platform's answer when no instance may be had. */
  throttled(): GatewayResponse;
  /** What its triggers other than HTTP say and send; kinds that are absent are fired with sample events only. */
  sources?: SourceContracts;
  /** The platform's own API for programs that call functions, on the gateway as well. */
  invokeApi?: InvokeApi;
}
