import type { GatewayResponse, Outcome } from '../../model/platform.ts';
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
  if (outcome.kind === 'error') {
    return answer(502, 'text/plain; charset=utf-8', 'Internal Server Error', [id]);
  }
  const given = answerObject(outcome.body);
  if (given?.statusCode === undefined) {
    return { status: 200, headers: [['Content-Type', 'application/json'], id], body: outcome.body };
  }
  const status = statusOf(given.statusCode);
  if (status === undefined) {
    return answer(502, 'text/plain; charset=utf-8', 'Internal Server Error', [id]);
  }
  const headers = headersOf(given.headers).filter(
    ([name]) => !ignored.has(name.toLowerCase()) && !/^x-fc-/i.test(name),
  );
  if (!hasHeader(headers, 'Content-Type')) {
    headers.push(['Content-Type', 'application/json']);
  }
  return { status, headers: [...headers, id], body: bodyOf(given.body, given.isBase64Encoded) };
}

/** The answer when no instance may be had. */
export function throttled(): GatewayResponse {
  const body = {
    Code: 'ResourceExhausted',
    Message: 'The number of concurrent requests exceeds the limit of this function.',
  };
  return answer(429, 'application/json', JSON.stringify(body));
}
