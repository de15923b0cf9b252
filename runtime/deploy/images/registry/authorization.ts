import * as v from 'valibot';
import { exchange, isLoopbackName } from '../../../support/httpExchange.ts';
import { readChallenges, type Challenge } from './challenge.ts';
import type { RegistryCredentials } from './credentials.ts';
import { refusal, RegistryRefusal, refused } from './registryRefusal.ts';
import { phrase } from '../../../support/l10n.ts';

const largestAnswer = 256 * 1024;

const tokenAnswer = v.looseObject({
  token: v.nullish(v.string()),
  access_token: v.nullish(v.string()),
});

export interface AuthorizationOptions {
  registry: string;
  /** What tokens are asked for, e.g. `repository:team/hello:pull,push`. */
  scopes: string[];
  /** Looked for when the registry asks for them, and then once. */
  credentials: () => Promise<RegistryCredentials | undefined>;
}

/**
 * What authorizes requests to a repository (distribution, "Token Authentication Specification"): nothing until the registry
 * asks for it; then a token of its token server, or name and password.
 */
export class Authorization {
  readonly #options: AuthorizationOptions;
  #header: string | undefined;
  #credentials: Promise<RegistryCredentials | undefined> | undefined;

  constructor(options: AuthorizationOptions) {
    this.#options = options;
  }

  /** Value of the header `Authorization`; undefined where none is needed yet. */
  get header(): string | undefined {
    return this.#header;
  }

  /** Answers a 401. A `PorchlightError` when it cannot be answered; false when the registry asks for nothing we know. */
  async answer(challengeHeader: string, signal: AbortSignal | undefined): Promise<boolean> {
    const challenges = readChallenges(challengeHeader);
    const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters['realm']);
    const credentials = await this.credentials();
    if (bearer) {
      this.#header = `Bearer ${await this.#token(bearer, credentials, signal)}`;
      return true;
    }
    if (credentials?.kind !== 'password' || !challenges.some(({ scheme }) => scheme === 'basic'))
      return false;
    this.#header = basic(credentials);
    return true;
  }

  /** What is known of who asks. */
  credentials(): Promise<RegistryCredentials | undefined> {
    return (this.#credentials ??= this.#options.credentials());
  }

  async #token(
    { parameters }: Challenge,
    credentials: RegistryCredentials | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    if (credentials?.kind === 'accessToken') return credentials.token;
    const { registry } = this.#options;
    const url = realmOf(parameters['realm']!, registry);
    const service = parameters['service'];
    // What was asked for goes along with what the registry says it needs.
    const scopes = [
      ...new Set([...this.#options.scopes, ...(parameters['scope'] ? [parameters['scope']] : [])]),
    ];
    const request =
      credentials?.kind === 'identityToken'
        ? refreshRequest(url, credentials.token, scopes, service)
        : tokenRequest(url, credentials, scopes, service);
    try {
      const answer = await exchange({ ...request, signal }, largestAnswer);
      if (answer.status !== 200) throw new RegistryRefusal(answer);
      const { success, output } = v.safeParse(tokenAnswer, JSON.parse(answer.body.toString('utf8')));
      const token = success ? output.token || output.access_token : undefined;
      if (!token || /[^\x21-\x7e]/.test(token))
        throw refused(registry, phrase('the log-in'), phrase('its answer has no token.'));
      return token;
    } catch (error) {
      throw refusal(error, {
        registry,
        action: phrase('the log-in'),
        hasCredentials: credentials !== undefined,
      });
    }
  }
}

function realmOf(text: string, registry: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Credentials go there: a network must not read them.
  const safe =
    url && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackName(url.hostname)));
  if (safe) return url;
  throw refused(
    registry,
    phrase('the log-in'),
    phrase('it names {named} as its token server, which is not safe.', { named: text.slice(0, 200) }),
  );
}

function tokenRequest(
  realm: URL,
  credentials: RegistryCredentials | undefined,
  scopes: string[],
  service: string | undefined,
) {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credentials?.kind !== 'password') return { method: 'GET', url };
  url.searchParams.set('client_id', 'porchlight');
  return { method: 'GET', url, headers: { authorization: basic(credentials) } };
}

function refreshRequest(url: URL, token: string, scopes: string[], service: string | undefined) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'porchlight',
    refresh_token: token,
    scope: scopes.join(' '),
    ...(service !== undefined && { service }),
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url, headers, body: Buffer.from(form.toString()) };
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
