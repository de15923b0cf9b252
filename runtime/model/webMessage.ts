import { utf8Text } from '../support/httpText.ts';
import type { GatewayRequest, GatewayResponse } from './platform.ts';

/*
 * Requests and answers of functions that are servers, as events and results: text where it is text, so that a record
 * can be read, and a request changed and sent again.
 */

/** Shape of HTTP triggers whose function gets the request itself, not an event made of it. */
export const webShape = 'web';

/** A request as such a function gets it. */
export interface WebRequest {
  method: string;
  /** Path and query. */
  url: string;
  headers: [name: string, value: string][];
  body: Uint8Array;
  /** Who asks, where the function hears of it. */
  remoteAddress?: string;
  /** The URL as it was asked for, where the function knows where it lies. */
  target?: string;
}

interface Encoded {
  headers: [string, string][];
  body: string;
  isBase64Encoded: boolean;
}

function encode(bytes: Uint8Array): Pick<Encoded, 'body' | 'isBase64Encoded'> {
  const text = utf8Text(bytes);
  return text === undefined
    ? { body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false };
}

const toBytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');

/**
 * The event of a request. `mount`: the part of its path that stands for the function's own domain. `more`: what functions
 * of some platforms hear besides.
 */
export function webEvent(
  request: GatewayRequest,
  mount: string | undefined,
  more: Pick<WebRequest, 'remoteAddress' | 'target'> = {},
): Uint8Array {
  const { method, url, rawHeaders, body } = request;
  const below = mount !== undefined && url.startsWith(mount) && /^([/?]|$)/.test(url.slice(mount.length));
  const path = below ? url.slice(mount.length) : url;
  return toBytes({
    httpRequest: {
      method,
      url: path.startsWith('/') ? path : `/${path}`,
      headers: rawHeaders,
      ...more,
      ...encode(body),
    },
  });
}

/** The result of an answer. */
export function webResult({ status, headers, body }: GatewayResponse): Uint8Array {
  return toBytes({ httpResponse: { status, headers, ...encode(body) } });
}

/** The request an event holds; undefined for any other event. */
export function readWebEvent(event: Uint8Array): WebRequest | undefined {
  const given = messageIn(event, 'httpRequest') as
    ({ method?: unknown; url?: unknown; remoteAddress?: unknown; target?: unknown } & Encoded) | undefined;
  if (!given || typeof given.method !== 'string' || typeof given.url !== 'string') return undefined;
  if (!/^[A-Z]{1,32}$/.test(given.method) || !/^\/[^\s]*$/.test(given.url)) return undefined;
  const { method, url, remoteAddress, target } = given;
  return {
    method,
    url,
    ...decode(given),
    ...(typeof remoteAddress === 'string' && { remoteAddress }),
    ...(typeof target === 'string' && { target }),
  };
}

/** The answer a result holds; undefined for any other result. */
export function readWebResult(result: Uint8Array): GatewayResponse | undefined {
  const given = messageIn(result, 'httpResponse') as ({ status?: unknown } & Encoded) | undefined;
  const status = given?.status;
  if (!given || typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 999) {
    return undefined;
  }
  return { status, ...decode(given) };
}

function messageIn(bytes: Uint8Array, name: string): unknown {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64)).toString(
    'latin1',
  );
  if (!new RegExp(`^\\s*\\{\\s*"${name}"`).test(start)) return undefined;
  try {
    const value = (JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>)[name];
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function decode({ headers, body, isBase64Encoded }: Encoded): Pick<WebRequest, 'headers' | 'body'> {
  const pairs = Array.isArray(headers) ? headers : [];
  return {
    headers: pairs.filter(
      (pair) => Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string',
    ),
    body: Buffer.from(typeof body === 'string' ? body : '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}
