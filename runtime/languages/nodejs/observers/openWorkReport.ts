import {
  observationLimits,
  type OpenWork,
  type OpenWorkKind,
  type RanLater,
} from '../../../protocol/instance/observations.ts';
import { isNodesOwn, placesOf } from './callSites.ts';
import type { Suspicion } from './openWork.ts';
import { activeResources, added } from './resources.ts';
import { watchRuns } from './timerRuns.ts';
import { isWaiting } from './timers.ts';
import type { Tracked, Tracker } from './tracker.ts';

/** Kinds whose positions the tracker has; the counts say what it missed. */
const timed: ReadonlySet<OpenWorkKind> = new Set(['timer', 'interval', 'immediate']);

/** Says what was left open, where it began, and which timers of earlier invocations ran. */
export class OpenWorkReport {
  #tracker: Tracker;
  #ran: Map<object, RanLater>;

  /** `ran`: runs of earlier invocations' timers during the running one, by timer. */
  constructor(tracker: Tracker, ran: Map<object, RanLater>) {
    this.#tracker = tracker;
    this.#ran = ran;
  }

  /** What is open still; from now on its timers are known as this invocation's. */
  report({ id, open, before }: Suspicion): OpenWork[] {
    const found = new Map<string, OpenWork>();
    const counts = added(before, activeResources());
    for (const item of open) {
      if (!item.isOpen(item.subject)) continue;
      // Node sets timers for its own purposes; what else it announces was asked for by somebody.
      if (timed.has(item.what) && isNodesOwn(item.stack)) continue;
      const counted: OpenWorkKind = timed.has(item.what) ? 'timer' : item.what;
      counts.set(counted, (counts.get(counted) ?? 0) - 1);
      // A request holds a connection and its look-up.
      if (item.what === 'request') counts.delete('connection');
      merge(found, item);
      this.#watchRuns(item, id);
    }
    for (const [what, count] of counts) {
      if (count > 0) found.set(what, { kind: 'openWork', what, count });
    }
    return [...found.values()].slice(0, observationLimits.observations);
  }

  /** A timer that runs in a later invocation is told there, with the one that left it. */
  #watchRuns({ what, subject, stack }: Tracked, from: string): void {
    if (!timed.has(what) || !isWaiting(subject)) return;
    const frame = placesOf(stack)[0];
    watchRuns(subject, () => {
      if (!this.#tracker.running) return;
      const known = this.#ran.get(subject);
      if (known) known.count++;
      else if (this.#ran.size < observationLimits.observations)
        this.#ran.set(subject, { kind: 'ranLater', what, count: 1, from, ...(frame ? { frame } : {}) });
    });
  }
}

/** Equal things that one line began are one finding. */
function merge(found: Map<string, OpenWork>, item: Tracked): void {
  const frame = placesOf(item.stack)[0];
  const detail = item.detail?.(item.subject)?.slice(0, observationLimits.text);
  const key = [item.what, detail ?? '', ...(frame ?? [])].join('\0');
  const known = found.get(key);
  if (known) known.count++;
  else
    found.set(key, {
      kind: 'openWork',
      what: item.what,
      count: 1,
      ...(detail === undefined ? {} : { detail }),
      ...(frame ? { frame } : {}),
    });
}
