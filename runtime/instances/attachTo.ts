import type { Clock } from '../support/clock.ts';
import type { DebugPort } from './debugPort.ts';
import { tellPauses } from './pauseNews.ts';
import type { Slot } from './slot.ts';

/** Opens an instance's inspector and lets the debugger in, or notes why none came. `changed` is told of every turn. */
export async function attachTo(
  slot: Slot,
  debug: DebugPort,
  clock: Pick<Clock, 'after'>,
  changed: () => void,
): Promise<void> {
  const { instance } = slot;
  const { url: inspectorUrl, missing, declined } = await instance.inspect();
  if (declined !== undefined) {
    slot.declined = declined;
    return;
  }
  if (missing !== undefined) {
    slot.declined = missing;
    debug.missing?.(instance.function, missing);
    return;
  }
  const attached = await debug.attach({
    id: instance.id,
    function: instance.function,
    sequence: instance.sequence,
    pid: instance.pid,
    inspectorUrl,
    gone: instance.exited,
  });
  if ('declined' in attached) {
    slot.declined = attached.declined;
    instance.closeInspector();
    return;
  }
  slot.debugger = attached;
  delete slot.declined;
  slot.inspector = inspectorUrl;
  tellPauses(attached, clock, changed);
  attached.onDidDetach(() => {
    if (slot.debugger !== attached) return;
    delete slot.debugger;
    delete slot.inspector;
    instance.closeInspector();
    changed();
  });
  changed();
}

/**
 * Their code is about to change. The editor moves breakpoints with an edit and tells them to whoever is attached; one that
 * still has the code of before would answer with lines of that code, which the editor believes for all of them.
 */
export function detachIdle(slots: readonly Slot[]): void {
  for (const { phase, debugger: attached } of slots)
    if (phase === 'idle' && !attached?.paused) attached?.dispose();
}

/** Idle instances to which a debugger might attach. */
export function idleUndebugged(slots: readonly Slot[]): Slot[] {
  return slots.filter((slot) => slot.phase === 'idle' && !slot.debugger && slot.declined === undefined);
}

/** One that is stopped in its last hook: whoever ends it again wants it to go on. */
export function letGoOn({ debugger: attached }: Slot): void {
  if (attached?.paused) attached.dispose();
}
