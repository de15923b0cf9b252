import { isConnectionError, isTlsError, exchange, type HttpAnswer } from '../../support/httpExchange.ts';
import { PorchlightError } from '../../model/errors.ts';
import { contentTypeByHand } from '../../model/cloudEvents/byHand.ts';
import { readWebEvent, webResult } from '../../model/webMessage.ts';
import type { Verification } from '../target.ts';
import type { ServiceApi } from './serviceApi.ts';
import { phrase } from '../../support/l10n.ts';

/** Proxies answer so for a while when they do not know of a new address yet. */
const noUpstream = new Set([502, 503, 504]);
const attempts = 6;
/** Longer results are neither shown nor compared. */
const comparedBytes = 64 * 1024;
const largestAnswer = 40 * 1024 * 1024;

interface Call {
  revision: string;
  /** Address of the revision's tag, or of the service. */
  url: string;
  /**
   * The revision is new and has an instance: those that pass calls on may not know it yet, and then it is asked again. Otherwise
   * it may have none, and a call is made once.
   */
  fresh: boolean;
  gateway?: string | undefined;
  event: Uint8Array;
  timeoutMs: number;
}

/** Sends an event to a revision at an address, and where that is not reached from here, through the cluster's API. */
export async function invokeRevision(
  api: ServiceApi,
  call: Call,
  signal: AbortSignal,
): Promise<Verification> {
  const since = performance.now();
  const patience = call.fresh ? attempts : 1;
  for (let attempt = 1; ; attempt++) {
    const at = performance.now();
    try {
      const answer = await send(api, call, signal);
      if (noUpstream.has(answer.status) && attempt < patience) {
        await api.kube.pause(attempt, signal);
        continue;
      }
      return verificationOf(answer, performance.now() - at);
    } catch (error) {
      signal.throwIfAborted();
      if (!isConnectionError(error) && !isTlsError(error)) throw error;
      if (attempt < patience && isConnectionError(error)) {
        await api.kube.pause(attempt, signal);
        continue;
      }
      const message = `${call.url} cannot be reached from here (${error.message || error.code}). Set gateway: of the target to the address of the cluster's ingress.`;
      return { answered: false, status: 'error', durationMs: performance.now() - since, message };
    }
  }
}

async function send(api: ServiceApi, call: Call, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, gateway, event, timeoutMs, revision, fresh } = call;
  const { method, path, headers, body } = requestOf(event);
  // Nothing comes while the function works, and its start takes its time as well.
  const idleMs = timeoutMs + 120_000;
  const address = new URL(url);
  // The private service leads to instances. The public one leads to the activator where there is none, which starts one; it is told
  // whose by headers (knative/serving, `pkg/activator`), as the API's proxy has a host of its own.
  const service = fresh ? privateService(revision) : revision;
  const whose = fresh
    ? {}
    : { 'knative-serving-namespace': api.namespace, 'knative-serving-revision': revision };
  const proxied = isReachedByApi(service);
  const throughApi = () =>
    api.kube.pass(
      {
        method,
        path: `/api/v1/namespaces/${encodeURIComponent(api.namespace)}/services/${service}:80/proxy${path}`,
        headers: { ...headers, ...whose },
        ...(body && { body }),
        idleMs,
      },
      signal,
    );
  // What is known within the cluster alone is not behind the gateway for everybody, as long as it is new.
  const inside = /\.(svc|cluster)(\.|$)/.test(address.hostname);
  if (proxied && inside && (gateway === undefined || fresh)) {
    const answer = await throughApi();
    if (!isForbidden(answer)) return answer;
    if (gateway === undefined) throw new PorchlightError('CREDENTIALS_REFUSED', forbidden(call, answer));
  }
  try {
    const target = new URL(path, gateway ?? url);
    // At a gateway, the name says which service is meant.
    const named = gateway === undefined ? {} : { host: address.host };
    const tls = target.protocol === 'https:' ? { servername: address.hostname } : {};
    const request = { url: target, method, headers: { ...headers, ...named }, body, idleMs, tls, signal };
    return await exchange(request, largestAnswer);
  } catch (error) {
    const unknown =
      error instanceof Error && 'code' in error && /^(ENOTFOUND|EAI_AGAIN)$/.test(String(error.code));
    if (!unknown || !proxied) throw error;
    const answer = await throughApi();
    // Who may not use this way learns what to do about the other one.
    if (isForbidden(answer)) throw error;
    return answer;
  }
}

/** The service that leads to the instances of a revision, whether or not anybody is sent to it. */
export function privateService(revision: string): string {
  return `${revision}-private`;
}

/** Names of objects have at most 63 characters: longer ones are told apart by a hash that is Knative's own. */
export function isReachedByApi(service: string): boolean {
  return service.length <= 63;
}

/** The API's own refusal, rather than the function's answer. */
function isForbidden({ status, body }: HttpAnswer): boolean {
  return status === 403 && /"kind":\s*"Status"/.test(body.toString('latin1', 0, 200));
}

function forbidden({ revision }: Call, { status }: HttpAnswer) {
  const remedy = phrase('They need the right to create and get services/proxy, by which it is asked.');
  return {
    service: 'Kubernetes',
    code: `HTTP ${status}`,
    detail: phrase('{revision} cannot be asked.', { revision }),
    remedy,
  };
}

/** The request of an event. One that is none is posted, as `func invoke` does. */
function requestOf(event: Uint8Array) {
  const web = readWebEvent(event);
  if (!web) {
    const type = contentTypeByHand(event);
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    return { method: 'POST', path: '/', headers, body: event };
  }
  const own = /^(host|content-length|connection|transfer-encoding|forwarded|x-forwarded-.*)$/i;
  const headers = Object.fromEntries(web.headers.filter(([name]) => !own.test(name)));
  const body = web.body.byteLength > 0 ? web.body : undefined;
  return { method: web.method, path: web.url, headers, ...(body && { body }) };
}

function verificationOf({ status, headers, body }: HttpAnswer, durationMs: number): Verification {
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const told = {
    durationMs,
    body: webResult({ status, headers: pairs, body }),
    ...(body.length <= comparedBytes && { result: body.toString('utf8') }),
  };
  if (status < 400) return { answered: true, status: 'ok', ...told };
  const said = body.toString('utf8').slice(0, 1000).trim();
  const message = `it answered ${status}${said ? `: ${said}` : '.'}`;
  return { answered: !noUpstream.has(status), status: 'error', message, ...told };
}
