import type { InvocationStatus, StartKind } from '../../runtime/model/words.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { l10n } from '../editor/l10n.ts';
import { startKindWord, statusWord } from './words.ts';

/** Which invocations are listed; all conditions hold together. */
export interface FilterConditions {
  function?: string;
  text?: string;
  status?: InvocationStatus;
  startKind?: StartKind;
}

/** The filter of the Invocations view, observable. */
export class InvocationFilter implements Disposable {
  #conditions: FilterConditions = {};
  #changed = new Emitter<FilterConditions>();

  get conditions(): FilterConditions {
    return this.#conditions;
  }

  get active(): boolean {
    return Object.keys(this.#conditions).length > 0;
  }

  get onDidChange(): Event<FilterConditions> {
    return this.#changed.event;
  }

  set(conditions: FilterConditions): void {
    this.#conditions = conditions;
    this.#changed.fire(conditions);
  }

  /** The filter in words, e.g. `hello · error · containing "mail"`. */
  describe(): string {
    const { function: name, text, status, startKind } = this.#conditions;
    return [
      ...(name === undefined ? [] : [name]),
      ...(status === undefined ? [] : [statusWord(status)]),
      ...(startKind === undefined ? [] : [startKindWord(startKind)]),
      ...(text === undefined ? [] : [l10n.t('containing "{0}"', text)]),
    ].join(' · ');
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
