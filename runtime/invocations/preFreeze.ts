import type { Slot } from '../instances/slot.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { isProgram, programOf } from '../model/program.ts';
import { followHook } from './followHook.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import { HeldTime } from './heldTime.ts';
import { startPausableTimer } from './pausableTimer.ts';

/** Whether a function's instances are asked before they are frozen; of programs, only servers of Function Compute can be. */
export function hasPreFreeze(definition: FunctionDefinition): boolean {
  if (!definition.preFreeze) return false;
  return !isProgram(definition) || programOf(definition).protocol === 'fc-custom';
}

/**
 * Runs the hook between an answer and the freezing of its instance. It is billed as an invocation of its own. One that
 * takes too long is left as it is: the instance is frozen in the middle of it.
 */
export async function runPreFreeze(fn: FunctionRuntime, slot: Slot): Promise<void> {
  const { instance } = slot;
  const { definition, platform, clock } = fn;
  const limitMs = definition.preFreeze?.timeoutMs ?? 0;
  // What the hook prints is the instance's, not that of the invocation before it.
  await fn.answered.closed(instance);
  if (instance.gone) return;
  const requestId = platform.newRequestId();
  const { ended, giveUp } = followHook(fn, instance, { hook: 'preFreeze', requestId, limitMs });
  const held = new HeldTime(clock);
  held.follow(slot.debugger);
  const startUs = clock.nowUs();
  const cancel = startPausableTimer(limitMs, clock, { held }, giveUp);
  void instance.exited.then(giveUp);
  instance.preFreeze(platform.callContext(definition, { requestId, trigger: 'event' }));
  await ended;
  cancel();
  held.end();
  const endUs = clock.nowUs();
  const durationMs = (endUs - startUs - held.withinUs(startUs, endUs)) / 1000;
  const billed = `${durationMs.toFixed(2)} ms, billed as an invocation of ${platform.billedMs(durationMs)} ms`;
  fn.sayOfInstance(instance.id, `The pre-freeze hook took ${billed}.`);
}
