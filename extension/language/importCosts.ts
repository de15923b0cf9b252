import type { ImportCosts } from '../../runtime/model/coldStartProfile.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { importCostsMethod, type ImportCostsParams } from './messages.ts';

/** Tells the language server what cold starts spend on packages, now and whenever it is measured anew. */
export function tellImportCosts(
  hosts: Pick<Hosts, 'all' | 'onDidChange'>,
  client: {
    sendNotification(method: string, params: ImportCostsParams): Promise<void>;
    isRunning(): boolean;
  },
  ready: Promise<void>,
): Disposable {
  const tell = (host: FolderHost, costs: ImportCosts): void => {
    // A client that ends meanwhile needs them no more.
    if (client.isRunning()) client.sendNotification(importCostsMethod, paramsOf(host, costs)).catch(() => {});
  };
  void ready.then(
    () => hosts.all.forEach((host) => host.mirror.importCosts.forEach((costs) => tell(host, costs))),
    () => {},
  );
  return hosts.onDidChange((change) => {
    if (change.kind !== 'mirror' || change.change.kind !== 'importCosts') return;
    const { function: name } = change.change;
    const costs = change.host.mirror.importCosts.find((each) => each.function === name);
    if (costs) tell(change.host, costs);
  });
}

/** Packages by what a function would save without them. */
export function paramsOf(
  { folder }: Pick<FolderHost, 'folder'>,
  { function: name, imports }: Pick<ImportCosts, 'function' | 'imports'>,
): ImportCostsParams {
  const packages: Record<string, number> = {};
  for (const each of imports) {
    if (each.kind === 'package') packages[each.name] = Math.max(packages[each.name] ?? 0, each.onlyMs);
  }
  return { folder: folder.path, function: name, packages };
}
