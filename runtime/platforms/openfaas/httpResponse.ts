import type { AnswerFacts, GatewayResponse, Outcome } from '../../model/platform.ts';
import { readWebResult } from '../../model/webMessage.ts';
import { hasHeader } from '../httpAnswer.ts';
import { callIdOf, durationSeconds, startTime } from './callHeaders.ts';
import { faultTypes } from './faults.ts';

/**
 * The answer of an outcome: what the function answered, or what the watchdog says instead of it (openfaas/of-watchdog), with
 * what gateway and watchdog say of the call.
 */
export function httpResponse(outcome: Outcome, facts: AnswerFacts): GatewayResponse {
  const { requestId, request, at, elapsedMs } = facts;
  const given = answered(outcome);
  const added: [string, string][] = [
    ['X-Call-Id', callIdOf(request?.rawHeaders ?? [], requestId)],
    ...(at ? [['X-Start-Time', startTime(at)] as [string, string]] : []),
    ...(elapsedMs === undefined
      ? []
      : [['X-Duration-Seconds', durationSeconds(elapsedMs)] as [string, string]]),
  ];
  const more = added.filter(([name]) => !hasHeader(given.headers, name));
  return { ...given, headers: [...given.headers, ...more] };
}

/** What the function answered, or what the watchdog says instead of it. */
export function answered(outcome: Outcome): GatewayResponse {
  return readWebResult(outcome.body) ?? ofItself(outcome);
}

function ofItself(outcome: Outcome): GatewayResponse {
  if (outcome.kind === 'result') return { status: 200, headers: [], body: outcome.body };
  // A watchdog answers with a status alone; what happened is told in a header of ours instead of its log.
  const { type, message } = outcome.error;
  const status = type === faultTypes.timeout ? 504 : 500;
  const headers: [string, string][] = [
    ['X-OpenFaaS-Internal', 'of-watchdog'],
    ['X-Porchlight-Error', `${type}: ${message}`.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 500)],
  ];
  return { status, headers, body: new Uint8Array() };
}

/** The answer beyond `max_inflight`. */
export function throttled(): GatewayResponse {
  const text = 'Concurrent request limit exceeded.\n';
  return { status: 429, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: Buffer.from(text) };
}
