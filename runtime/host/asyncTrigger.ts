import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { HttpTrigger } from '../model/functionDefinition.ts';
import type { AsyncRequest, Refusal } from '../model/invokeApi.ts';
import type { GatewayRequest, GatewayResponse } from '../model/platform.ts';
import type { AsyncInvocations } from './asyncInvocations.ts';
import type { Caller } from './callers.ts';
import { retryRules } from './retryRules.ts';
import type { Phrase } from '../support/l10n.ts';

/** A request to a trigger whose caller does not wait for the result, and what is made of it. */
export interface AsyncTriggerCall {
  requestId: string;
  request: Pick<GatewayRequest, 'body'>;
  trigger: HttpTrigger;
  event: Uint8Array;
  label: string;
  caller: Caller;
  notes: (string | Phrase)[];
}

/** Takes such a request as an asynchronous invocation, and gives the platform's answer. */
export function takeAsync(
  fn: FunctionRuntime,
  { call, refuse, accepted }: AsyncRequest,
  { requestId, request, trigger, event, label, caller, notes }: AsyncTriggerCall,
  invocations: AsyncInvocations,
): GatewayResponse {
  const no = (refusal: Refusal) => refuse(refusal, requestId);
  if ('kind' in call) return no(call);
  const { limit, taskId } = call;
  const bytes = request.body.byteLength;
  if (bytes > limit) return no({ kind: 'tooLarge', bytes, limit, mode: 'async' });
  const taken = invocations.add({
    function: fn.definition.name,
    requestId,
    event,
    call: { ...call, notes: [...call.notes, ...notes] },
    caller,
    rules: retryRules(fn)!,
    source: { kind: 'http', name: trigger.name, label },
  });
  if (taken === 'full') return no({ kind: 'throttled' });
  if (taken === 'taskExists') return no({ kind: 'taskExists', taskId: taskId! });
  return accepted(call, requestId);
}
