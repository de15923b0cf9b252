import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { forgetOldest } from '../../runtime/support/forgetOldest.ts';
import type { EditorApi } from './editorApi.ts';

interface MemoryFile {
  bytes: Uint8Array;
  created: number;
  changed: number;
}

const keptFiles = 50;

/**
 * Files that exist in the editor only: what is saved in them is kept for as long as the window lives, and what is asked
 * for and not there is made by `load`. Editing one leaves no trace in the user's folders.
 */
export class MemoryFiles implements vscode.FileSystemProvider, Disposable {
  #api: Pick<EditorApi, 'workspace' | 'EventEmitter' | 'FileSystemError' | 'FileType' | 'FileChangeType'>;
  #load: (uri: vscode.Uri) => Promise<string>;
  #files = new Map<string, MemoryFile>();
  #store = new DisposableStore();
  #changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;

  constructor(
    api: Pick<EditorApi, 'workspace' | 'EventEmitter' | 'FileSystemError' | 'FileType' | 'FileChangeType'>,
    scheme: string,
    load: (uri: vscode.Uri) => Promise<string>,
  ) {
    this.#api = api;
    this.#load = load;
    this.#changed = this.#store.add(new api.EventEmitter());
    this.#store.add(api.workspace.registerFileSystemProvider(scheme, this, { isCaseSensitive: true }));
  }

  get onDidChangeFile(): vscode.Event<vscode.FileChangeEvent[]> {
    return this.#changed.event;
  }

  watch(): vscode.Disposable {
    return { dispose: () => {} };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, created, changed } = await this.#file(uri);
    return { type: this.#api.FileType.File, ctime: created, mtime: changed, size: bytes.byteLength };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#file(uri)).bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    const key = uri.toString();
    const now = Date.now();
    this.#keep(key, { bytes, created: this.#files.get(key)?.created ?? now, changed: now });
    this.#changed.fire([{ type: this.#api.FileChangeType.Changed, uri }]);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw this.#api.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw this.#api.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw this.#api.FileSystemError.NoPermissions(uri);
  }

  async #file(uri: vscode.Uri): Promise<MemoryFile> {
    const key = uri.toString();
    const known = this.#files.get(key);
    if (known) return known;
    let text: string;
    try {
      text = await this.#load(uri);
    } catch {
      // What it was made of is gone; the editor says that there is no such file.
      throw this.#api.FileSystemError.FileNotFound(uri);
    }
    const now = Date.now();
    const file = { bytes: new TextEncoder().encode(text), created: now, changed: now };
    this.#keep(key, file);
    return file;
  }

  #keep(key: string, file: MemoryFile): void {
    this.#files.delete(key);
    this.#files.set(key, file);
    forgetOldest(this.#files, keptFiles);
  }

  dispose(): void {
    this.#store.dispose();
    this.#files.clear();
  }
}
