import qs from 'qs';
import { readWebEvent, type WebRequest } from '../../../model/webMessage.ts';

/** A request as a template's server sees it. */
export interface FunctionRequest {
  /** A request that arrived by HTTP; otherwise an event given by hand, whose result is the body alone. */
  isHttp: boolean;
  method: string;
  path: string;
  query: Record<string, unknown>;
  /** Names lower case, values as Node's parser joins them. */
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** The request an event is. One given by hand is posted to the function's root. */
export function requestOf(event: Buffer): FunctionRequest {
  const web = readWebEvent(event);
  const { method, url, headers, body }: WebRequest = web ?? {
    method: 'POST',
    url: '/',
    headers: [
      ['host', 'localhost'],
      ['content-type', typeByHand(event)],
      ['content-length', String(event.byteLength)],
    ],
    body: event,
  };
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return {
    isHttp: web !== undefined,
    method,
    path,
    query: qs.parse(query, { allowPrototypes: true }),
    headers: joined(headers),
    body: Buffer.from(body),
  };
}

function typeByHand(event: Buffer): string {
  try {
    const value: unknown = JSON.parse(event.toString('utf8'));
    return typeof value === 'object' ? 'application/json' : 'text/plain';
  } catch {
    return 'text/plain';
  }
}

/** Headers of which Node keeps the first value only (documentation of `http.IncomingMessage.headers`). */
const single = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

function joined(pairs: [string, string][]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [given, value] of pairs) {
    const name = given.toLowerCase();
    const before = headers[name];
    if (before === undefined) headers[name] = name === 'set-cookie' ? [value] : value;
    else if (Array.isArray(before)) before.push(value);
    else if (!single.has(name)) headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return headers;
}
