import type { StartKind } from '../model/words.ts';
import type { InstancePhase, InstanceState } from '../protocol/control/state.ts';
import type { Clock } from '../support/clock.ts';
import type { AttachedDebugger } from './debugPort.ts';
import type { IdleMember } from './idleInstances.ts';
import type { Instance } from './instance.ts';
import type { SlotView } from './policy.ts';

/** One instance and its place in the pool. */
export interface Slot extends SlotView, IdleMember {
  readonly instance: Instance;
  phase: SlotView['phase'];
  inFlight: number;
  slow?: boolean;
  returning?: boolean;
  /** Its code is the function's code of now. */
  current: boolean;
  /** Id of the code it loaded. */
  artifact?: string;
  /** It was loaded ahead of any call and has not served yet. */
  provisioned?: boolean;
  debugger?: AttachedDebugger;
  /** Debugging began while it was at work: it is attached as soon as it is free. */
  attachWhenFree?: boolean;
  /** Why it was started without a debugger although its function is being debugged. */
  declined?: string;
  inspector?: string;
  /** What a spare loaded besides the function's code. */
  preloaded?: { packages: number; isCurrent(): boolean };
  /** How many calls it had begun when it was last asked whether it is ready to be frozen. */
  hookedAfter?: number;
  /** It still does something for us after its answer: it is neither frozen nor ended before. */
  settling?: Promise<unknown>;
}

/** The place of an instance that has just been started. */
export function newSlot(instance: Instance, phase: Slot['phase']): Slot {
  return {
    instance,
    phase,
    inFlight: 0,
    current: false,
    get ending() {
      return instance.ending;
    },
  };
}

/** A reserved instance for one invocation. */
export interface Lease {
  slot: Slot;
  startKind: StartKind;
}

/** Thrown when no instance may be had; `throttled` is answered as the platform answers it. */
export class Refused extends Error {
  readonly reason: 'throttled' | 'noWarmInstance';

  constructor(reason: Refused['reason']) {
    super(reason);
    this.name = 'Refused';
    this.reason = reason;
  }
}

/** What the views show of an instance. `freedAt`: milliseconds since the epoch. */
export function stateOf(slot: Slot, freedAt: number | undefined): InstanceState {
  const { instance } = slot;
  return {
    id: instance.id,
    function: instance.function,
    sequence: instance.sequence,
    pid: instance.pid,
    phase: shownPhase(slot),
    startedAt: instance.startedAt,
    calls: instance.calls,
    debugged: slot.debugger !== undefined,
    ...(freedAt === undefined ? {} : { freedAt }),
    ...(slot.artifact === undefined ? {} : { artifact: slot.artifact }),
    ...(slot.inspector === undefined ? {} : { inspector: slot.inspector }),
    ...memoryOf(instance),
  };
}

function memoryOf(instance: Instance): { memoryMB?: number } {
  const residentKB = instance.memory?.residentKB();
  return residentKB === undefined ? {} : { memoryMB: Math.round(residentKB / 1024) };
}

function shownPhase(slot: Slot): InstancePhase {
  if (slot.debugger?.paused) return 'paused';
  if (slot.phase === 'idle' && slot.instance.frozen) return 'frozen';
  return slot.phase;
}

/** Read anew: what is called in between changes it. */
export function phaseOf(slot: Slot): Slot['phase'] {
  return slot.phase;
}

/** When an idle instance is freed unless it is called, milliseconds since the epoch; never without a time-out. */
export function freedAt(slot: Slot, idleTimeoutMs: number | undefined, clock: Clock): number | undefined {
  if (slot.idleSinceUs === undefined || idleTimeoutMs === undefined) return undefined;
  const idleMs = (clock.nowUs() - slot.idleSinceUs) / 1000;
  return Math.round(clock.epochMs() - idleMs + idleTimeoutMs);
}
