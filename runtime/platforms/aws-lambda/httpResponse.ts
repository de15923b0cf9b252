import type { HttpTrigger } from '../../model/functionDefinition.ts';
import type { GatewayResponse, Outcome } from '../../model/platform.ts';
import { isWeb, webAnswer } from '../web.ts';
import { answer, answerObject, bodyOf, hasHeader, headersOf, statusOf } from '../httpAnswer.ts';
import { collectedAnswer, cookiesOf, isWebStream, sendable } from './httpPrelude.ts';

/** The answer of a function URL, an HTTP API or a REST API to what a handler returned. */
export function httpResponse(
  outcome: Outcome,
  trigger: HttpTrigger,
  facts: { requestId: string },
): GatewayResponse {
  const id: [string, string] = ['x-amzn-RequestId', facts.requestId];
  if (outcome.kind === 'error') {
    return failure(trigger.shape, id);
  }
  if (isWeb(trigger)) return webAnswer(outcome, id) ?? failure(trigger.shape, id);
  if (outcome.streamed && isWebStream(outcome.streamed)) {
    const given = collectedAnswer(outcome);
    return given ? { ...given, headers: [...given.headers, id] } : failure(trigger.shape, id);
  }
  return trigger.shape === 'rest-api'
    ? restResponse(outcome.body, id)
    : payloadV2Response(outcome.body, trigger.shape, id);
}

function failure(shape: string, id: [string, string]): GatewayResponse {
  switch (shape) {
    case 'rest-api':
      return answer(502, 'application/json', '{"message": "Internal server error"}', [id]);
    case 'http-api':
      return answer(500, 'application/json', '{"message":"Internal Server Error"}', [id]);
    default:
      return answer(502, 'text/plain; charset=utf-8', 'Internal Server Error', [id]);
  }
}

/** Without a status code the whole result is the body, as JSON (developer guide "Response payload format"). */
function payloadV2Response(body: Uint8Array, shape: string, id: [string, string]): GatewayResponse {
  const given = answerObject(body);
  if (given?.statusCode === undefined) {
    return { status: 200, headers: [['Content-Type', 'application/json'], id], body };
  }
  const status = statusOf(given.statusCode);
  if (status === undefined) {
    return failure(shape, id);
  }
  const headers = [...sendable(headersOf(given.headers)), ...cookiesOf(given.cookies)];
  if (!hasHeader(headers, 'Content-Type')) {
    headers.push(['Content-Type', shape === 'http-api' ? 'text/plain;charset=UTF-8' : 'application/json']);
  }
  return { status, headers: [...headers, id], body: bodyOf(given.body, given.isBase64Encoded) };
}

/** A REST API insists on the form: anything else is a malformed proxy response. */
function restResponse(body: Uint8Array, id: [string, string]): GatewayResponse {
  const given = answerObject(body);
  const status = given && statusOf(given.statusCode ?? 200);
  const isText = typeof given?.body === 'string' || given?.body === undefined || given.body === null;
  if (!given || status === undefined || !isText) {
    return failure('rest-api', id);
  }
  const several = sendable(headersOf(given.multiValueHeaders));
  const single = sendable(headersOf(given.headers)).filter(([name]) => !hasHeader(several, name));
  const headers = [...single, ...several];
  if (!hasHeader(headers, 'Content-Type')) {
    headers.push(['Content-Type', 'application/json']);
  }
  return { status, headers: [...headers, id], body: bodyOf(given.body, given.isBase64Encoded) };
}

/** The answer when no instance may be had. */
export function throttled(): GatewayResponse {
  const body = { Type: 'User', Reason: 'ConcurrentInvocationLimitExceeded', message: 'Rate Exceeded.' };
  return answer(429, 'application/json', JSON.stringify(body), [
    ['x-amzn-ErrorType', 'TooManyRequestsException'],
  ]);
}
