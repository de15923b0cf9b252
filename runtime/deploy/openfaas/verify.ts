import { readWebEvent, webResult } from '../../model/webMessage.ts';
import type { InvocationStatus } from '../../model/words.ts';
import { PorchlightError } from '../../model/errors.ts';
import type { HttpAnswer } from '../../support/httpExchange.ts';
import type { Verification } from '../target.ts';
import type { GatewayApi } from './gatewayApi.ts';

/** Longer results are neither shown nor compared. */
const shownBytes = 6 * 1024 * 1024;
/** How long a function that says it is ready may not be found by those that pass calls on. */
const spreadMs = 30_000;

export interface FunctionCall {
  /** Name with namespace, as addresses have it. */
  name: string;
  event: Uint8Array;
  timeoutMs: number;
  /** It was just made: those that pass calls on may not know it yet, and then it is asked again. */
  fresh: boolean;
}

/** Calls a function once. */
export async function invokeFunction(
  api: GatewayApi,
  { name, event, timeoutMs, fresh }: FunctionCall,
  signal: AbortSignal,
): Promise<Verification> {
  const request = readWebEvent(event) ?? { method: 'POST', url: '/', headers: [], body: event };
  const began = Date.now();
  for (let attempt = 0; ; attempt++) {
    const since = performance.now();
    const failed = (message: string, status: InvocationStatus = 'error'): Verification => ({
      answered: false,
      status,
      durationMs: performance.now() - since,
      message,
    });
    const patient = fresh && Date.now() - began < spreadMs;
    let answer: HttpAnswer;
    try {
      answer = await api.invoke(name, { ...request, idleMs: timeoutMs + 60_000, signal });
    } catch (error) {
      if (!(error instanceof PorchlightError) || error.code !== 'CLOUD_UNREACHABLE') throw error;
      if (!patient) return failed(error.message);
      await api.pause(attempt, signal);
      continue;
    }
    const why = notOfTheFunction(answer);
    if (why === undefined) return verificationOf(answer, performance.now() - since);
    if (!patient || why.final) return failed(why.message, answer.status === 504 ? 'timeout' : 'error');
    await api.pause(attempt, signal);
  }
}

/**
 * What somebody on the way says in place of the function: gateway and provider say so in a header, older ones by their
 * words alone (openfaas/faas, `MakeForwardingProxyHandler`; openfaas/faas-provider, `proxy`).
 */
function notOfTheFunction({
  status,
  headers,
  body,
}: HttpAnswer): { message: string; final: boolean } | undefined {
  const text = body.toString('utf8').trim().slice(0, 500);
  const marked = headers['x-openfaas-internal'] !== undefined;
  const onTheWay =
    marked ||
    status === 502 ||
    status === 503 ||
    (status === 404 && /^error finding function|^No endpoints|^Can't reach service/i.test(text));
  if (!onTheWay && status !== 504) return undefined;
  const said = text === '' || text.startsWith('<') ? '' : `: ${text}`;
  return { message: `HTTP ${status}${said}`, final: status === 504 || (marked && status === 500) };
}

function verificationOf({ status, headers, body }: HttpAnswer, elapsedMs: number): Verification {
  const told = Number(headers['x-duration-seconds'] ?? Number.NaN);
  const durationMs = Number.isFinite(told) ? told * 1000 : elapsedMs;
  const text = body.toString('utf8');
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const given = { answered: true, durationMs, body: webResult({ status, headers: pairs, body }) };
  if (status >= 400) {
    const said = text.trim().slice(0, 1000);
    return { ...given, status: 'error', message: `HTTP ${status}${said && `: ${said}`}` };
  }
  return { ...given, status: 'ok', ...(body.length <= shownBytes && { result: text }) };
}
