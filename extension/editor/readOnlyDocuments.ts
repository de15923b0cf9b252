import type * as vscode from 'vscode';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { EditorApi } from './editorApi.ts';
import { l10n } from './l10n.ts';

const keptDocuments = 200;

/** Texts that open as read-only documents. The latest ones are kept; older tabs say that theirs is gone. */
export class ReadOnlyDocuments implements Disposable {
  #api: Pick<EditorApi, 'workspace' | 'window' | 'Uri' | 'ViewColumn'>;
  #scheme: string;
  #texts = new Map<string, string>();
  #registration: vscode.Disposable;
  #count = 0;

  constructor(api: Pick<EditorApi, 'workspace' | 'window' | 'Uri' | 'ViewColumn'>, scheme: string) {
    this.#api = api;
    this.#scheme = scheme;
    this.#registration = api.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: (uri) =>
        this.#texts.get(uri.path) ??
        l10n.t('This text is no longer at hand. Open it again from the Porchlight view.'),
    });
  }

  /** Opens a text under a file name, whose ending chooses the language. The same `key` opens the same tab. */
  async open(name: string, text: string, key?: string): Promise<vscode.TextEditor> {
    const document = await this.#api.workspace.openTextDocument(this.place(name, text, key));
    return this.#api.window.showTextDocument(document, { preview: true });
  }

  /** Keeps a text to be opened later, e.g. by a comparison. */
  place(name: string, text: string, key = String(++this.#count)): vscode.Uri {
    const folder = encodeURIComponent(key);
    const path = `/${folder}/${name.replaceAll(/[\\/:*?"<>|]/g, '-')}`;
    this.#texts.delete(path);
    this.#texts.set(path, text);
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= keptDocuments) break;
      this.#texts.delete(oldest);
    }
    return this.#api.Uri.from({ scheme: this.#scheme, path });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#texts.clear();
  }
}
