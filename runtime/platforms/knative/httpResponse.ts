import type { GatewayResponse, Outcome } from '../../model/platform.ts';
import { readWebResult } from '../../model/webMessage.ts';
import { answer } from '../httpAnswer.ts';
import { faultTypes } from './faults.ts';

/*
 * Answers of Knative's own proxies, where a container gave none (Knative Serving, `pkg/http/handler/timeout.go`,
 * `pkg/http/handler` "Error", `pkg/queue/handler.go`): plain text that ends with a line break.
 */
const refused = (status: number, text: string): GatewayResponse =>
  answer(status, 'text/plain; charset=utf-8', `${text}\n`, [['X-Content-Type-Options', 'nosniff']]);

/** The answer of an outcome: what the container answered, or what stands for it. */
export function httpResponse(outcome: Outcome): GatewayResponse {
  const given = readWebResult(outcome.body);
  if (given) return given;
  if (outcome.kind === 'result') return { status: 200, headers: [], body: outcome.body };
  const { type, message } = outcome.error;
  if (type === faultTypes.timeout) return answer(504, 'text/plain; charset=utf-8', 'request timeout');
  if (outcome.category === 'exit' || outcome.category === 'oom') return refused(502, 'EOF');
  if (outcome.category === 'tooLarge') return refused(502, message);
  if (outcome.category === 'interrupted') return refused(502, 'context canceled');
  // In the cloud a container that does not become ready is waited for until the time is over: what is wrong is told at once.
  return refused(503, `${type}: ${message}`);
}

/** The answer when no instance may be had. */
export function throttled(): GatewayResponse {
  return refused(503, 'pending request queue full');
}
