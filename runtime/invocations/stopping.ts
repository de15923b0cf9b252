import type { Slot } from '../instances/slot.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import { followHook } from './followHook.ts';
import { HeldTime } from './heldTime.ts';
import { startPausableTimer } from './pausableTimer.ts';

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
  const graceMs =
    (preStop?.timeoutMs ?? 0) + (termination ? (instance.terminationMs ?? termination.graceMs) : 0);
  const hooks = orderly && !instance.gone && graceMs > 0;
  // Breakpoints in a hook are reached; an instance that is stopped already could not even hear that it is to end.
  if (!hooks || slot.debugger?.paused) slot.debugger?.dispose();
  if (!hooks) {
    void instance.stop(reason, 0, clock);
    return;
  }
  if (termination) fn.sayOfInstance(instance.id, termination.note);
  const requestId = platform.newRequestId();
  if (preStop) {
    const followed = followHook(fn, instance, { hook: 'preStop', requestId, limitMs: preStop.timeoutMs });
    void instance.exited.then(followed.giveUp);
  }
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
