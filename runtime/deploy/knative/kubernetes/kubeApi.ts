import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { PorchlightError } from '../../../model/errors.ts';
import {
  exchange,
  isConnectionError,
  isLoopbackName,
  type HttpAnswer,
} from '../../../support/httpExchange.ts';
import { jsonIn } from '../../../support/jsonValue.ts';
import type { KubeAccess } from './kubeconfig.ts';
import { isRefusal, KubeRefusal, refusal } from './kubeRefusal.ts';
import { KubeIdentity } from './kubeUser.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** Attempts at one request, with the first. */
const attempts = 6;
const longestPauseMs = 30_000;
const largestAnswer = 32 * 1024 * 1024;

export interface KubeRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with its query, below the server's address. */
  path: string;
  /** What it is to do, for messages: `read the service`. */
  action: string | Phrase;
  body?: object;
  /** Form of the answer; JSON by default. */
  accept?: string;
  signal?: AbortSignal | undefined;
}

export interface KubeApiOptions {
  access: KubeAccess;
  identity?: KubeIdentity;
  /** Milliseconds of the first pause; later ones are longer. */
  pollMs?: number | undefined;
}

/**
 * Requests to a cluster's API with what every deploy needs: repetitions of what is throttled, fails or is cut, each with a
 * bound, credentials that are renewed, answers that are checked, and errors with a remedy.
 *
 * It is our own: the official client (`@kubernetes/client-node` 2.0, of which only the kubeconfig would be used) is a bundle of
 * 1.4 MB that takes 0.13 s to load, cannot be cancelled, and bounds neither answers nor the programs it runs.
 */
export class KubeApi {
  readonly server: string;
  readonly #identity: KubeIdentity;
  readonly #base: URL;
  readonly #pollMs: number;
  #secrets: string[] = [];

  constructor({ access, identity = new KubeIdentity(access), pollMs = 400 }: KubeApiOptions) {
    this.server = access.cluster.server;
    this.#identity = identity;
    this.#base = checkedServer(access);
    this.#pollMs = pollMs;
  }

  /** The answer to a request. A `PorchlightError` when it is refused for good. */
  async call(request: KubeRequest): Promise<HttpAnswer> {
    const { signal } = request;
    let renewed = false;
    for (let attempt = 1, renew = false; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await this.#send(request, renew);
      } catch (error) {
        signal?.throwIfAborted();
        // A token that has run out is got anew, once.
        const expired: boolean = error instanceof KubeRefusal && error.status === 401 && !renewed;
        renew = expired;
        renewed ||= expired;
        const passing = error instanceof KubeRefusal ? error.passing : isConnectionError(error);
        if (!expired && (!passing || attempt >= attempts)) throw this.#told(error, request.action);
        if (!expired)
          await this.pause(attempt, signal, error instanceof KubeRefusal ? error.retryAfterMs : 0);
      }
    }
  }

  /** The answer, checked. */
  async get<T extends v.GenericSchema>(schema: T, request: KubeRequest): Promise<v.InferOutput<T>> {
    const { body } = await this.call(request);
    const { success, output, issues } = v.safeParse(schema, jsonIn(body.toString('utf8')));
    if (success) return output;
    const detail = phrase('its answer is not as documented at {place}.', {
      place: v.getDotPath(issues[0]) ?? phrase('its top'),
    });
    const facts = {
      service: 'Kubernetes',
      action: phrase('to {action}', { action: request.action }),
      code: 'BadAnswer',
      detail,
    };
    throw new PorchlightError('CLOUD_REFUSED', facts);
  }

  /** The answer; undefined when what it is about is not there. */
  async find<T extends v.GenericSchema>(
    schema: T,
    request: KubeRequest,
  ): Promise<v.InferOutput<T> | undefined> {
    try {
      return await this.get(schema, request);
    } catch (error) {
      if (isRefusal(error, /^NotFound$/) && ((error as Error).cause as KubeRefusal).namesObject)
        return undefined;
      throw error;
    }
  }

  /** Takes something away; what is not there is as it should be. */
  async remove(request: Omit<KubeRequest, 'method'>): Promise<void> {
    try {
      await this.call({ ...request, method: 'DELETE' });
    } catch (error) {
      if (!isRefusal(error, /^NotFound$/)) throw error;
    }
  }

  /** Waits before something is asked again: longer each time, and as long as the cluster wants. */
  async pause(attempt: number, signal?: AbortSignal, wantedMs = 0): Promise<void> {
    const ms = Math.min(this.#pollMs * 1.6 ** (attempt - 1), Math.max(this.#pollMs, 5000));
    const spread = ms * (0.75 + Math.random() / 2);
    await wait(Math.min(Math.max(spread, wantedMs), longestPauseMs), undefined, signal ? { signal } : {});
  }

  /** Takes credentials out of a text: some answers repeat what was sent. */
  hide(text: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }

  /** Sends a request once to an address below the server's, whatever comes; for what is passed on to a function. */
  async pass(
    request: {
      method: string;
      path: string;
      headers: Record<string, string | string[]>;
      body?: Uint8Array;
      idleMs: number;
    },
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const { headers, tls, secrets } = await this.#identity.get(signal);
    this.#secrets = secrets;
    const { method, path, body, idleMs } = request;
    const sent = { ...request.headers, ...headers };
    return exchange(
      { url: this.#url(path), method, headers: sent, body, idleMs, tls, signal },
      largestAnswer,
    );
  }

  async #send(
    { method, path, body, accept = 'application/json', signal }: KubeRequest,
    renew: boolean,
  ): Promise<HttpAnswer> {
    const { headers, tls, secrets } = await this.#identity.get(signal, renew);
    this.#secrets = secrets;
    const sent = body && Buffer.from(JSON.stringify(body));
    const answer = await exchange(
      {
        url: this.#url(path),
        method,
        headers: {
          accept,
          ...(sent && { 'content-type': 'application/json' }),
          ...headers,
        },
        body: sent,
        tls,
        signal,
      },
      largestAnswer,
    );
    if (answer.status < 200 || answer.status > 299) throw new KubeRefusal(answer);
    return answer;
  }

  #url(path: string): URL {
    return new URL(`${this.#base.href.replace(/\/+$/, '')}${path}`);
  }

  #told(error: unknown, action: string | Phrase): unknown {
    return refusal(error, { action, server: this.server, hide: (text) => this.hide(text) });
  }
}

/** Credentials cross no network in clear text. */
function checkedServer({ cluster, context }: KubeAccess): URL {
  const { server } = cluster;
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const safe =
    url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackName(url.hostname)));
  if (safe) return url;
  const remedy = phrase('The server of context "{context}" has to be an https: address.', { context });
  throw new PorchlightError('CREDENTIALS_MISSING', { service: phrase('the cluster'), remedy });
}
