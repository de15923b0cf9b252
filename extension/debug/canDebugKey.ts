import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { contextKeys } from '../contributions/ids.ts';
import { ContextKey } from '../editor/contextKey.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';

/** Languages a function's own files are in. In others F5 keeps the meaning it has there. */
const languages = new Set([
  'javascript',
  'javascriptreact',
  'typescript',
  'typescriptreact',
  'python',
  'go',
  'yaml',
  'dockercompose',
]);

/** Whether the user has told the editor what F5 means in a folder. */
function hasOwnConfigurations(api: EditorApi, folder: vscode.WorkspaceFolder | undefined): boolean {
  const launch = api.workspace.getConfiguration('launch', folder?.uri);
  return ['configurations', 'compounds'].some((name) => {
    const list: unknown = launch.get(name);
    return Array.isArray(list) && list.length > 0;
  });
}

/** The host whose functions F5 means now; undefined where F5 is not ours. */
export function hostForF5(api: EditorApi, hosts: Hosts): FolderHost | undefined {
  const document = api.window.activeTextEditor?.document;
  const host = document ? hosts.ofFile(document.uri) : hosts.withProject[0];
  if (!host || !hosts.withProject.includes(host)) return undefined;
  if (document && !languages.has(document.languageId)) return undefined;
  return hasOwnConfigurations(api, hosts.workspaceFolder(host)) ? undefined : host;
}

/**
 * Keeps the key for F5. Without a `launch.json` the editor would ask which of its debuggers to use, because its own
 * also claim JavaScript and TypeScript; so F5 is bound, but only in folders with functions that have no configurations.
 */
export function keepCanDebugKey(api: EditorApi, hosts: Hosts): Disposable {
  const store = new DisposableStore();
  const key = new ContextKey<boolean>(api, contextKeys.canDebug);
  const update = () => key.set(hostForF5(api, hosts) !== undefined);
  store.add(api.window.onDidChangeActiveTextEditor(update));
  store.add(
    api.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('launch')) update();
    }),
  );
  store.add(
    hosts.onDidChange((change) => {
      if (change.kind !== 'mirror' || change.change.kind === 'functions') update();
    }),
  );
  update();
  return store;
}
