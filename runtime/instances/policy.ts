import type { ProcessSettings } from '../model/functionDefinition.ts';
import type { StartKind } from '../model/words.ts';

/*
 * Who serves the next invocation, how many spares and provisioned instances to keep, who may go: pure functions of
 * settings and counts, so that a simulator can run the very same decisions on a virtual clock.
 */

/** What the decision needs to know of one instance. */
export interface SlotView {
  readonly phase: 'starting' | 'prewarmed' | 'loading' | 'idle' | 'busy' | 'stopping';
  /** Its code is the function's code of now. */
  readonly current: boolean;
  /** Invocations handed to it and not answered yet. */
  readonly inFlight: number;
  /** What it is handling takes longer than was thought: nothing is handed to it ahead. */
  readonly slow?: boolean;
  /** It has answered, and will be free in a moment. */
  readonly returning?: boolean;
  /** It was told to end, or cannot be spoken to any more: it may answer what it has, and gets nothing else. */
  readonly ending: boolean;
}

export type Decision =
  | { action: 'warm'; slot: number }
  | { action: 'prewarmed'; slot: number }
  | { action: 'cold'; evict?: number }
  | { action: 'wait' }
  | { action: 'refuse'; reason: 'throttled' | 'noWarmInstance' };

/** Instances that count against `maxInstances`: spares hold no user code, and the dying are going. */
function counted(slots: readonly SlotView[]): number {
  let count = 0;
  for (const { phase } of slots) if (phase === 'idle' || phase === 'busy' || phase === 'loading') count++;
  return count;
}

/** Whether an instance can take one more invocation at once. Only residents serve several. */
function hasRoom(slot: SlotView, settings: ProcessSettings): boolean {
  if (!slot.current || slot.ending) return false;
  if (slot.phase === 'idle') return true;
  return slot.phase === 'busy' && slot.inFlight < settings.concurrency;
}

/** Invocations that instances which are loading will take beside those they load for. */
function roomComing(slots: readonly SlotView[], { concurrency, model }: ProcessSettings): number {
  if (model !== 'resident' || concurrency === 1) return 0;
  let room = 0;
  for (const { phase, inFlight } of slots)
    if (phase === 'loading') room += concurrency - Math.max(1, inFlight);
  return room;
}

/** Decides for one invocation. The most recently used instance with room is taken, so that the others can be freed. */
export function decide(
  slots: readonly SlotView[],
  settings: ProcessSettings,
  waiting: number,
  forced?: StartKind,
  /** Attaching a debugger takes longer than waiting for a spare that is being attached already. */
  waitForSpare = false,
): Decision {
  if (forced === 'warm' || (forced === undefined && settings.model === 'resident')) {
    for (let index = slots.length - 1; index >= 0; index--) {
      if (hasRoom(slots[index]!, settings)) return { action: 'warm', slot: index };
    }
  }
  if (forced === 'warm') {
    const coming = slots.some((slot) => (slot.phase === 'busy' || slot.phase === 'loading') && slot.current);
    return coming ? { action: 'wait' } : { action: 'refuse', reason: 'noWarmInstance' };
  }
  // A burst at a cold function is one instance's where that takes it all.
  if (forced === undefined && roomComing(slots, settings) > waiting) return { action: 'wait' };
  if (counted(slots) < settings.maxInstances) {
    const spare = slots.findIndex((slot) => slot.phase === 'prewarmed');
    if (spare >= 0 && forced !== 'cold') return { action: 'prewarmed', slot: spare };
    const coming = slots.filter((slot) => slot.phase === 'starting').length;
    if (waitForSpare && forced !== 'cold' && coming > waiting) return { action: 'wait' };
    return { action: 'cold' };
  }
  // Only a forced start, or one after an edit, finds an idle instance here: the one used longest ago makes room.
  const evict = slots.findIndex((slot) => slot.phase === 'idle');
  if (evict >= 0) return { action: 'cold', evict };
  return waiting < settings.queue ? { action: 'wait' } : { action: 'refuse', reason: 'throttled' };
}

/** What the pool has seen of a function's handler times. */
export interface HandlerTimes {
  calls: number;
  /** Mean of late, in microseconds: each call counts a twentieth less than the one after it. */
  meanUs: number;
}

/** Takes one more handler time into account. Bounded: a single hiccup of the machine does not make a function slow. */
export function noteHandlerTime(times: HandlerTimes, us: number): void {
  times.calls++;
  times.meanUs += (Math.min(us, 20_000) - times.meanUs) / 20;
}

/** A function whose handler takes longer than this is not handed events ahead. */
const shortHandlerUs = 1500;
/** What waking another process costs about: waiting for less in a busy one is the quicker way. */
const wakeUs = 500;

/**
 * How many invocations an instance may be handed beyond those it handles. It begins them one after the other as
 * before, but without a round trip to the host in between. Only for functions that have proved to be quick: behind a
 * slow call they would wait longer than in the queue. `freely`: also while other instances could take them.
 */
export function handedAhead(
  times: HandlerTimes,
  settings: ProcessSettings,
): { freely: number; most: number } {
  const quick = times.calls >= 32 && times.meanUs < shortHandlerUs && settings.model === 'resident';
  if (!quick) return { freely: 0, most: 0 };
  return { freely: Math.min(16, Math.floor(wakeUs / Math.max(1, times.meanUs))), most: 16 };
}

/**
 * The busy instance that gets one invocation ahead; -1 when none may. The fullest: what it is handed in one turn
 * travels together, and the others can rest.
 */
export function chooseAhead(slots: readonly SlotView[], settings: ProcessSettings, ahead: number): number {
  let best = -1;
  for (let index = 0; index < slots.length; index++) {
    const { phase, current, inFlight, slow, ending } = slots[index]!;
    if (phase !== 'busy' || !current || slow || ending || inFlight >= settings.concurrency + ahead) continue;
    if (best < 0 || inFlight > slots[best]!.inFlight) best = index;
  }
  return best;
}

/** Spares to start now. `demanded`: one is wanted for other reasons than the settings (debugging, changed code). */
export function sparesMissing(
  slots: readonly SlotView[],
  settings: ProcessSettings,
  demanded: number,
): number {
  const ready = slots.filter((slot) => slot.phase === 'prewarmed' || slot.phase === 'starting').length;
  return Math.max(0, Math.max(settings.prewarm, demanded) - ready);
}

/** Provisioned instances to start now: loaded ahead of any call, within `maxInstances`. */
export function provisionedMissing(slots: readonly SlotView[], settings: ProcessSettings): number {
  if (settings.model !== 'resident') return 0;
  return Math.max(0, Math.min(settings.minInstances, settings.maxInstances) - counted(slots));
}

/** Whether an idle instance may be freed after its idle time-out: provisioned ones stay. */
export function mayBeFreed(slots: readonly SlotView[], settings: ProcessSettings): boolean {
  return counted(slots) > settings.minInstances;
}

/** Instances that are free in a moment: whoever calls them one after the other must not be given another. */
export function returning(slots: readonly SlotView[], settings: ProcessSettings): number {
  if (settings.model !== 'resident') return 0;
  return slots.filter((slot) => slot.returning && slot.current && slot.phase === 'busy').length;
}

/** Whether an instance that just answered may serve again. */
export function staysAfterAnswer(slot: { current: boolean }, settings: ProcessSettings): boolean {
  return settings.model === 'resident' && slot.current;
}
