import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { projectFileNames } from '../../runtime/model/projectFiles/fileNames.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { FolderHost, type HostLauncher } from './folderHost.ts';
import type { MirrorChange } from './hostMirror.ts';
import type { HostCrash } from './hostState.ts';
import type { RemoteChange } from './remoteLogs.ts';
import { mayMakeProject } from './projectProbe.ts';

/** Something changed in one of the folders. */
export type HostsChange =
  | { kind: 'folders' }
  | { kind: 'state'; host: FolderHost }
  | { kind: 'crash'; host: FolderHost; crash: HostCrash }
  | { kind: 'mirror'; host: FolderHost; change: MirrorChange }
  | { kind: 'remote'; host: FolderHost; change: RemoteChange };

/** Asks a folder whether it has functions. */
export type Probe = (folder: vscode.WorkspaceFolder) => Promise<boolean>;

interface Entry {
  folder: vscode.WorkspaceFolder;
  host: FolderHost;
  store: DisposableStore;
  hasProject: boolean;
}

/** The hosts of this window: one per workspace folder with functions. Nothing is started in an untrusted workspace. */
export class Hosts implements Disposable {
  #api: Pick<EditorApi, 'workspace'>;
  #launcher: HostLauncher;
  #probe: Probe;
  #entries = new Map<string, Entry>();
  #store = new DisposableStore();
  #changed: Emitter<HostsChange>;
  #looking = 0;

  constructor(api: Pick<EditorApi, 'workspace'>, launcher: HostLauncher, probe: Probe) {
    this.#api = api;
    this.#launcher = launcher;
    this.#probe = probe;
    this.#changed = this.#store.add(new Emitter<HostsChange>());
    this.#syncFolders();
    this.#store.add(api.workspace.onDidChangeWorkspaceFolders(() => void this.#foldersChanged()));
    this.#store.add(api.workspace.onDidGrantWorkspaceTrust(() => void this.startAll()));
    this.#store.add(api.workspace.onDidSaveTextDocument((document) => this.#saved(document)));
    const watcher = this.#store.add(
      api.workspace.createFileSystemWatcher(`**/{${projectFileNames.join(',')}}`, false, true, true),
    );
    this.#store.add(watcher.onDidCreate((uri) => void this.#projectFileCreated(uri)));
  }

  get onDidChange(): Event<HostsChange> {
    return this.#changed.event;
  }

  /** In the order of the workspace's folders. */
  get all(): FolderHost[] {
    return [...this.#entries.values()].map((entry) => entry.host);
  }

  /** Folders that look as if they had functions, or have. */
  get withProject(): FolderHost[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.hasProject || entry.host.mirror.functions.length > 0)
      .map((entry) => entry.host);
  }

  /** Whether folders are being looked at. */
  get looking(): boolean {
    return this.#looking > 0;
  }

  /** The host of a folder, given as its path or URI. */
  find(folder: string): FolderHost | undefined {
    for (const { folder: candidate, host } of this.#entries.values()) {
      if (host.folder.path === folder || candidate.uri.toString() === folder || candidate.uri.path === folder)
        return host;
    }
    return undefined;
  }

  /** The host whose folder holds a file. */
  ofFile(uri: vscode.Uri): FolderHost | undefined {
    const folder = this.#api.workspace.getWorkspaceFolder(uri);
    return folder && this.#entries.get(folder.uri.toString())?.host;
  }

  /** The editor's folder of a host. */
  workspaceFolder(host: FolderHost): vscode.WorkspaceFolder | undefined {
    return [...this.#entries.values()].find((entry) => entry.host === host)?.folder;
  }

  /** Looks at every folder and starts the hosts of those with functions. Failures are in the hosts' states. */
  async startAll(): Promise<void> {
    if (!this.#api.workspace.isTrusted) return;
    await Promise.all([...this.#entries.values()].map((entry) => this.#startIfProject(entry)));
  }

  /** The running host of a folder, started when it is not; rejects in an untrusted workspace. */
  async running(host: FolderHost): ReturnType<FolderHost['api']> {
    if (!this.#api.workspace.isTrusted) throw new PorchlightError('WORKSPACE_UNTRUSTED');
    return host.api();
  }

  async #startIfProject(entry: Entry): Promise<void> {
    this.#looking++;
    try {
      entry.hasProject = await this.#probe(entry.folder);
    } catch (error) {
      // A folder that cannot be read has no functions for now; the log says why.
      this.#launcher.log(`${entry.folder.name} cannot be looked at: ${String(error)}`);
    } finally {
      this.#looking--;
      this.#changed.fire({ kind: 'folders' });
    }
    if (entry.hasProject && !entry.store.disposed) await entry.host.api().catch(() => {});
  }

  #syncFolders(): Entry[] {
    const folders = (this.#api.workspace.workspaceFolders ?? []).filter(
      (folder) => folder.uri.scheme === 'file',
    );
    const before = this.#entries;
    this.#entries = new Map();
    const added: Entry[] = [];
    for (const folder of folders) {
      const key = folder.uri.toString();
      let entry = before.get(key);
      before.delete(key);
      if (!entry) added.push((entry = this.#addEntry(folder)));
      this.#entries.set(key, entry);
    }
    for (const gone of before.values()) {
      void gone.host.stop().finally(() => gone.store.dispose());
    }
    return added;
  }

  #addEntry(folder: vscode.WorkspaceFolder): Entry {
    const store = new DisposableStore();
    const host = store.add(new FolderHost({ name: folder.name, path: folder.uri.fsPath }, this.#launcher));
    store.add(host.onDidChangeState(() => this.#changed.fire({ kind: 'state', host })));
    store.add(host.onDidCrash((crash) => this.#changed.fire({ kind: 'crash', host, crash })));
    store.add(host.mirror.onDidChange((change) => this.#changed.fire({ kind: 'mirror', host, change })));
    store.add(host.remote.onDidChange((change) => this.#changed.fire({ kind: 'remote', host, change })));
    return { folder, host, store, hasProject: false };
  }

  async #foldersChanged(): Promise<void> {
    const added = this.#syncFolders();
    this.#changed.fire({ kind: 'folders' });
    if (this.#api.workspace.isTrusted) await Promise.all(added.map((entry) => this.#startIfProject(entry)));
  }

  async #projectFileCreated(uri: vscode.Uri): Promise<void> {
    const folder = this.#api.workspace.getWorkspaceFolder(uri);
    const entry = folder && this.#entries.get(folder.uri.toString());
    if (entry && !entry.hasProject && this.#api.workspace.isTrusted) await this.#startIfProject(entry);
  }

  #saved(document: vscode.TextDocument): void {
    if (document.uri.scheme !== 'file') return;
    const folder = this.#api.workspace.getWorkspaceFolder(document.uri);
    const entry = folder && this.#entries.get(folder.uri.toString());
    if (!entry) return;
    if (entry.host.running) entry.host.running.filesSaved([document.uri.fsPath]);
    else if (!entry.hasProject && this.#api.workspace.isTrusted && mayMakeProject(document.uri.fsPath)) {
      void this.#startIfProject(entry);
    }
  }

  /** Ends every host of ours in an orderly way. */
  async stopAll(): Promise<void> {
    await Promise.allSettled(this.all.map((host) => host.stop()));
  }

  dispose(): void {
    for (const entry of this.#entries.values()) entry.store.dispose();
    this.#store.dispose();
  }
}
