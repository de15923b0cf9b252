import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PorchlightError } from '../../model/errors.ts';
import { contentHash, type Archive } from '../../packaging/archive.ts';
import { isAlive } from '../../support/processTree.ts';

/** A deploy gets from its package to its version in less time. */
const youngMs = 10 * 60_000;

/** Packages by their hash: `packages/<sha256>/` with the files as they are run. */
export class PackageStore {
  readonly #folder: string;

  /** `folder` is `.porchlight/deployed` of the project; all stores in it lie equally deep. */
  constructor(folder: string, name: 'packages' | 'rehearsals' = 'packages') {
    this.#folder = join(folder, name);
  }

  path(hash: string): string {
    return join(this.#folder, hash);
  }

  async has(hash: string): Promise<boolean> {
    return stat(this.path(hash)).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }

  /** Copies an archive. It is there completely or not at all, also when this is cancelled or the process is killed. */
  async put(archive: Archive, signal: AbortSignal): Promise<void> {
    if (await this.has(archive.hash)) return;
    const temporary = `${this.path(archive.hash)}.${process.pid}.tmp`;
    await rm(temporary, { recursive: true, force: true });
    try {
      for (const file of archive.files) {
        signal.throwIfAborted();
        const to = join(temporary, ...file.path.split('/'));
        await mkdir(dirname(to), { recursive: true });
        const bytes = 'data' in file.content ? file.content.data : await readFile(file.content.file);
        // It was hashed a moment ago; somebody saved it since.
        if (contentHash(bytes) !== file.sha256) throw new PorchlightError('PLAN_UNKNOWN');
        await writeFile(to, bytes);
        if (file.executable) await chmod(to, 0o755);
      }
      await rename(temporary, this.path(archive.hash));
    } catch (error) {
      await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
      // Another deploy of the same content was quicker.
      if (!(await this.has(archive.hash))) throw error;
    }
  }

  async remove(hash: string): Promise<void> {
    await rm(this.path(hash), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes packages that no version uses any more, and what interrupted copies left behind. */
  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) {
      if (hashes.has(name) || isBeingCopied(name)) continue;
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      // A young one may belong to a deploy of another process that has not made its version yet.
      if (!found || Date.now() - found.mtimeMs < youngMs) continue;
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

/** A copy under way belongs to a process that lives. */
function isBeingCopied(name: string): boolean {
  const pid = /\.(\d+)\.tmp$/.exec(name)?.[1];
  return pid !== undefined && isAlive(Number(pid));
}
