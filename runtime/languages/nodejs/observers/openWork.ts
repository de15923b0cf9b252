import { activeResources, differ } from './resources.ts';
import type { Tracked, Tracker } from './tracker.ts';

/** What may be open after an answer. */
export interface Suspicion {
  id: string;
  /** What was tracked and is not finished. */
  open: Tracked[];
  /** Active resources when the invocation began. */
  before: string[];
}

/** Decides, by counts and by what was tracked, whether an answered invocation deserves a closer look. */
export class OpenWorkWatch {
  #tracker: Tracker;
  #before: string[] = [];
  #id = '';

  constructor(tracker: Tracker) {
    this.#tracker = tracker;
  }

  /** What is open now is no invocation's. */
  settle(): void {
    this.#before = activeResources();
  }

  begin(id: string): void {
    this.#id = id;
    this.#tracker.begin();
  }

  /** Undefined when nothing can be open, which takes half a microsecond to see; with `always`, looked at anyhow. */
  answered(always: boolean): Suspicion | undefined {
    const open = this.#tracker.end();
    if (!always && open.length === 0 && !differ(this.#before, activeResources())) return undefined;
    return { id: this.#id, open, before: this.#before };
  }
}
