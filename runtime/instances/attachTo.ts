import type { DebugPort } from './debugPort.ts';
import type { Slot } from './slot.ts';

/** Opens an instance's inspector and lets the debugger in, or notes why none came. `changed` is told of every turn. */
export async function attachTo(slot: Slot, debug: DebugPort, changed: () => void): Promise<void> {
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
  slot.inspector = inspectorUrl;
  attached.onDidPause(changed);
  attached.onDidResume(changed);
  attached.onDidDetach(() => {
    if (slot.debugger !== attached) return;
    delete slot.debugger;
    delete slot.inspector;
    instance.closeInspector();
    changed();
  });
  changed();
}
