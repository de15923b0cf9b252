import type { ProcessSettings } from '../model/functionDefinition.ts';
import type { StartKind } from '../model/words.ts';

/*
 * Who serves the next invocation, how many spares to keep, who may go: pure functions of settings and counts, so that
 * a simulator can run the very same decisions on a virtual clock.
 */

/** What the decision needs to know of one instance. `current`: its code is the function's code of now. */
export interface SlotView {
  phase: 'starting' | 'prewarmed' | 'loading' | 'idle' | 'busy' | 'stopping';
  current: boolean;
}

/** Invocations that may wait for an instance; more are refused as the platform refuses them. */
export const queueLimit = 1000;

export type Decision =
  | { action: 'warm'; slot: number }
  | { action: 'prewarmed'; slot: number }
  | { action: 'cold'; evict?: number }
  | { action: 'wait' }
  | { action: 'refuse'; reason: 'throttled' | 'noWarmInstance' };

/** Instances that count against `maxInstances`: spares hold no user code, and the dying are going. */
function counted(slots: SlotView[]): number {
  return slots.filter((slot) => slot.phase === 'idle' || slot.phase === 'busy' || slot.phase === 'loading')
    .length;
}

/** Decides for one invocation. The most recently used idle instance is taken, so that the others can be freed. */
export function decide(
  slots: SlotView[],
  settings: ProcessSettings,
  waiting: number,
  forced?: StartKind,
  /** Attaching a debugger takes longer than waiting for a spare that is being attached already. */
  waitForSpare = false,
): Decision {
  const idle = slots.findLastIndex((slot) => slot.phase === 'idle' && slot.current);
  const reuse = forced === 'warm' || (forced === undefined && settings.model === 'resident');
  if (reuse && idle >= 0) return { action: 'warm', slot: idle };
  if (forced === 'warm') {
    const coming = slots.some((slot) => (slot.phase === 'busy' || slot.phase === 'loading') && slot.current);
    return coming ? { action: 'wait' } : { action: 'refuse', reason: 'noWarmInstance' };
  }
  if (counted(slots) < settings.maxInstances) {
    const spare = slots.findIndex((slot) => slot.phase === 'prewarmed');
    if (spare >= 0 && forced !== 'cold') return { action: 'prewarmed', slot: spare };
    const coming = slots.filter((slot) => slot.phase === 'starting').length;
    if (waitForSpare && forced !== 'cold' && coming > waiting) return { action: 'wait' };
    return { action: 'cold' };
  }
  // Only a forced start finds an idle instance here: the one that was used longest ago makes room.
  const evict = slots.findIndex((slot) => slot.phase === 'idle');
  if (evict >= 0) return { action: 'cold', evict };
  return waiting < queueLimit ? { action: 'wait' } : { action: 'refuse', reason: 'throttled' };
}

/** Spares to start now. `demanded`: one is wanted for other reasons than the settings (debugging, changed code). */
export function sparesMissing(slots: SlotView[], settings: ProcessSettings, demanded: number): number {
  const ready = slots.filter((slot) => slot.phase === 'prewarmed' || slot.phase === 'starting').length;
  return Math.max(0, Math.max(settings.prewarm, demanded) - ready);
}

/** Whether an instance that just answered may serve again. */
export function staysAfterAnswer(slot: { current: boolean }, settings: ProcessSettings): boolean {
  return settings.model === 'resident' && slot.current;
}
