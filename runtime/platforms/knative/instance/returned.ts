import type { Readable } from 'node:stream';
import { attributeHeaders } from '../../../model/cloudEvents/http.ts';
import type { AttributeValue } from '../../../model/cloudEvents/event.ts';
import { internalError, Refusal, type Answer } from './answer.ts';
import { isCloudEvent, type CloudEventLike } from './cloudEvent.ts';

/* What a function returned as the answer to its request, by the rules of `faas-js-runtime` 3.0 and 4.0. */

type Headers = Record<string, unknown>;

/** A status, headers and what is still to be made bytes of. */
interface Payload {
  status: unknown;
  headers: Headers;
  response: unknown;
}

const methods = 'OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH';
const json = 'application/json; charset=utf-8';

/** Headers of every answer. `origin`: whom the function's own list lets in. */
export function usualHeaders(origin: string): Headers {
  return {
    'content-type': json,
    'access-control-allow-methods': methods,
    'access-control-allow-origin': origin,
  };
}

/** The answer to OPTIONS, which the function does not see. */
export function optionsAnswer(): Answer {
  const headers = { ...usualHeaders('*'), 'access-control-allow-headers': '*' };
  return { status: 204, headers: Object.entries(headers) as [string, string][], body: Buffer.alloc(0) };
}

/** The answer of what a function returned. `toEvent`: it was called with a CloudEvent, so that it may return one. */
export function answerOf(returned: unknown, origin: string, toEvent: boolean): Answer | Promise<Answer> {
  const payload =
    toEvent && isCloudEvent(returned)
      ? eventPayload(returned, origin)
      : payloadOf(returned, usualHeaders(origin));
  const type = payload.headers['content-type'];
  if (typeof type === 'string' && type.startsWith('text/plain') && typeof payload.response !== 'string')
    payload.response = JSON.stringify(payload.response);
  return isReadable(payload.response)
    ? collect(payload.response).then((response) => send({ ...payload, response }))
    : send(payload);
}

function payloadOf(returned: unknown, headers: Headers): Payload {
  if (!returned) return { status: 204, headers: { ...headers, 'content-type': 'text/plain' }, response: '' };
  if (typeof returned === 'string') {
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
      response: returned,
    };
  }
  const given = returned as { headers?: unknown; statusCode?: unknown; body?: unknown };
  const own: Headers = { ...headers };
  if (typeof given.headers === 'object') {
    for (const [name, value] of Object.entries(given.headers ?? {})) own[name.toLowerCase()] = value;
  }
  const status = given.statusCode || 200;
  if (given.body !== undefined) return { status, headers: own, response: given.body };
  if (typeof returned !== 'object') return { status, headers: own, response: undefined };
  return { status, headers: { ...own, 'content-type': json }, response: returned };
}

function eventPayload(event: CloudEventLike, origin: string): Payload {
  const { data, data_base64: base64, ...rest } = event.toJSON();
  // Newer versions of the SDK list what is not set.
  const attributes = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null && value !== undefined),
  );
  const { datacontenttype } = attributes;
  const headers: Headers = {
    ...usualHeaders(origin),
    ...attributeHeaders(attributes as Record<string, AttributeValue>),
    ...(datacontenttype !== undefined && { 'content-type': datacontenttype }),
  };
  const bytes = base64 === undefined ? undefined : Buffer.from(String(base64), 'base64');
  const value = bytes ?? data;
  const isPlain = value === undefined || typeof value === 'string' || Buffer.isBuffer(value);
  return { status: 200, headers, response: isPlain ? value : JSON.stringify(value) };
}

function isReadable(value: unknown): value is Readable {
  return typeof value === 'object' && value !== null && typeof (value as Readable).pipe === 'function';
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream)
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : (chunk as Buffer));
  return Buffer.concat(chunks);
}

/** Headers the server makes itself. */
const own = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'date']);

function send({ status, headers, response }: Payload): Answer {
  const code = statusOf(status);
  const body = bytesOf(response, headers['content-type']);
  const empty = code === 204 || code === 304;
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    own.has(name) || (empty && name === 'content-type') ? [] : headerPairs(name, value),
  );
  return { status: code, headers: pairs, body: empty ? Buffer.alloc(0) : body };
}

/** A status the server can send; a `Refusal` in its words otherwise. */
export function statusOf(given: unknown): number {
  const status = Number.parseInt(String(given), 10);
  if (status >= 100 && status <= 599) return status;
  const message = `Called reply with an invalid status code: ${String(given)}`;
  throw new Refusal(internalError(message, 'FST_ERR_BAD_STATUS_CODE'), 'InvalidAnswer', message);
}

function bytesOf(response: unknown, contentType: unknown): Buffer {
  if (response === undefined) return Buffer.alloc(0);
  if (typeof response === 'string') return Buffer.from(response, 'utf8');
  if (response instanceof Uint8Array) {
    return Buffer.from(response.buffer, response.byteOffset, response.byteLength);
  }
  if (String(contentType).includes('json')) return Buffer.from(JSON.stringify(response) ?? '', 'utf8');
  const message = `Attempted to send payload of invalid type '${typeof response}'. Expected a string or Buffer.`;
  throw new Refusal(internalError(message, 'FST_ERR_REP_INVALID_PAYLOAD_TYPE'), 'InvalidAnswer', message);
}

function headerPairs(name: string, value: unknown): [string, string][] {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    const message = `Header name must be a valid HTTP token ["${name}"]`;
    throw new Refusal(internalError(message, 'ERR_INVALID_HTTP_TOKEN'), 'InvalidAnswer', message);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map((each) => {
    const text = each === undefined ? '' : String(each);
    if (!/[^\t\x20-\x7e\x80-\xff]/.test(text)) return [name, text];
    const message = `Invalid character in header content ["${name}"]`;
    throw new Refusal(internalError(message, 'ERR_INVALID_CHAR'), 'InvalidAnswer', message);
  });
}
