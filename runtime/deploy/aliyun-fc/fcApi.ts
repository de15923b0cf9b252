import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { PorchlightError } from '../../model/errors.ts';
import { fcFunction, type FcFunction } from './answers.ts';
import type { HttpAnswer } from '../../support/httpExchange.ts';
import { badAnswer, FcRefusal, refusal } from './refusal.ts';
import { send, type FcRequest } from './send.ts';
import { encode, type AccessKey } from './signature.ts';
import { withTexts, phrase, type Phrase } from '../../support/l10n.ts';

/** How long a function may take to become usable after a change: networks take minutes. */
const settleMs = 300_000;
/** Another change that is under way. */
const conflictMs = 60_000;
/** What was just made is not yet known everywhere. */
const spreadMs = 30_000;
/** Attempts at one request, with the first. */
const attempts = 6;
/** Pages of lists. */
const largestPages = 50;
/** No longer than this is waited, whatever the cloud asks for. */
const longestPauseMs = 30_000;

export interface ApiOptions {
  endpoint: string;
  key: AccessKey;
  /** Milliseconds of the first pause; later ones are longer. */
  pollMs?: number;
}

export interface CallOptions {
  /** The request is not repeated where it may have been carried out: the caller looks first. */
  once?: boolean;
  /** What it refers to was just made, and may not be known everywhere yet. */
  fresh?: boolean;
  /** Sends the request once; to Function Compute when absent. */
  send?: (request: FcRequest, key: AccessKey) => Promise<HttpAnswer>;
}

/**
 * Calls to Function Compute with what every deploy needs: repetitions of what is throttled, fails or meets another
 * change, each with a bound, answers that are checked, and errors with a remedy.
 */
export class FcApi {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** One operation. A `PorchlightError` when it is refused for good. */
  async call(
    request: FcRequest,
    { once = false, fresh = false, send: way }: CallOptions = {},
  ): Promise<HttpAnswer> {
    const { signal } = request;
    const since = Date.now();
    for (let attempt = 0, failures = 0; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await this.#send(request, way);
      } catch (error) {
        signal?.throwIfAborted();
        const told = refusal(error, { ...request, endpoint: this.#options.endpoint, hide: this.#hide });
        const passing = error instanceof FcRefusal && patienceMs(error, fresh) > Date.now() - since;
        const repeatable = isRepeatable(error, told, once) && ++failures < attempts;
        if (!passing && !repeatable) throw told;
        await this.pause(attempt, signal, error instanceof FcRefusal ? error.retryAfterMs : undefined);
      }
    }
  }

  /** The answer of an operation, checked. */
  async get<T extends v.GenericSchema>(
    schema: T,
    request: FcRequest,
    options?: CallOptions,
  ): Promise<v.InferOutput<T>> {
    const { body } = await this.call(request, options);
    let parsed: unknown;
    try {
      parsed = JSON.parse(body.toString('utf8'));
    } catch {
      // Told below: no text has a shape that is expected.
    }
    const { success, output, issues } = v.safeParse(schema, parsed);
    if (success) return output;
    const place = v.getDotPath(issues[0]);
    throw badAnswer(
      request.operation,
      place === null
        ? phrase('its answer is not as documented.')
        : phrase('its answer is not as documented at {place}.', { place }),
    );
  }

  /** The answer of an operation; undefined when what it is about is not there. */
  async find<T extends v.GenericSchema>(
    schema: T,
    request: FcRequest,
  ): Promise<v.InferOutput<T> | undefined> {
    try {
      return await this.get(schema, request);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** All pages of a list, as far as there are `largestPages` of a hundred. */
  async list<T>(
    request: Omit<FcRequest, 'method'>,
    page: (
      request: FcRequest,
    ) => Promise<{ items: T[] | undefined; nextToken?: string | undefined } | undefined>,
  ): Promise<T[]> {
    const items: T[] = [];
    for (let nextToken: string | undefined, pages = 0; pages < largestPages; pages++) {
      const query = { limit: '100', ...(nextToken && { nextToken }) };
      const found = await page({ ...request, method: 'GET', query });
      items.push(...(found?.items ?? []));
      nextToken = found?.nextToken;
      if (!nextToken) break;
    }
    return items;
  }

  /** Takes something away; what is not there is as it should be. */
  async remove(request: Omit<FcRequest, 'method'>): Promise<void> {
    try {
      await this.call({ ...request, method: 'DELETE' });
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  /** A function as a version, an alias or (without a qualifier) its unpublished state has it. */
  findFunction(name: string, qualifier?: string, signal?: AbortSignal): Promise<FcFunction | undefined> {
    return this.find(fcFunction, {
      operation: 'GetFunction',
      method: 'GET',
      path: functionPath(name),
      ...(qualifier !== undefined && { query: { qualifier } }),
      signal,
    });
  }

  /** Waits until a function has taken over its last change; a change that failed is an error with the cloud's reason. */
  async settled(name: string, signal?: AbortSignal, qualifier?: string): Promise<FcFunction> {
    const found = await this.atRest(name, signal, qualifier);
    const { state, stateReason, lastUpdateStatus, lastUpdateStatusReason } = found;
    if (state !== 'Failed' && lastUpdateStatus !== 'Failed') return found;
    const reason = (state === 'Failed' ? stateReason : undefined) ?? lastUpdateStatusReason;
    throw this.#changeRefused('Failed', reason ?? phrase('no reason was given.'));
  }

  /** A function once nothing is under way with it, whatever came of its last change: a next one may do better. */
  async atRest(name: string, signal?: AbortSignal, qualifier?: string): Promise<FcFunction> {
    const since = Date.now();
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      const found = await this.findFunction(name, qualifier, signal);
      const { state, lastUpdateStatus } = found ?? {};
      if (found && state !== 'Pending' && lastUpdateStatus !== 'InProgress') return found;
      if (Date.now() - since > settleMs) {
        const how = found ? phrase('still being changed') : phrase('not there');
        const detail = phrase('{name} is {how} after {seconds} s. A later deploy completes it.', {
          name,
          how,
          seconds: settleMs / 1000,
        });
        throw this.#changeRefused('Timeout', detail);
      }
      await this.pause(attempt, signal);
    }
  }

  /** Waits before something is asked again: longer each time, and as long as the cloud wants. */
  async pause(attempt: number, signal?: AbortSignal, wantedMs = 0): Promise<void> {
    const ms = Math.min((this.#options.pollMs ?? 300) * 1.6 ** attempt, 5000);
    // Not all at the same moment again.
    const spread = ms * (0.75 + Math.random() / 2);
    await wait(Math.min(Math.max(spread, wantedMs), longestPauseMs), undefined, signal ? { signal } : {});
  }

  #changeRefused(code: string, detail: string | Phrase): PorchlightError {
    const facts = {
      service: 'Function Compute',
      action: phrase('the change'),
      code,
      detail: withTexts(detail, (text) => this.#hide(text)),
    };
    return new PorchlightError('CLOUD_REFUSED', facts);
  }

  async #send(request: FcRequest, way: CallOptions['send']): Promise<HttpAnswer> {
    const { key } = this.#options;
    const answer = await (way ? way(request, key) : send(this.#options, request));
    if (answer.status < 200 || answer.status > 299) throw new FcRefusal(answer);
    return answer;
  }

  /** Takes the credentials out of a text: some answers repeat what was sent. */
  readonly #hide = (text: string): string => {
    const { secret, securityToken } = this.#options.key;
    return [secret, securityToken].reduce<string>(
      (shown, value) => (value ? shown.replaceAll(value, '***') : shown),
      text,
    );
  };
}

/** Path of a function, and of what belongs to it: `functionPath('hello', 'aliases', 'live')`. */
export function functionPath(...parts: string[]): string {
  return `/functions/${parts.map(encode).join('/')}`;
}

/** Whether what was asked for is not there. Pages of proxies and unknown access keys have the same status, and other codes. */
function isAbsent(error: unknown): boolean {
  const cause = error instanceof PorchlightError ? error.cause : undefined;
  return cause instanceof FcRefusal && cause.status === 404 && /^\w+NotFound$/.test(cause.code);
}

/** Whether the same request may do better: it was refused for now, the service failed, or the connection did. */
function isRepeatable(error: unknown, told: unknown, once: boolean): boolean {
  if (error instanceof FcRefusal) return error.throttled || (error.failed && !once);
  return told instanceof PorchlightError && told.code === 'CLOUD_UNREACHABLE' && !once;
}

/** For how long a refusal that passes by itself is waited out. */
function patienceMs({ status, code }: FcRefusal, fresh: boolean): number {
  if (status === 409 && !/AlreadyExists$/.test(code)) return conflictMs;
  return fresh && status === 404 && /^(Function|Alias|Version)NotFound$/.test(code) ? spreadMs : 0;
}
