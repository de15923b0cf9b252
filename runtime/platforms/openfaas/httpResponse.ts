import type { GatewayResponse, Outcome } from '../../model/platform.ts';
import { readWebResult } from '../../model/webMessage.ts';
import { hasHeader } from '../httpAnswer.ts';
import { faultTypes } from './faults.ts';

/** The answer of an outcome: what the function answered, or what the watchdog says instead of it (openfaas/of-watchdog). */
export function httpResponse(outcome: Outcome, callId: string): GatewayResponse {
  const given = readWebResult(outcome.body) ?? ofItself(outcome);
  const more: [string, string][] = hasHeader(given.headers, 'X-Call-Id') ? [] : [['X-Call-Id', callId]];
  return { ...given, headers: [...given.headers, ...more] };
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
