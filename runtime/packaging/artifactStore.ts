import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Artifacts of a function that are kept: the newest, and those an instance may still be running. */
const keptArtifacts = 3;

/** Content-addressed folders of built functions: `<folder>/<function>/<hash>/`. */
export class ArtifactStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where an artifact lies; the same number of levels below the project for every function and hash. */
  path(functionName: string, hash: string): string {
    return join(this.#folder, folderName(functionName), hash);
  }

  /** Writes an artifact unless its content is there already, and removes the function's oldest ones. */
  async write(
    functionName: string,
    hash: string,
    files: { name: string; contents: Uint8Array }[],
  ): Promise<string> {
    const folder = this.path(functionName, hash);
    if (await exists(folder)) {
      // Keeping goes by age of last use.
      const now = new Date();
      await utimes(folder, now, now);
    } else {
      await this.#writeNew(folder, files);
    }
    await this.#prune(dirname(folder), hash);
    return folder;
  }

  /** A reader must never see half an artifact: it is made beside its place and then moved there. */
  async #writeNew(folder: string, files: { name: string; contents: Uint8Array }[]): Promise<void> {
    const temporary = `${folder}.${process.pid}.${Date.now()}.tmp`;
    await mkdir(temporary, { recursive: true });
    try {
      await Promise.all(files.map(({ name, contents }) => writeFile(join(temporary, name), contents)));
      await rename(temporary, folder);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      // Another host of the same folder may have been faster; same name means same content.
      if (!(await exists(folder))) throw error;
    }
  }

  async #prune(parent: string, current: string): Promise<void> {
    const names = (await readdir(parent)).filter((name) => name !== current);
    if (names.length < keptArtifacts) return;
    const aged = await Promise.all(
      names.map(async (name) => ({
        name,
        at: await stat(join(parent, name)).then(
          (s) => s.mtimeMs,
          () => 0,
        ),
      })),
    );
    aged.sort((a, b) => b.at - a.at);
    await Promise.all(
      aged
        .slice(keptArtifacts - 1)
        .map(({ name }) => rm(join(parent, name), { recursive: true, force: true })),
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A folder's name for a function: its name may hold what file names may not; then a hash keeps two of them apart. */
export function folderName(functionName: string): string {
  const plain = functionName.replace(/[^\w.-]/g, '_').slice(0, 60);
  return plain === functionName && !/^\.+$/.test(plain)
    ? plain
    : `${plain}-${hashOf([functionName]).slice(0, 8)}`;
}

/** SHA-256 over parts, hex, 16 digits: short enough for Windows paths below deep folders. */
export function hashOf(parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 16);
}
