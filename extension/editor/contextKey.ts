import type { EditorApi } from './editorApi.ts';

/** A key for when-clauses that reaches the editor only when its value changes. */
export class ContextKey<T extends string | number | boolean | readonly number[]> {
  #api: Pick<EditorApi, 'commands'>;
  #key: string;
  #value: T | undefined;

  constructor(api: Pick<EditorApi, 'commands'>, key: string) {
    this.#api = api;
    this.#key = key;
  }

  get value(): T | undefined {
    return this.#value;
  }

  set(value: T): void {
    // Lists are equal when their members are.
    if (this.#value !== undefined && String(this.#value) === String(value)) return;
    this.#value = value;
    void this.#api.commands.executeCommand('setContext', this.#key, value);
  }
}
