import { requestIdOf, type InvocationError } from '../model/invocationRecord.ts';
import type { FailureFacts, LifeCycleEvent } from '../model/platform.ts';
import type { Ended } from './ended.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';

/* Lines that the platform itself, not the function, writes to the log of an invocation. */

/** The platform's own first lines, before the first of the handler. Written once. */
export function sayStart(fn: FunctionRuntime, invocation: Invocation, debugged: boolean): void {
  invocation.summary.debugged ||= debugged;
  if (invocation.started) return;
  invocation.started = true;
  if (!fn.recording) return;
  const atUs = fn.clock.nowUs();
  for (const line of fn.platform.startLines(fn.definition, invocation.summary)) {
    invocation.log.platform(line, atUs);
  }
}

/** Lines about the life of the instance, in the log of the invocation that caused it. */
export function say(
  fn: FunctionRuntime,
  { log }: Invocation,
  event: LifeCycleEvent,
  atUs = fn.clock.nowUs(),
): void {
  if (!fn.recording) return;
  for (const line of fn.platform.lifeCycleLines(fn.definition, event)) log.platform(line, atUs);
}

/** Lines for an initialization that failed. */
export function sayInitFailed(
  fn: FunctionRuntime,
  invocation: Invocation,
  phase: 'init' | 'invoke',
  { status, error }: Ended,
): void {
  say(fn, invocation, {
    kind: 'initFailed',
    phase,
    status: status === 'timeout' ? 'timeout' : 'error',
    durationMs: (fn.clock.nowUs() - invocation.phaseStartUs('load')) / 1000,
    errorType: error.type,
  });
}

/** Lines for an error of the user's code. */
export function sayFailure(
  fn: FunctionRuntime,
  { log, summary }: Invocation,
  error: InvocationError,
  from: FailureFacts['from'],
): void {
  if (!fn.recording) return;
  const at = new Date(fn.clock.epochMs());
  const facts = { requestId: requestIdOf(summary), at, from, language: fn.definition.language };
  for (const line of fn.platform.failureLines(error, facts)) {
    log.platform(line, fn.clock.nowUs(), 'error');
  }
}
