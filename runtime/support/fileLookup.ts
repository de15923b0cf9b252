import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';

/** What pure code may ask about files; the caller decides where the answers come from. Never throws. */
export interface FileLookup {
  isFile(path: string): boolean;
  /** Undefined when the file cannot be read. */
  readText(path: string): string | undefined;
  /** Names in a folder, folders with a final `/`; empty when the folder cannot be read. */
  list(folder: string): string[];
  /** Where a path leads when all links are followed; absent where there are no links. */
  realPath?(path: string): string | undefined;
}

/** Answers from the disk as it is now. */
export const diskLookup: FileLookup = {
  // A file in the place of a folder is an error that `throwIfNoEntry` does not cover.
  isFile: (path) => orElse(false, () => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false),
  readText: (path) => orElse(undefined, () => readFileSync(path, 'utf8')),
  list: (folder) =>
    orElse([], () =>
      readdirSync(folder, { withFileTypes: true }).map((entry) =>
        entry.isDirectory() ? `${entry.name}/` : entry.name,
      ),
    ),
  realPath: (path) => orElse(undefined, () => realpathSync(path)),
};

/** A file that vanishes or may not be read between two looks is the same as one that is not there. */
function orElse<T>(fallback: T, read: () => T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}
