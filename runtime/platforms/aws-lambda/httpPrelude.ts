import type { GatewayResponse, Outcome } from '../../model/platform.ts';
import type { StreamStart } from '../../model/resultStream.ts';
import { isSendableHeader } from '../../support/httpText.ts';
import { hasHeader, headersOf, statusOf } from '../httpAnswer.ts';

/* What a streamed HTTP answer begins with: JSON with status, headers and cookies, and eight zero bytes. */

const webType = /^application\/vnd\.awslambda\.http-integration-response\b/i;
const separator = Buffer.alloc(8);

/** Headers of a handler that the servers in front of it set themselves. */
const ignored = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

export type Prelude = Record<string, unknown>;

/** Whether a result says status and headers in front of its body. */
export function isWebStream({ contentType }: StreamStart): boolean {
  return contentType !== undefined && webType.test(contentType);
}

/** The beginning of such a result, and what came behind it; undefined when it is not complete. */
export function readPrelude(
  bytes: Uint8Array,
): { prelude: Prelude | undefined; body: Uint8Array } | undefined {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(separator);
  if (end < 0) return undefined;
  return { prelude: parsed(bytes.subarray(0, end)), body: bytes.subarray(end + separator.length) };
}

function parsed(bytes: Uint8Array): Prelude | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Prelude)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Status and headers that a prelude names; undefined when it is none. */
export function preludeHead(given: Prelude | undefined): Omit<GatewayResponse, 'body'> | undefined {
  const status = given && statusOf(given['statusCode'] ?? 200);
  if (!given || status === undefined) return undefined;
  const headers = sendable([
    ...headersOf(given['headers']),
    ...headersOf(given['multiValueHeaders']),
    ...cookiesOf(given['cookies']),
  ]);
  if (!hasHeader(headers, 'Content-Type')) headers.push(['Content-Type', 'application/octet-stream']);
  return { status, headers };
}

/** Cookies of an answer as headers. */
export function cookiesOf(cookies: unknown): [string, string][] {
  const list: unknown[] = Array.isArray(cookies) ? cookies : [];
  return list.flatMap((cookie): [string, string][] =>
    typeof cookie === 'string' && isSendableHeader('Set-Cookie', cookie) ? [['Set-Cookie', cookie]] : [],
  );
}

/** Headers without those that the servers in front of a handler set themselves. */
export function sendable(headers: [string, string][]): [string, string][] {
  return headers.filter(([name]) => !ignored.has(name.toLowerCase()));
}

/** The answer of a streamed result that is given in one piece; undefined when it is none. */
export function collectedAnswer(outcome: Extract<Outcome, { kind: 'result' }>): GatewayResponse | undefined {
  const read = readPrelude(outcome.body);
  const head = read && preludeHead(read.prelude);
  return read && head && { ...head, body: read.body };
}
