import { randomUUID } from 'node:crypto';
import { exchange, type HttpAnswer } from '../../support/httpExchange.ts';
import { authorization, queryText, sha256, type AccessKey } from './signature.ts';

export interface FcRequest {
  /** Name of the operation, e.g. `GetFunction`; signed. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Of which service it is, for people; Function Compute when absent. */
  service?: 'OSS';
  /** Below the version, percent-encoded, e.g. `/functions/hello`. */
  path: string;
  query?: Record<string, string>;
  /** Sent as JSON; bytes as they are. */
  body?: object;
  headers?: Record<string, string>;
  /** A connection on which nothing moves for so long ends, in milliseconds. */
  idleMs?: number;
  signal?: AbortSignal | undefined;
}

export interface Sender {
  /** Address with scheme, without path. */
  endpoint: string;
  key: AccessKey;
}

const version = '2023-03-30';
/** Results of functions have at most 32 MB. */
export const largestAnswer = 40 * 1024 * 1024;

/** Signs a request and sends it once. Throws what the connection says, or the signal's reason. */
export function send({ endpoint, key }: Sender, request: FcRequest): Promise<HttpAnswer> {
  const { operation, method, query = {}, signal, idleMs = 120_000 } = request;
  const base = new URL(endpoint);
  const path = `/${version}${request.path}`;
  const raw = request.body instanceof Uint8Array;
  const body =
    request.body && (raw ? (request.body as Uint8Array) : Buffer.from(JSON.stringify(request.body)));
  const bodySha256 = sha256(body ?? '');
  const headers: Record<string, string> = {
    ...request.headers,
    host: base.host,
    accept: 'application/json',
    'user-agent': 'porchlight',
    'x-acs-version': version,
    'x-acs-action': operation,
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': bodySha256,
    ...(body && { 'content-type': raw ? 'application/octet-stream' : 'application/json; charset=utf-8' }),
    ...(key.securityToken !== undefined && {
      'x-acs-accesskey-id': key.id,
      'x-acs-security-token': key.securityToken,
    }),
  };
  headers['authorization'] = authorization({ method, path, query, headers, bodySha256 }, key);
  const text = queryText(query);
  const url = new URL(text === '' ? path : `${path}?${text}`, base);
  return exchange({ url, method, headers, body, idleMs, signal }, largestAnswer);
}
