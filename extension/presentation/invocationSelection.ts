import type { Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';

/** One invocation of one folder. */
export interface InvocationRef {
  folder: string;
  id: string;
  /** Where it happened, when that is not this machine. */
  target?: string;
}

/** An invocation to be shown; `insist`: also when a filter hides it. */
export interface RevealRequest extends InvocationRef {
  insist: boolean;
}

/**
 * The invocation the user looks at: its log values are shown in the source. Without a choice the latest one counts.
 * Shared by the view, the inline marks and the commands.
 */
export class InvocationSelection implements Disposable {
  #selected: InvocationRef | undefined;
  #changed = new Emitter<InvocationRef | undefined>();
  #revealed = new Emitter<RevealRequest>();

  get selected(): InvocationRef | undefined {
    return this.#selected;
  }

  get onDidChange(): Event<InvocationRef | undefined> {
    return this.#changed.event;
  }

  /** Somebody wants the invocation to be seen in its view. */
  get onDidReveal(): Event<RevealRequest> {
    return this.#revealed.event;
  }

  select(ref: InvocationRef | undefined): void {
    if (ref?.id === this.#selected?.id && ref?.folder === this.#selected?.folder) return;
    this.#selected = ref;
    this.#changed.fire(ref);
  }

  reveal(ref: InvocationRef, insist = false): void {
    this.select(ref);
    this.#revealed.fire({ ...ref, insist });
  }

  dispose(): void {
    this.#changed.dispose();
    this.#revealed.dispose();
  }
}
