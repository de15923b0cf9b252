import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { Accepted } from '../invocations/functionRuntimeOptions.ts';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { ApiCall, ApiEndpoint, Refusal } from '../model/invokeApi.ts';
import type { GatewayResponse, Platform } from '../model/platform.ts';
import { platforms } from '../platforms/index.ts';
import { gatewayVariable } from '../protocol/instance/caller.ts';
import { AnswerStream } from './answerStream.ts';
import type { AsyncEvent, AsyncInvocations, AttemptResult } from './asyncInvocations.ts';
import { callbackTarget, type Callbacks } from './callbacks.ts';
import type { Callers } from './callers.ts';
import { isForeignOrigin } from './loopback.ts';
import { retryRules } from './retryRules.ts';
import { phrase } from '../support/l10n.ts';

export interface InvokeApisOptions {
  functions(): FunctionRuntime[];
  /** What a call that is made now goes to. */
  forCall(name: string): FunctionRuntime | undefined;
  callers: Callers;
  async: AsyncInvocations;
  callbacks: Callbacks;
  /** The gateway's address. */
  gateway(): string;
  onInternalError(error: unknown): void;
}

/** What of a request's handling the gateway does. */
export interface Exchange {
  /** Throws `EVENT_TOO_LARGE`. */
  readBody(request: IncomingMessage, limit: number): Promise<Uint8Array>;
  response: ServerResponse;
  /** Ends an invocation whose caller goes away. */
  cancelOnClose(accepted: Accepted): void;
}

/** An address of a platform's invoke API. */
export interface ApiAddress {
  platform: Platform;
  endpoint: ApiEndpoint;
}

/** Ends a call with an answer of the platform's. */
class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.kind);
    this.refusal = refusal;
  }
}

/** The invoke APIs of all platforms on the gateway: SDKs and command lines of the clouds call functions here. */
export class InvokeApis {
  readonly #options: InvokeApisOptions;

  constructor(options: InvokeApisOptions) {
    this.#options = options;
  }

  /** The address a path is, if it is one of an invoke API. */
  at(path: string): ApiAddress | undefined {
    // Paths of APIs begin with their version's year or a word; nearly every other request is told apart by this alone.
    if (!path.startsWith('/20') && !path.startsWith('/async-function/')) return undefined;
    for (const platform of platforms) {
      const endpoint = platform.invokeApi?.at(path);
      if (endpoint) return { platform, endpoint };
    }
    return undefined;
  }

  /** What a cloud's API tells of its functions, where a request asks for that. */
  catalog({ method, headers }: IncomingMessage, path: string): GatewayResponse | undefined {
    if (method !== 'GET' || !path.startsWith('/20')) return undefined;
    for (const platform of platforms) {
      const catalog = platform.invokeApi?.catalogAt?.(path);
      if (!catalog) continue;
      const requestId = platform.newRequestId();
      if (isForeignOrigin(headers.origin, headers.host)) {
        const detail = 'Web pages cannot list functions here.';
        return catalog.refuse({ kind: 'forbidden', detail }, requestId);
      }
      const own = this.#options.functions().filter((fn) => fn.platform === platform);
      const { names } = catalog;
      const told = own
        .map(({ definition }) => definition)
        .filter(({ name }) => names?.includes(name) ?? true);
      if (names === undefined || told.length > 0) return catalog.answer(told, requestId);
      const known = own.map(({ definition }) => definition.name);
      return catalog.refuse({ kind: 'unknownFunction', known, gateway: this.#options.gateway() }, requestId);
    }
    return undefined;
  }

  /**
   * Carries out what a request asks for, and gives the answer; undefined when that was passed on while it was made. Never
   * rejects: whatever goes wrong is told in the platform's form.
   */
  async answer(
    address: ApiAddress,
    request: IncomingMessage,
    exchange: Exchange,
  ): Promise<GatewayResponse | undefined> {
    const requestId = address.platform.newRequestId();
    try {
      return await this.#carryOut(address, request, requestId, exchange);
    } catch (error) {
      const refusal = refusalFor(error);
      if (refusal.kind === 'internal') this.#options.onInternalError(error);
      return address.endpoint.refuse(refusal, requestId);
    }
  }

  async #carryOut(
    { platform, endpoint }: ApiAddress,
    request: IncomingMessage,
    requestId: string,
    { readBody, response, cancelOnClose }: Exchange,
  ): Promise<GatewayResponse | undefined> {
    const { method = '', headers, url = '' } = request;
    if (isForeignOrigin(headers.origin, headers.host))
      throw new Refused({ kind: 'forbidden', detail: 'Web pages cannot invoke functions here.' });
    if (method !== 'POST') throw new Refused({ kind: 'method', method });
    const call = endpoint.read({ query: new URL(url, 'http://gateway').searchParams, headers });
    if ('kind' in call) throw new Refused(call);
    const fn = this.#find(platform, endpoint);
    if (call.mode === 'dryRun') return endpoint.accepted(call, requestId);
    const caller = this.#options.callers.of(headers, fn, call.mode === 'sync');
    const body = await readLimited(request, readBody, call);
    const event = call.eventOf?.(body, { requestId, at: new Date(fn.clock.epochMs()) }) ?? body;
    if (call.mode === 'async') {
      const rules = retryRules(fn)!;
      const { name } = fn.definition;
      const answersTo = this.#callback({ platform, endpoint }, call, fn.definition, requestId);
      const taken = this.#options.async.add({
        function: name,
        requestId,
        event,
        call,
        caller,
        rules,
        ...answersTo,
      });
      if (taken === 'full') throw new Refused({ kind: 'throttled' });
      if (taken === 'taskExists') throw new Refused({ kind: 'taskExists', taskId: call.taskId! });
      return endpoint.accepted(call, requestId);
    }
    const sink =
      endpoint.stream && new AnswerStream(response, () => endpoint.stream!(call, requestId, fn.definition));
    // Here alone: each asking counts as a call.
    const serving = this.#options.forCall(fn.definition.name) ?? fn;
    const accepted = serving.accept({
      id: requestId,
      event,
      trigger: 'event',
      label: `${platform.displayName} API`,
      call: call.facts,
      timeoutMs: call.timeoutMs,
      notes: call.notes,
      ...(sink && { sink }),
      ...caller,
    });
    if (platform.invokeApi!.endsWithCaller) cancelOnClose(accepted);
    const [outcome, record] = await Promise.all([accepted.outcome, accepted.record]);
    if (sink?.end(outcome, record)) return undefined;
    if (record.status === 'throttled') throw new Refused({ kind: 'throttled' });
    return endpoint.answer({ call, definition: serving.definition, outcome, record });
  }

  /** Has the result sent to where the call says, if that is on this machine; otherwise a note says why not. */
  #callback(
    { platform, endpoint }: ApiAddress,
    call: ApiCall,
    definition: FunctionDefinition,
    requestId: string,
  ): Pick<AsyncEvent, 'onAttempt' | 'onEnd'> {
    if (call.callbackUrl === undefined || !endpoint.callback) return {};
    const { gateway, callbacks } = this.#options;
    const target = callbackTarget(call.callbackUrl, gateway(), platform.invokeApi?.gatewayNames);
    if ('refused' in target) {
      call.notes.push(
        phrase("Its result is not sent to the caller's callback: {why}.", { why: target.refused }),
      );
      return {};
    }
    let last: AttemptResult | undefined;
    return {
      onAttempt: (result) => (last = result),
      onEnd: () => {
        if (!last) return;
        const callback = endpoint.callback!({ call, definition, ...last }, requestId);
        void callbacks.send(target, `${definition.name} (request ${requestId})`, callback);
      },
    };
  }

  #find(platform: Platform, endpoint: ApiEndpoint): FunctionRuntime {
    const own = this.#options.functions().filter((fn) => fn.platform === platform);
    for (const name of endpoint.names) {
      const found = own.find((fn) => fn.definition.name === name);
      if (found) return found;
    }
    if (endpoint.onlyOne && own.length === 1) return own[0]!;
    const known = own.map((fn) => fn.definition.name);
    throw new Refused({ kind: 'unknownFunction', known, gateway: this.#options.gateway() });
  }
}

/** The body within the call's own bound. */
async function readLimited(
  request: IncomingMessage,
  readBody: Exchange['readBody'],
  { limit, mode }: ApiCall,
): Promise<Uint8Array> {
  try {
    return await readBody(request, limit);
  } catch (error) {
    if (!(error instanceof PorchlightError) || error.code !== 'EVENT_TOO_LARGE') throw error;
    // The rest is read and dropped: callers that still send would not see the answer otherwise.
    request.removeAllListeners('data').resume();
    throw new Refused({ kind: 'tooLarge', bytes: Number(error.facts['bytes']), limit, mode });
  }
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof Refused) return error.refusal;
  if (error instanceof PorchlightError) {
    if (error.code === 'EVENT_NOT_JSON') return { kind: 'notJson', detail: String(error.facts['detail']) };
    if (error.code === 'CALLS_CIRCLE') return { kind: 'recursion', detail: error.message };
  }
  return { kind: 'internal', detail: error instanceof Error ? error.message : String(error) };
}

/** Variables by which a function's code finds the gateway, and SDKs their platform's API on it. */
export function gatewayEnvironment(
  platform: Platform,
  gateway: string,
  user: Record<string, string>,
  hasQueues: boolean,
): Record<string, string> {
  const hasHomeFile = (path: string): boolean => existsSync(join(homedir(), ...path.split('/')));
  return {
    [gatewayVariable]: gateway,
    ...platform.invokeApi?.environment({ gateway, user, hasHomeFile, hasQueues }),
  };
}
