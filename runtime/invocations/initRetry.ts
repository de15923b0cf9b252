import type { Lease } from '../instances/slot.ts';
import type { InitAttempt } from './bringUp.ts';
import { Ended } from './ended.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';
import { sayInitFailed } from './platformLines.ts';
import { addNote } from '../model/invocationRecord.ts';
import { phrase } from '../support/l10n.ts';

/** The first try: before the invocation, within the platform's own time for it. */
export function firstAttempt(fn: FunctionRuntime): InitAttempt {
  return { phase: 'init', limitMs: fn.platform.limits.initTimeoutMs };
}

/**
 * Whether an initialization that failed is tried once more, on a new instance and as part of the invocation; then says
 * so in its log and gives the attempt. Under a debugger once is enough: module-level breakpoints would stop twice.
 */
export function secondAttempt(
  fn: FunctionRuntime,
  invocation: Invocation,
  { slot, startKind }: Lease,
  error: unknown,
  { phase }: InitAttempt,
): InitAttempt | undefined {
  const { summary } = invocation;
  if (phase === 'invoke' || invocation.cancelled) return undefined;
  const initFailed = error instanceof Ended && slot.artifact === undefined && startKind !== 'warm';
  if (!initFailed || !fn.platform.limits.initRetried || slot.debugger) return undefined;
  if (!['error', 'timeout', 'crashed', 'oom'].includes(error.status)) return undefined;
  sayInitFailed(fn, invocation, 'init', error);
  addNote(
    summary,
    phrase('The initialization failed and was done again within the invocation, as in the cloud.'),
  );
  return { phase: 'invoke', limitMs: fn.definition.timeoutMs };
}
