import { exchange } from '../../support/httpExchange.ts';
import type { Verification } from '../target.ts';

/** Results of functions are not larger on any platform. */
const largestAnswer = 64 * 1024 * 1024;

/** Calls a served function by the address of its plain invokes; its record is with the serving process. */
export async function invokeServed(
  url: string,
  { event, timeoutMs }: { event: Uint8Array; timeoutMs: number },
  signal: AbortSignal,
): Promise<Verification> {
  const since = performance.now();
  const idleMs = timeoutMs + 60_000;
  const request = { url: new URL(url), method: 'POST', body: event, idleMs, signal };
  const { status, headers, body } = await exchange(request, largestAnswer);
  const durationMs = performance.now() - since;
  const result = body.toString('utf8');
  if (status < 400) return { answered: true, status: 'ok', durationMs, result };
  const type = headers['x-porchlight-error'];
  const message = [type ?? `HTTP ${status}`, result.slice(0, 1000)].filter(Boolean).join(': ');
  return { answered: true, status: 'error', durationMs, message };
}
