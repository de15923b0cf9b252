import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import type { RemoteLogLine } from '../../model/deploy.ts';
import { PorchlightError } from '../../model/errors.ts';
import { exchange, type HttpAnswer } from '../../support/httpExchange.ts';
import { jsonIn } from '../../support/jsonValue.ts';
import { functionStatus, namespaceNames, secretNames, type FunctionStatus } from './answers.ts';
import type { GatewayCredentials } from './credentials.ts';
import type { FunctionDeployment } from './deployment.ts';
import { readLogLines } from './logLines.ts';
import { badAnswer, GatewayRefusal, refusal } from './refusal.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Attempts at one request, with the first. */
const attempts = 6;
/** No longer than this is waited, whatever the gateway asks for. */
const longestPauseMs = 30_000;
/** Lists and logs are longer than the rest. */
const largestAnswer = 40 * 1024 * 1024;
/** The community edition looks an image up in its registry before it answers. */
const idleMs = 90_000;
/** Replacing shorter texts everywhere would hide what is said, not the secret. */
const shortestHidden = 6;

export interface ApiOptions {
  /** Address without a slash at its end. */
  gateway: string;
  credentials: GatewayCredentials | undefined;
  /** Certificate of an authority that is trusted beside those that Node knows, as PEM. */
  ca?: string | undefined;
  /** Milliseconds of the first pause; later ones are longer. */
  pollMs?: number | undefined;
}

interface Call {
  /** What is done, for messages. */
  action: string | Phrase;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: object;
  /** It is not repeated where it may have been carried out: the caller looks first. */
  once?: boolean;
  signal?: AbortSignal | undefined;
}

interface LogQuery {
  name: string;
  namespace: string | undefined;
  since?: number;
  tail?: number;
}

/** A request to a function, as it was made for it. */
export interface FunctionCall {
  method: string;
  /** Path and query below the function. */
  url: string;
  headers: [name: string, value: string][];
  body: Uint8Array;
  /** Nothing comes for so long while it works, in milliseconds. */
  idleMs: number;
  signal: AbortSignal;
}

/**
 * Calls to a gateway (OpenFaaS documentation "REST API") with what every deploy needs: repetitions of what fails for now,
 * answers that are checked, and errors with a remedy.
 */
export class GatewayApi {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  get gateway(): string {
    return this.#options.gateway;
  }

  /** A function; undefined when there is none of that name. */
  async find(
    name: string,
    namespace: string | undefined,
    signal?: AbortSignal,
  ): Promise<FunctionStatus | undefined> {
    const path = `/system/function/${encodeURIComponent(name)}`;
    const call = {
      action: phrase('the look at a function'),
      method: 'GET',
      path,
      query: { namespace },
      signal,
    } as const;
    return this.#unlessAbsent(() => this.#get(functionStatus, call));
  }

  /** Makes a function or, with `replace`, changes it; nothing is known of it when this fails. */
  async put(deployment: FunctionDeployment, replace: boolean, signal?: AbortSignal): Promise<void> {
    const method = replace ? 'PUT' : 'POST';
    const action = replace ? phrase('the change of a function') : phrase('the new function');
    await this.#call({ action, method, path: '/system/functions', body: deployment, once: true, signal });
  }

  /** Takes a function away; one that is not there is as it should be. */
  async remove(name: string, namespace: string | undefined, signal?: AbortSignal): Promise<void> {
    const body = { functionName: name, ...(namespace !== undefined && { namespace }) };
    const query = { namespace };
    const path = '/system/functions';
    await this.#unlessAbsent(() =>
      this.#call({
        action: phrase('the removal of a function'),
        method: 'DELETE',
        path,
        query,
        body,
        signal,
      }),
    );
  }

  /** Names of secrets; undefined where the gateway does not tell them. */
  async secrets(namespace: string | undefined): Promise<string[] | undefined> {
    const call = { action: phrase('the list of secrets'), method: 'GET', path: '/system/secrets' } as const;
    const found = await this.#unlessAbsent(() => this.#get(secretNames, { ...call, query: { namespace } }));
    return found?.map(({ name }) => name);
  }

  /** Namespaces that take functions; undefined where the gateway does not tell them. */
  async namespaces(): Promise<string[] | undefined> {
    const call = {
      action: phrase('the list of namespaces'),
      method: 'GET',
      path: '/system/namespaces',
    } as const;
    return (await this.#unlessAbsent(() => this.#get(namespaceNames, call))) ?? undefined;
  }

  /** What a function has written, oldest first: since a time (milliseconds since the epoch), or the last lines of all. */
  async logs({ name, namespace, since, tail }: LogQuery, signal?: AbortSignal): Promise<RemoteLogLine[]> {
    const from = since === undefined ? {} : { since: new Date(since).toISOString() };
    const query = { name, namespace, follow: 'false', tail: String(tail ?? -1), ...from };
    const { body } = await this.#call({
      action: phrase('the log'),
      method: 'GET',
      path: '/system/logs',
      query,
      signal,
    });
    return readLogLines(body.toString('utf8'), (text) => this.#hide(text)).slice(-(tail ?? Infinity));
  }

  /** Calls a function once. What comes is its own answer, or that of the gateway instead of it. */
  async invoke(name: string, call: FunctionCall): Promise<HttpAnswer> {
    const { method, url, headers, body, signal, idleMs: patience } = call;
    const sent: Record<string, string[]> = {};
    // The gateway is reached under its own name, and the connection is not the caller's.
    for (const [header, value] of headers) {
      if (
        !/^(host|connection|content-length|transfer-encoding|keep-alive|upgrade|te|trailer|expect)$/i.test(
          header,
        )
      )
        (sent[header] ??= []).push(value);
    }
    const action = phrase('the call of a function');
    const address = new URL(`${this.gateway}/function/${encodeURIComponent(name)}${url}`);
    try {
      return await exchange(
        { url: address, method, headers: sent, body, idleMs: patience, tls: this.#tls, signal },
        largestAnswer,
      );
    } catch (error) {
      signal.throwIfAborted();
      throw refusal(error, this.#facts(action));
    }
  }

  /** Waits before something is asked again: longer each time, and as long as the gateway wants. */
  async pause(attempt: number, signal?: AbortSignal, wantedMs = 0): Promise<void> {
    const ms = Math.min((this.#options.pollMs ?? 300) * 1.6 ** attempt, 5000);
    const longest = Math.min(Math.max(ms, wantedMs), longestPauseMs);
    await wait(longest, undefined, signal ? { signal } : {});
  }

  /** Takes the credentials out of a text. */
  #hide(text: string): string {
    const { secrets = [] } = this.#options.credentials ?? {};
    return secrets
      .filter(({ length }) => length >= shortestHidden)
      .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }

  get #tls() {
    const { ca } = this.#options;
    return ca === undefined ? undefined : { ca };
  }

  #facts(action: string | Phrase) {
    return {
      action,
      gateway: this.gateway,
      known: this.#options.credentials !== undefined,
      hide: (text: string) => this.#hide(text),
    };
  }

  async #call(call: Call): Promise<HttpAnswer> {
    const { signal, once = false, action } = call;
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await this.#send(call);
      } catch (error) {
        signal?.throwIfAborted();
        const told = refusal(error, this.#facts(action));
        const passing =
          error instanceof GatewayRefusal
            ? error.passing
            : told instanceof PorchlightError && told.code === 'CLOUD_UNREACHABLE';
        // What is throttled has not begun.
        const repeatable = passing && (!once || (error instanceof GatewayRefusal && error.status === 429));
        if (!repeatable || attempt + 1 >= attempts) throw told;
        await this.pause(attempt, signal, error instanceof GatewayRefusal ? error.retryAfterMs : undefined);
      }
    }
  }

  async #send({ method, path, query = {}, body, signal }: Call): Promise<HttpAnswer> {
    const url = new URL(`${this.gateway}${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value);
    const { credentials } = this.#options;
    const headers = {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(credentials && { authorization: credentials.authorization }),
    };
    const bytes = body && Buffer.from(JSON.stringify(body));
    const request = { url, method, headers, body: bytes, idleMs, tls: this.#tls, signal };
    const answer = await exchange(request, largestAnswer);
    if (answer.status < 200 || answer.status > 299) throw new GatewayRefusal(answer);
    return answer;
  }

  async #get<T extends v.GenericSchema>(schema: T, call: Call): Promise<v.InferOutput<T>> {
    const { body } = await this.#call(call);
    const { success, output, issues } = v.safeParse(schema, jsonIn(body.toString('utf8')));
    if (success) return output;
    const place = v.getDotPath(issues[0]);
    throw badAnswer(
      call.action,
      place === null
        ? phrase('its answer is not as documented.')
        : phrase('its answer is not as documented at {place}.', { place }),
    );
  }

  /** Undefined when what is asked for is not there, or not offered. */
  async #unlessAbsent<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof PorchlightError ? error.cause : undefined;
      if (cause instanceof GatewayRefusal && cause.absent) return undefined;
      throw error;
    }
  }
}
