import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { isConnectionError, isLoopbackName, openExchange, readBody } from '../../../support/httpExchange.ts';
import type { HttpAnswer, HttpRequest } from '../../../support/httpExchange.ts';
import { registryHost } from '../imageName.ts';
import { Authorization } from './authorization.ts';
import type { RegistryCredentials } from './credentials.ts';
import { refusal, refused, RegistryRefusal } from './registryRefusal.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** Attempts at one request, with the first. */
const attempts = 6;
const longestPauseMs = 30_000;
const mostRedirects = 5;
/** Errors and listings; manifests may have 4 MB (distribution specification), and configurations alike. */
export const largestText = 8 * 1024 * 1024;

export interface RegistryOptions {
  registry: string;
  repository: string;
  /** Rights that are needed: `pull`, or `pull,push`. */
  actions: string;
  /** Scopes of other repositories, for mounting from them. */
  moreScopes?: string[];
  credentials: () => Promise<RegistryCredentials | undefined>;
  /** Milliseconds of the first pause before a request is repeated; later ones are longer. */
  pauseMs?: number | undefined;
}

export interface RegistryRequest extends Pick<HttpRequest, 'headers' | 'signal' | 'idleMs'> {
  method: string;
  /** Path below `/v2/<repository>/`, or an address that the registry gave. */
  at: string | URL;
  /** What it does, for messages, e.g. `the upload of a layer`. */
  action: string | Phrase;
  /** Made anew for each attempt. */
  body?: () => NonNullable<HttpRequest['body']>;
  /** Answers besides 2xx that are no refusal. */
  accept?: number[];
}

/**
 * One repository of a registry, by the OCI distribution protocol: authorization when it is asked for, redirects, and
 * repetitions of what is throttled, fails or is cut, each with a bound.
 */
export class RegistryClient {
  readonly registry: string;
  readonly repository: string;
  readonly #options: RegistryOptions;
  readonly #authorization: Authorization;
  /** What is in credentials, once they were looked for. */
  #secrets: string[] = [];
  #hasCredentials = false;

  constructor(options: RegistryOptions) {
    const { registry, repository, actions, moreScopes = [] } = options;
    this.registry = registry;
    this.repository = repository;
    this.#options = options;
    this.#authorization = new Authorization({
      registry,
      scopes: [`repository:${repository}:${actions}`, ...moreScopes],
      credentials: () => this.#findCredentials(),
    });
  }

  /** A request with its whole answer, which is at most so long; repeated while that may help. */
  ask(request: RegistryRequest, largest = largestText): Promise<HttpAnswer> {
    return this.repeated(request, () => this.once(request, largest));
  }

  /** The same, sent once. */
  async once(request: RegistryRequest, largest = largestText): Promise<HttpAnswer> {
    const answer = await this.open(request);
    const body = await readBody(answer, largest);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body };
  }

  /** Repeats what is throttled, fails, or is cut; errors are told as refusals of this registry. */
  async repeated<T>(
    { action, signal }: Pick<RegistryRequest, 'action' | 'signal'>,
    work: (attempt: number) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      try {
        return await work(attempt);
      } catch (error) {
        signal?.throwIfAborted();
        const passing = error instanceof RegistryRefusal ? error.passing : isConnectionError(error);
        if (!passing || attempt >= attempts) throw this.#told(error, action);
        await this.#pause(attempt, signal, error instanceof RegistryRefusal ? error.retryAfterMs : undefined);
      }
    }
  }

  /** Sends a request once; the answer's body is the caller's to read. Refusals are thrown, unless they are accepted. */
  async open(request: RegistryRequest): Promise<IncomingMessage> {
    const { accept = [] } = request;
    for (let asked = 0; ; asked++) {
      const answer = await this.#follow(request);
      const status = answer.statusCode ?? 0;
      if ((status >= 200 && status < 300) || accept.includes(status)) return answer;
      const body = await readBody(answer, largestText);
      const challenge = answer.headers['www-authenticate'];
      // A token that has run out is asked for anew, once.
      if (status === 401 && asked === 0 && challenge !== undefined) {
        if (await this.#authorization.answer(challenge, request.signal)) continue;
      }
      throw new RegistryRefusal({ status, headers: answer.headers, body });
    }
  }

  /** The address a registry names for what comes next; it may be relative. Nothing is sent where others may listen. */
  resolve(location: string | undefined, action: string | Phrase): URL {
    const base = this.#address('');
    if (location === undefined || !URL.canParse(location, base.href))
      throw refused(this.registry, action, phrase('its answer names no address to go on with.'));
    return this.#checked(new URL(location, base), action);
  }

  async #follow(request: RegistryRequest): Promise<IncomingMessage> {
    const { method, action, headers, signal, idleMs, body } = request;
    let url = typeof request.at === 'string' ? this.#address(request.at) : this.#checked(request.at, action);
    const home = this.#address('').host;
    for (let redirects = 0; ; redirects++) {
      const { header } = this.#authorization;
      // Storage that a registry sends to authorizes by the address itself, and must not learn more.
      const own = url.host === home && header !== undefined ? { authorization: header } : {};
      const answer = await openExchange({
        url,
        method,
        headers: { ...headers, ...own },
        body: body?.(),
        signal,
        ...(idleMs !== undefined && { idleMs }),
      });
      const { location } = answer.headers;
      const moved = [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) && location !== undefined;
      if (!moved) return answer;
      answer.resume();
      if (redirects >= mostRedirects || !URL.canParse(location, url.href))
        throw refused(this.registry, action, phrase('it redirects without an end.'));
      url = this.#checked(new URL(location, url), action);
    }
  }

  /** Loopback registries speak HTTP, all others HTTPS. */
  #address(path: string): URL {
    const host = registryHost(this.registry);
    const scheme = isLoopbackName(host.replace(/:\d+$/, '')) ? 'http' : 'https';
    return new URL(`${scheme}://${host}/v2/${this.repository}/${path}`);
  }

  #checked(url: URL, action: string | Phrase): URL {
    if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackName(url.hostname))) return url;
    throw refused(
      this.registry,
      action,
      phrase('it leads to {protocol}//{host}, which is not encrypted.', {
        protocol: url.protocol,
        host: url.host,
      }),
    );
  }

  async #findCredentials(): Promise<RegistryCredentials | undefined> {
    const found = await this.#options.credentials();
    this.#hasCredentials = found !== undefined;
    if (found) {
      const secret = found.kind === 'password' ? found.password : found.token;
      const encoded = found.kind === 'password' ? [basicText(found.username, found.password)] : [];
      this.#secrets = [secret, encodeURIComponent(secret), ...encoded].filter((text) => text.length > 3);
    }
    return found;
  }

  #told(error: unknown, action: string | Phrase): unknown {
    const hide = (text: string) =>
      this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
    const { registry } = this;
    return refusal(error, { registry, action, hide, hasCredentials: this.#hasCredentials });
  }

  async #pause(attempt: number, signal: AbortSignal | undefined, wantedMs = 0): Promise<void> {
    const ms = Math.min((this.#options.pauseMs ?? 500) * 2 ** (attempt - 1), 10_000);
    const spread = ms * (0.75 + Math.random() / 2);
    await wait(Math.min(Math.max(spread, wantedMs), longestPauseMs), undefined, signal ? { signal } : {});
  }
}

function basicText(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}
