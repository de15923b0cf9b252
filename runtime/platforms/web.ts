import type { HttpTrigger } from '../model/functionDefinition.ts';
import type { GatewayResponse, Outcome } from '../model/platform.ts';
import { readWebResult, webShape } from '../model/webMessage.ts';

/* What the platforms have in common about functions that are programs. It knows none of them. */

/** Programs bring what calls their code along: nothing of ours runs inside their instances. */
export const noContract = '';

/** Whether a trigger's function gets requests as they are. */
export function isWeb({ shape }: HttpTrigger): boolean {
  return shape === webShape;
}

/** The answer of such a function as it is; undefined when it is none, or the invocation failed. */
export function webAnswer(outcome: Outcome, id: [string, string]): GatewayResponse | undefined {
  const answer = outcome.kind === 'result' ? readWebResult(outcome.body) : undefined;
  return answer && { ...answer, headers: [...answer.headers, id] };
}
