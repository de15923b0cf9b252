import type * as vscode from 'vscode';
import type { Disposable } from '../../runtime/support/disposable.ts';
import { forgetOldest } from '../../runtime/support/forgetOldest.ts';
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
        this.#texts.get(addressOf(uri)) ??
        l10n.t('This text is no longer at hand. Open it again from the Porchlight view.'),
    });
  }

  /** Opens a text under a file name, whose ending chooses the language. The same `key` opens the same tab. */
  async open(name: string, text: string, key = String(++this.#count)): Promise<vscode.TextEditor> {
    const uri = this.#keep(text, `/${encodeURIComponent(key)}/${fileName(name)}`, '');
    const document = await this.#api.workspace.openTextDocument(uri);
    return this.#api.window.showTextDocument(document, { preview: true });
  }

  /**
   * Keeps a text for a comparison. Only the query tells texts of one name apart: the editor takes different paths for a
   * file that was renamed.
   */
  place(name: string, text: string, key: string): vscode.Uri {
    return this.#keep(text, `/${fileName(name)}`, key);
  }

  #keep(text: string, path: string, query: string): vscode.Uri {
    const uri = this.#api.Uri.from({ scheme: this.#scheme, path, query });
    const address = addressOf(uri);
    this.#texts.delete(address);
    this.#texts.set(address, text);
    forgetOldest(this.#texts, keptDocuments);
    return uri;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#texts.clear();
  }
}

const addressOf = ({ path, query }: vscode.Uri): string => `${path}?${query}`;

const fileName = (name: string): string => name.replaceAll(/[\\/:*?"<>|]/g, '-');
