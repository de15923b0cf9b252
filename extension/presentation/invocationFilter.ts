import type { InvocationStatus, StartKind } from '../../runtime/model/words.ts';
import type { LoggedAt, QueryParams } from '../../runtime/protocol/control/messages.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { l10n } from '../editor/l10n.ts';
import { formatSpan } from './numbers.ts';
import { placeText } from './place.ts';
import { startKindWord, statusWord } from './words.ts';

/** Which invocations are listed; all conditions hold together. */
export interface FilterConditions {
  function?: string;
  text?: string;
  status?: InvocationStatus;
  startKind?: StartKind;
  /** Received in the last so many milliseconds, counted from when the list is asked for. */
  withinMs?: number;
  /** Printed from this line. */
  loggedAt?: LoggedAt;
  /** On this machine, or on a target. */
  where?: 'here' | 'remote';
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

  /** The filter as the host understands it. `now` is milliseconds since the epoch. */
  query(now: number): Omit<QueryParams, 'limit'> {
    const { withinMs, where: _where, ...conditions } = this.#conditions;
    return withinMs === undefined ? conditions : { ...conditions, from: now - withinMs };
  }

  /** The filter in words, e.g. `hello · error · containing "mail"`. */
  describe(): string {
    const { function: name, text, status, startKind, withinMs, loggedAt, where } = this.#conditions;
    return [
      ...(where === undefined ? [] : [whereWord(where)]),
      ...(name === undefined ? [] : [name]),
      ...(status === undefined ? [] : [statusWord(status)]),
      ...(startKind === undefined ? [] : [startKindWord(startKind)]),
      ...(withinMs === undefined ? [] : [withinWord(withinMs)]),
      ...(loggedAt === undefined ? [] : [l10n.t('printed from {0}', placeText(loggedAt))]),
      ...(text === undefined ? [] : [l10n.t('containing "{0}"', text)]),
    ].join(' · ');
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Where invocations happened. */
export function whereWord(where: 'here' | 'remote'): string {
  return where === 'here' ? l10n.t('on this machine') : l10n.t('on targets');
}

/** A time up to now, e.g. `last 15 min`. */
export function withinWord(ms: number): string {
  return l10n.t('last {0}', formatSpan(ms));
}
