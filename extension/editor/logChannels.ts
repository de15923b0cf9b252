import type * as vscode from 'vscode';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { EditorApi } from './editorApi.ts';

/** Output channels for what others write, made when they are first needed and kept as long as the window. */
export class LogChannels implements Disposable {
  readonly #window: Pick<EditorApi['window'], 'createOutputChannel'>;
  readonly #channels = new Map<string, vscode.OutputChannel>();

  constructor(window: Pick<EditorApi['window'], 'createOutputChannel'>) {
    this.#window = window;
  }

  /** The channel of a title, which the editor lists as `Porchlight: <title>`. */
  of(title: string): vscode.OutputChannel {
    const known = this.#channels.get(title);
    if (known) return known;
    const made = this.#window.createOutputChannel(`Porchlight: ${title}`, 'log');
    this.#channels.set(title, made);
    return made;
  }

  dispose(): void {
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }
}
