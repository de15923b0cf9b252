import type { FunctionDefinition, HttpTrigger } from './functionDefinition.ts';
import type { InvocationError, InvocationSummary } from './invocationRecord.ts';
import type { InvokeApi } from './invokeApi.ts';
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

/** How a handler ended, seen from the platform's contract. `body` is the handler's result as the contract encodes it. */
export type Outcome =
  | { kind: 'result'; body: Uint8Array }
  | { kind: 'error'; error: InvocationError; handled: boolean; body: Uint8Array };

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
  /** Attempts before this one. */
  retryCount?: number;
}

/** Facts of an instance that its environment shows. */
export interface InstanceFacts {
  instanceId: string;
  codeRoot: string;
  /** Its code is loaded ahead of any call. */
  provisioned: boolean;
}

/** Limits of a platform, in the units of a definition. Checked when a project is read and when a call arrives. */
export interface PlatformLimits {
  memoryMB: { min: number; max: number; step: number };
  timeoutMs: { min: number; max: number };
  requestBytes: number;
  responseBytes: number;
  environmentBytes: number;
  initTimeoutMs: number;
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
  | { kind: 'oom'; memoryMB: number; requestId: string; durationMs: number; maxMemoryMB: number };

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
  /** Lines the platform itself writes around an invocation. */
  startLines(definition: FunctionDefinition, summary: InvocationSummary): string[];
  endLines(definition: FunctionDefinition, summary: InvocationSummary): string[];
  /** The error a caller gets when the platform, not the code, ended the invocation. */
  fault(fault: PlatformFault): InvocationError;
  /** The body an invoke caller gets for an error. */
  errorBody(error: InvocationError): Uint8Array;
  /** The event an HTTP trigger makes of a request. */
  httpEvent(
    request: GatewayRequest,
    trigger: HttpTrigger,
    definition: FunctionDefinition,
    facts: InvocationFacts & { at: Date },
  ): Uint8Array;
  /** The answer an HTTP trigger makes of an outcome. */
  httpResponse(outcome: Outcome, trigger: HttpTrigger, facts: { requestId: string }): GatewayResponse;
  /** The platform's answer when no instance may be had. */
  throttled(): GatewayResponse;
  /** The platform's own API for programs that call functions, on the gateway as well. */
  invokeApi?: InvokeApi;
}
