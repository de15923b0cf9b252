import type { GatewayResponse, Outcome, Platform } from '../../model/platform.ts';
import { answer, answerObject, bodyOf, hasHeader, headersOf, statusOf } from '../httpAnswer.ts';

/** Headers the platform ignores in an answer, besides every `X-Fc-*`. */
const ignored = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'content-disposition',
]);

/**
 * The answer of an HTTP trigger (FC documentation "HTTP trigger invocation"). The `Content-Disposition: attachment` that
 * the default domain adds in the cloud is left out: it only keeps browsers from showing pages of that domain.
 */
export function httpResponse(outcome: Outcome, facts: { requestId: string }): GatewayResponse {
  const id: [string, string] = ['X-Fc-Request-Id', facts.requestId];
  if (outcome.kind === 'error') return failed(id);
  const answered = answerOf(outcome.body, id);
  return answered && headersFit(answered.headers) ? answered : failed(id);
}

/** Bytes of an answer's headers (FC documentation "Quotas"). */
const mostHeaderBytes = 8 * 1024;

/** Bytes of headers as they are sent. */
export function headersFit(headers: [string, string][]): boolean {
  const bytes = headers.reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}: ${value}\r\n`), 0);
  return bytes <= mostHeaderBytes;
}

/** Why is told by the log only. */
export function failed(id: [string, string]): GatewayResponse {
  return answer(502, 'text/plain; charset=utf-8', 'Internal Server Error', [id]);
}

function answerOf(body: Uint8Array, id: [string, string]): GatewayResponse | undefined {
  const given = answerObject(body);
  if (given?.statusCode === undefined) {
    return { status: 200, headers: [['Content-Type', 'application/json'], id], body };
  }
  const status = statusOf(given.statusCode);
  if (status === undefined) return undefined;
  const headers = headersOf(given.headers).filter(
    ([name]) => !ignored.has(name.toLowerCase()) && !/^x-fc-/i.test(name),
  );
  if (!hasHeader(headers, 'Content-Type')) {
    headers.push(['Content-Type', 'application/json']);
  }
  return { status, headers: [...headers, id], body: bodyOf(given.body, given.isBase64Encoded) };
}

/**
 * The answer to a request that a trigger does not take. The statuses are documented (403, 400), the codes are those of the
 * API.
 */
export const httpRefusal: NonNullable<Platform['httpRefusal']> = (refusal, requestId) => {
  const [status, Code, Message] = wordsOf(refusal);
  const more: [string, string][] = [['X-Fc-Request-Id', requestId]];
  if (refusal.kind === 'method') more.push(['Allow', refusal.allowed.join(', ')]);
  return answer(status, 'application/json', JSON.stringify({ Code, Message, RequestId: requestId }), more);
};

function wordsOf(refusal: Parameters<NonNullable<Platform['httpRefusal']>>[0]): [number, string, string] {
  switch (refusal.kind) {
    case 'method': {
      const allowed = refusal.allowed.join(', ');
      return [403, 'AccessDenied', `the HTTP method ${refusal.method} is not allowed, only ${allowed}`];
    }
    case 'tooLarge':
      return [400, 'EntityTooLarge', `payload size exceeds maximum allowed size (${refusal.limit} bytes)`];
    case 'longPath':
      return [400, 'InvalidArgument', `path exceeds maximum allowed size (${refusal.limit} bytes)`];
  }
}

/** The answer when no instance may be had. */
export function throttled(): GatewayResponse {
  const body = {
    Code: 'ResourceExhausted',
    Message: 'The number of concurrent requests exceeds the limit of this function.',
  };
  return answer(429, 'application/json', JSON.stringify(body));
}
