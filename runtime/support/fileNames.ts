import { realpathSync } from 'node:fs';

const comparable = (path: string): string =>
  process.platform === 'win32' ? path.replaceAll('/', '\\').toLowerCase() : path;

/** The paths one file is known by: as it was given, and where links lead. */
export class FileNames {
  readonly #names: Set<string>;

  constructor(file: string) {
    this.#names = new Set([comparable(file), comparable(realPath(file))]);
  }

  /** Whether a path names the file. */
  readonly has = (path: string): boolean => this.#names.has(comparable(path));
}

function realPath(file: string): string {
  try {
    return realpathSync.native(file);
  } catch {
    // A file that is not there has one name.
    return file;
  }
}
