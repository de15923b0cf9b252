import type * as vscode from 'vscode';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { EditorApi } from './editorApi.ts';

/** One setting of the user as an observable value. Dispose when its reader goes. */
export class Setting<T> implements Disposable {
  #api: Pick<EditorApi, 'workspace'>;
  #section: string;
  #name: string;
  #fallback: T;
  #explicit: boolean;
  #value: T;
  #changed = new Emitter<T>();
  #subscription: vscode.Disposable;

  /**
   * `id` is the full id, e.g. `porchlight.nodePath`. `explicit`: only what the user wrote counts, not the manifest's
   * default.
   */
  constructor(api: Pick<EditorApi, 'workspace'>, id: string, fallback: T, explicit = false) {
    this.#api = api;
    const dot = id.indexOf('.');
    this.#section = id.slice(0, dot);
    this.#name = id.slice(dot + 1);
    this.#fallback = fallback;
    this.#explicit = explicit;
    this.#value = this.#read();
    this.#subscription = api.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(id)) return;
      const value = this.#read();
      if (value === this.#value) return;
      this.#value = value;
      this.#changed.fire(value);
    });
  }

  #read(): T {
    const configuration = this.#api.workspace.getConfiguration(this.#section);
    if (!this.#explicit) return configuration.get<T>(this.#name) ?? this.#fallback;
    const scopes = configuration.inspect<T>(this.#name);
    return scopes?.workspaceFolderValue ?? scopes?.workspaceValue ?? scopes?.globalValue ?? this.#fallback;
  }

  get value(): T {
    return this.#value;
  }

  get onDidChange(): Event<T> {
    return this.#changed.event;
  }

  /** Writes the user's setting, for this folder when it is set there already. */
  async update(value: T): Promise<void> {
    const configuration = this.#api.workspace.getConfiguration(this.#section);
    const scopes = configuration.inspect<T>(this.#name);
    // ConfigurationTarget.Workspace is 2, Global is 1.
    await configuration.update(this.#name, value, scopes?.workspaceValue === undefined ? 1 : 2);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
