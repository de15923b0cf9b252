import {
  observationLimits,
  type CarriedName,
  type CarriedState,
} from '../../../protocol/instance/observations.ts';
import type { Fingerprint } from './fingerprint.ts';

/** One name of the state, as it was after an invocation. */
export interface StateEntry extends Fingerprint {
  what: CarriedState['what'];
  /** Raw path of the module whose variable it is. */
  file?: string;
}

export type Snapshot = Map<string, StateEntry>;

/** A change is told for this many calls: what is set once and stays, such as a cache, is not told for ever. */
const toldForCalls = 3;

interface Change {
  id: string;
  call: number;
}

/** Compares what invocations left with what the one before left. Pure. */
export class StateHistory {
  #last: { call: number; id: string; snapshot: Snapshot } | undefined;
  #changes = new Map<string, Change>();

  /**
   * Takes the state after an invocation and says what of it the invocation found as an earlier one had left it. `made`
   * names what this invocation is known to have written. Without a snapshot of the call just before, nothing is said:
   * a change could be any call's.
   */
  add(call: number, id: string, snapshot: Snapshot, made: ReadonlySet<string>): CarriedState[] {
    const last = this.#last;
    this.#last = { call, id, snapshot };
    const follows = last?.call === call - 1 ? last : undefined;
    const carried = new Map<string, CarriedState>();
    for (const [name, entry] of snapshot) {
      const before = last?.snapshot.get(name);
      const changed = before
        ? before.hash !== entry.hash
        : made.has(name) || (last !== undefined && !entry.empty);
      if (follows && before && !before.empty) {
        // A variable that changes holds, at the start, what the call before left; until then no one can tell.
        const source =
          this.#changes.get(name) ?? (changed ? { id: follows.id, call: follows.call } : undefined);
        if (source && call - source.call <= toldForCalls)
          note(carried, name, before, source, call - source.call);
      }
      if (changed && (follows !== undefined || made.has(name))) this.#changes.set(name, { id, call });
      else if (changed) this.#changes.delete(name);
    }
    return [...carried.values()].sort((a, b) => a.callsAgo - b.callsAgo);
  }
}

function note(
  carried: Map<string, CarriedState>,
  name: string,
  { what, size, file }: StateEntry,
  { id }: Change,
  callsAgo: number,
): void {
  const key = `${what}\0${id}`;
  let state = carried.get(key);
  if (!state)
    carried.set(key, (state = { kind: 'carriedState', what, names: [], more: 0, from: id, callsAgo }));
  const found: CarriedName = {
    name: name.slice(0, observationLimits.text),
    ...(size === undefined ? {} : { size }),
    ...(file === undefined ? {} : { file }),
  };
  if (state.names.length < observationLimits.names) state.names.push(found);
  else state.more++;
}
