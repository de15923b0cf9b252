import { createRequire } from 'node:module';
import type * as Http from 'node:http';

/** What is sent back. */
export interface Answer {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer;
}

/**
 * A handler's value as the templates send it: lists and plain objects as JSON text, everything else as `express` 4 sends it,
 * whose text is HTML unless its headers say otherwise.
 */
export function answerOf(value: unknown, status: number, headers: Record<string, unknown>): Answer {
  const pairs = headerPairs(headers);
  const json = Array.isArray(value) || isPlain(value);
  if (Buffer.isBuffer(value)) return build(status, pairs, value, 'application/octet-stream');
  if (json)
    return build(status, withCharset(pairs), textBytes(JSON.stringify(value)), 'text/html; charset=utf-8');
  if (typeof value === 'string') {
    return build(status, withCharset(pairs), textBytes(value), 'text/html; charset=utf-8');
  }
  if (value === undefined || value === null) return build(status, pairs, Buffer.alloc(0), undefined);
  if (typeof value === 'number') {
    // `send(200)` of express 4 means the status, and its name as the text; one that cannot be sent throws.
    if (!(Math.trunc(value) >= 100 && Math.trunc(value) <= 999)) throw new InvalidStatus(value);
    return build(Math.trunc(value), pairs, textBytes(nameOf(value)), 'text/plain; charset=utf-8');
  }
  return build(status, pairs, textBytes(JSON.stringify(value) ?? ''), 'application/json; charset=utf-8');
}

/** The status in words; Node's module for it is loaded only here, as it would double the time of a start. */
function nameOf(status: number): string {
  const { STATUS_CODES } = createRequire(process.execPath)('node:http') as typeof Http;
  return STATUS_CODES[status] ?? String(status);
}

/** What Node.js throws for a status that is none, in its words. */
class InvalidStatus extends RangeError {
  readonly code = 'ERR_HTTP_INVALID_STATUS_CODE';

  constructor(status: number) {
    super(`Invalid status code: ${status}`);
  }

  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

function build(status: number, headers: [string, string][], body: Buffer, type: string | undefined): Answer {
  const stated = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const empty = status === 204 || status === 304;
  return {
    status,
    headers: stated || type === undefined || empty ? headers : [...headers, ['Content-Type', type]],
    body: empty ? Buffer.alloc(0) : body,
  };
}

const textBytes = (text: string): Buffer => Buffer.from(text, 'utf8');

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as object).constructor === Object;
}

function headerPairs(headers: Record<string, unknown>): [string, string][] {
  return Object.entries(headers ?? {}).flatMap(([name, value]) => {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.map((each): [string, string] => [name, String(each)]);
  });
}

/** Text is sent as UTF-8, and its content type says so. */
function withCharset(headers: [string, string][]): [string, string][] {
  return headers.map(([name, value]): [string, string] =>
    name.toLowerCase() === 'content-type' && !/charset=/i.test(value)
      ? [name, `${value}; charset=utf-8`]
      : [name, value],
  );
}
