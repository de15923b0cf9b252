import type { FileLookup } from '../../runtime/support/fileLookup.ts';

/** Files that exist in memory only, by absolute path with forward slashes; changing the record changes the files. */
export function memoryFiles(files: Record<string, string>): FileLookup {
  return {
    isFile: (path) => Object.hasOwn(files, path),
    readText: (path) => files[path],
    list(folder) {
      const below = Object.keys(files).filter((path) => path.startsWith(`${folder}/`));
      const names = below.map((path) => path.slice(folder.length + 1).replace(/\/.*/, '/'));
      return [...new Set(names)];
    },
  };
}
