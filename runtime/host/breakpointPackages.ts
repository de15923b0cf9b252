import { realpathSync } from 'node:fs';
import { sep } from 'node:path';

/** Files that are looked at, at most: nobody sets more breakpoints in packages. */
const mostFiles = 1000;

const packageFolder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/;

/** Folders of the packages that files belong to, where Node finds them: links are followed. Each ends with a separator. */
export function packageFolders(files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files.slice(0, mostFiles)) {
    const folder = packageFolder.exec(file)?.[0];
    if (folder === undefined) continue;
    try {
      folders.add(realpathSync.native(folder) + sep);
    } catch {
      // It is gone; nothing will be loaded from it.
    }
  }
  return [...folders].sort();
}
