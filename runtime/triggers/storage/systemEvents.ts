import type { FSWatcher } from 'chokidar';
import { Deferred } from '../../support/deferred.ts';
import type { FolderEvents } from './objectWatch.ts';

/** The system's events of a folder and all below it. Links are not followed, so that nothing outside is told. */
export function systemEvents(folder: string): FolderEvents {
  let watcher: FSWatcher | undefined;
  const closing = new Deferred<void>();
  return {
    async start({ found, changed, failed }) {
      // Loaded late: most hosts have no storage trigger.
      const { watch } = await import('chokidar');
      if (closing.settled) return;
      const watching = (watcher = watch(folder, {
        followSymlinks: false,
        ignorePermissionErrors: true,
        alwaysStat: true,
      }));
      let ready = false;
      watching.on('add', (path, stats) => {
        if (ready) return changed(path);
        found(path, stats?.isFile() ? { size: stats.size, mtimeMs: stats.mtimeMs } : undefined);
      });
      watching.on('change', (path) => changed(path));
      watching.on('unlink', (path) => changed(path));
      watching.on('error', (error) => failed(error instanceof Error ? error : new Error(String(error))));
      await Promise.race([new Promise<void>((resolve) => watching.on('ready', resolve)), closing.promise]);
      ready = true;
    },
    async close() {
      closing.resolve();
      await watcher?.close();
    },
  };
}
