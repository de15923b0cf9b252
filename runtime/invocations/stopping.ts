import type { Slot } from '../instances/slot.ts';
import type { HookMessage } from '../protocol/instance/messages.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import { HeldTime } from './heldTime.ts';
import { startPausableTimer } from './pausableTimer.ts';
import { mapError } from './stacks.ts';

/** Longest time a host that ends gives its instances, in milliseconds; pre-stop hooks may be allowed more. */
export const shutdownPatienceMs = 10_000;

/**
 * Ends an instance. One that served and is not at work gets its pre-stop hook, and its handlers of SIGTERM the time the
 * platform gives them; every other ends at once.
 */
export function stopInstance(fn: FunctionRuntime, slot: Slot, reason: string, orderly: boolean): void {
  const { instance } = slot;
  const { definition, platform, clock } = fn;
  const { preStop } = definition;
  const termination = instance.listensForTermination ? platform.termination : undefined;
  const graceMs = (preStop?.timeoutMs ?? 0) + (termination?.graceMs ?? 0);
  const hooks = orderly && !instance.gone && graceMs > 0;
  // Breakpoints in a hook are reached; an instance that is stopped already could not even hear that it is to end.
  if (!hooks || slot.debugger?.paused) slot.debugger?.dispose();
  if (!hooks) {
    void instance.stop(reason, 0, clock);
    return;
  }
  if (termination) fn.sayOfInstance(instance.id, termination.note);
  const requestId = platform.newRequestId();
  if (preStop) tellOfPreStop(fn, instance, requestId, preStop.timeoutMs);
  const context = platform.callContext(definition, { requestId, trigger: 'event' });
  const held = new HeldTime(clock);
  held.follow(slot.debugger, instance.stops);
  void instance.exited.then(() => held.end());
  const patience = {
    after: (ms: number, run: () => void) => startPausableTimer(ms, clock, { held }, run),
  };
  void instance.stop(reason, graceMs, patience, { context, terminate: termination !== undefined });
}

/** Ends what is left of a function's instances when the host has waited long enough. The result cancels. */
export function boundStopping(fn: FunctionRuntime, reason: string): () => void {
  return fn.clock.after(shutdownPatienceMs, () => {
    for (const { instance } of fn.pool.slots) {
      const text = `Ended with the host, which waits ${shutdownPatienceMs / 1000} s at most.`;
      fn.sayOfInstance(instance.id, text, 'warn');
      instance.kill(reason);
    }
  });
}

/** Lines around the hook. Its failure is told, and ends nothing but itself. */
function tellOfPreStop(
  fn: FunctionRuntime,
  instance: Slot['instance'],
  requestId: string,
  limitMs: number,
): void {
  const line = (edge: HookMessage['edge'], failure?: string) => {
    const failed = failure !== undefined;
    if (failed) fn.sayOfInstance(instance.id, failure, 'error');
    const event = { kind: 'hook', hook: 'preStop', edge, requestId, failed } as const;
    for (const text of fn.platform.lifeCycleLines(fn.definition, event)) fn.sayOfInstance(instance.id, text);
  };
  let reached: HookMessage['edge'] | undefined;
  const hooks = instance.onDidReachHook(({ hook, edge, error }) => {
    if (hook !== 'preStop') return;
    reached = edge;
    const mapped = error && mapError(error, fn.maps, fn.isOurs);
    line(edge, mapped && [`${mapped.type}: ${mapped.message}`, ...mapped.stack.slice(1)].join('\n'));
  });
  void instance.exited.then(() => {
    hooks.dispose();
    if (reached === 'end') return;
    const what =
      reached === 'start'
        ? `The pre-stop hook did not end within its ${limitMs / 1000} s, or its process ended`
        : 'The instance ended before its pre-stop hook could run';
    line('end', `${what}.`);
  });
}
