import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { HttpTrigger } from '../model/functionDefinition.ts';
import type { GatewayRequest, GatewayResponse } from '../model/platform.ts';
import { phrase, type Phrase } from '../support/l10n.ts';

/** Functions whose callers were told of already. */
const told = new WeakSet<FunctionRuntime>();

/**
 * Whether a trigger lets a request in. Whoever develops a function seldom has signatures and tokens at hand: unless its
 * file asks for the check, everybody is let in, and the first invocation that the cloud would have refused says so.
 */
export function letIn(
  fn: FunctionRuntime,
  trigger: HttpTrigger,
  request: GatewayRequest,
  requestId: string,
): { refused: GatewayResponse } | { notes: Phrase[] } {
  const { platform, definition, clock } = fn;
  const { auth } = trigger;
  const facts = { trigger, requestId, nowMs: clock.epochMs() };
  const refused = auth && platform.httpAuth?.(request, auth, facts);
  if (!refused) return { notes: [] };
  if (definition.checksAuth) return { refused };
  if (told.has(fn)) return { notes: [] };
  told.add(fn);
  const note = phrase(
    'In the cloud this request is answered with {status}: its trigger does not let everybody in ({auth}). Here it does; checkAuth: true in porchlight.yaml has it refuse as well.',
    { status: refused.status, auth: auth.stated },
  );
  return { notes: [note] };
}
