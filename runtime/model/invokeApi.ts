import type { AsyncCondition } from './asyncInvoke.ts';
import type { FunctionDefinition } from './functionDefinition.ts';
import type { MessageAttribute } from './queues/message.ts';
import type { InvocationRecord } from './invocationRecord.ts';
import type { StreamForm } from './resultStream.ts';
import type { CallFacts, GatewayResponse, Outcome } from './platform.ts';
import type { Phrase } from '../support/l10n.ts';

/** What a cloud's invoke API reads of a request besides its path and body. Header names lower case. */
export interface ApiRequest {
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a caller wants done. */
export interface ApiCall {
  /** `sync`: the answer is the result. `async`: answered at once, runs on. `dryRun`: only checked. */
  mode: 'sync' | 'async' | 'dryRun';
  /** Most bytes its event may have. */
  limit: number;
  /** The end of the log is wanted with the answer. */
  tail: boolean;
  facts: CallFacts;
  /** Worth a line under the invocation, e.g. that the version asked for is not here. */
  notes: (string | Phrase)[];
  /** An asynchronous call is to wait this long first. */
  delayMs?: number;
  /** Makes the event of a body, where the body alone is none. */
  eventOf?(body: Uint8Array, facts: { requestId: string; at: Date }): Uint8Array;
  /** Time the caller gives its function, in milliseconds, when it asks for less than that has. */
  timeoutMs?: number;
  /** Where the result of an asynchronous call is to be sent. */
  callbackUrl?: string;
  /** The caller's own id of a call, which is passed on and refused nowhere. */
  callId?: string;
  /** The caller's own id of an asynchronous call: a second call with it is refused. */
  taskId?: string;
}

/** Why a call is not carried out. `invalid` carries the platform's own code and words. */
export type Refusal =
  | { kind: 'method'; method: string }
  | { kind: 'forbidden'; detail: string }
  | { kind: 'unknownFunction'; known: string[]; gateway: string }
  | { kind: 'invalid'; code: string; message: string }
  | { kind: 'notJson'; detail: string }
  | { kind: 'tooLarge'; bytes: number; limit: number; mode: ApiCall['mode'] }
  | { kind: 'throttled' }
  | { kind: 'recursion'; detail: string }
  | { kind: 'taskExists'; taskId: string }
  | { kind: 'internal'; detail: string };

/** What a request to a trigger asks for whose caller does not wait for the result. */
export interface AsyncRequest extends Pick<ApiEndpoint, 'refuse' | 'accepted'> {
  call: ApiCall | Refusal;
}

/** An invocation that ended, for the answer to its caller. */
export interface ApiResult {
  call: ApiCall;
  definition: FunctionDefinition;
  outcome: Outcome;
  record: InvocationRecord;
}

/** One address of an invoke API: a path that names a function. Pure, like everything of a platform. */
export interface ApiEndpoint {
  /** Names the function may have in a project file, the likeliest first. */
  names: string[];
  /** It is the name under which the cloud's own emulator knows its only function. */
  onlyOne?: boolean;
  read(request: ApiRequest): ApiCall | Refusal;
  refuse(refusal: Refusal, requestId: string): GatewayResponse;
  /** The answer to an asynchronous call and to a dry run. */
  accepted(call: ApiCall, requestId: string): GatewayResponse;
  answer(result: ApiResult): GatewayResponse;
  /** What is sent to the call's `callbackUrl` when it has ended. */
  callback?(result: ApiResult, requestId: string): { headers: [string, string][]; body: Uint8Array };
  /** How a result is passed on while it is made; undefined where it is given in one piece. */
  stream?(call: ApiCall, requestId: string, definition: FunctionDefinition): StreamForm;
}

/** An address at which a cloud's API tells of functions: clients look there before they call one. Pure. */
export interface ApiCatalog extends Pick<ApiEndpoint, 'refuse'> {
  /** Names the function may have in a project file; absent: it tells of all. */
  names?: string[];
  answer(functions: FunctionDefinition[], requestId: string): GatewayResponse;
}

/** How a platform repeats asynchronous calls. Times in milliseconds. */
export interface RetryRules {
  /** Attempts in all when the function fails. */
  attempts: number;
  /** Wait after the attempt of this number, from 1, failed. */
  afterFailureMs(attempt: number): number;
  /** Wait after being refused for want of an instance for the time of this number, from 1. */
  afterThrottleMs(times: number): number;
  /** An event older than this is given up. */
  maxAgeMs: number;
}

/** An asynchronous event that is not tried again. */
export interface AsyncEnd {
  requestId: string;
  definition: FunctionDefinition;
  condition: AsyncCondition;
  attempts: number;
  event: Uint8Array;
  /** The last attempt; absent when there was none. */
  last?: { record: InvocationRecord; outcome: Outcome };
  /** Milliseconds since the epoch. */
  now: number;
}

/** A message of a cloud's queue. */
export interface AsyncDeadLetter {
  body: string;
  attributes: Record<string, MessageAttribute>;
}

/** A cloud's own API by which programs call functions: its SDKs and its command line work against the gateway. */
export interface InvokeApi {
  /** The address a path is; undefined when it is none of this API. Called for every request, so it has to be cheap. */
  at(path: string): ApiEndpoint | undefined;
  /** The address of this API at which functions are told of that a path is; undefined when it is none. */
  catalogAt?(path: string): ApiCatalog | undefined;
  retries: RetryRules;
  /** Names by which code in the cluster calls the gateway. */
  gatewayNames?: readonly string[];
  /** What destinations of asynchronous invocations get, as JSON; absent where functions have none. */
  destinationRecord?(end: AsyncEnd): object;
  /** What a dead-letter queue of a function gets; absent where functions have none. */
  deadLetter?(end: AsyncEnd): AsyncDeadLetter;
  /** Whether a caller that goes away ends its synchronous invocation. */
  endsWithCaller: boolean;
  /** Variables by which SDKs inside instances find the gateway, as far as the user's own variables do not say otherwise. */
  environment(facts: {
    gateway: string;
    /** The user's own variables. */
    user: Record<string, string>;
    /** Whether the user's home folder holds a file of this path, written with `/`. */
    hasHomeFile(path: string): boolean;
    /** The project has queues that the gateway offers. */
    hasQueues: boolean;
  }): Record<string, string>;
  /** Beginning of the caller's invocation id, as the platform's tracing carries it with every request. */
  callerPrefix?(headers: ApiRequest['headers']): string | undefined;
}
