import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import type { CommandServices } from './services.ts';

/**
 * Saves the files of a folder that have unsaved changes, as the editor does before it debugs: what runs is what one
 * sees. Resolves when the host knows.
 */
export async function saveFiles(services: CommandServices, host: FolderHost, api: HostApi): Promise<void> {
  const { hosts, api: editor } = services;
  const dirty = editor.workspace.textDocuments.filter(
    (document) => document.isDirty && document.uri.scheme === 'file' && hosts.ofFile(document.uri) === host,
  );
  if (dirty.length === 0) return;
  await Promise.all(dirty.map((document) => document.save()));
  // The host is told of each save over the connection; an HTTP request would overtake that.
  await api.sync();
}
