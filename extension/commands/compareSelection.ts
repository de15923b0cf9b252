import { contextKeys } from '../contributions/ids.ts';
import { ContextKey } from '../editor/contextKey.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { InvocationRef } from '../presentation/invocationSelection.ts';

/** The invocation that waits to be compared with another one, as in the editor's Explorer. */
export class CompareSelection {
  #selected: InvocationRef | undefined;
  readonly #key: ContextKey<boolean>;

  constructor(api: Pick<EditorApi, 'commands'>) {
    this.#key = new ContextKey(api, contextKeys.selectedForCompare);
  }

  get selected(): InvocationRef | undefined {
    return this.#selected;
  }

  select(ref: InvocationRef): void {
    this.#selected = ref;
    this.#key.set(true);
  }
}
