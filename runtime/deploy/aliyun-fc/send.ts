import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PorchlightError } from '../../model/errors.ts';
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

export interface FcAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Sender {
  /** Address with scheme, without path. */
  endpoint: string;
  key: AccessKey;
}

const version = '2023-03-30';
/** Results of functions have at most 32 MB. */
const largestAnswer = 40 * 1024 * 1024;

/** Signs a request and sends it once. Throws what the connection says, or the signal's reason. */
export function send({ endpoint, key }: Sender, request: FcRequest): Promise<FcAnswer> {
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
  return exchange(
    base,
    { method, path: text === '' ? path : `${path}?${text}`, headers, body, idleMs, signal },
    operation,
  );
}

/** A request with everything in it; `path` holds the query as well. */
export interface Exchange {
  method: FcRequest['method'];
  path: string;
  headers: Record<string, string>;
  body: Uint8Array | undefined;
  idleMs: number;
  signal: AbortSignal | undefined;
}

/** Sends a request once, and takes a bounded answer. */
export function exchange(
  base: URL,
  { method, path, headers, body, idleMs, signal }: Exchange,
  operation: string,
): Promise<FcAnswer> {
  const target = {
    method,
    path,
    headers: { ...headers, 'content-length': String(body?.length ?? 0) },
    ...(signal && { signal }),
  };
  return new Promise((resolve, reject) => {
    const open = base.protocol === 'http:' ? httpRequest : httpsRequest;
    const sent = open(base, target, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > largestAnswer) sent.destroy(tooLarge(operation));
        else chunks.push(chunk);
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.setTimeout(idleMs, () => {
      const silent = new Error(`nothing came for ${idleMs / 1000} s.`);
      sent.destroy(Object.assign(silent, { code: 'ETIMEDOUT' }));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function tooLarge(action: string): Error {
  const detail = `its answer has more than ${largestAnswer / 1024 / 1024} MB.`;
  return new PorchlightError('CLOUD_REFUSED', {
    service: 'Function Compute',
    action,
    code: 'BadAnswer',
    detail,
  });
}
