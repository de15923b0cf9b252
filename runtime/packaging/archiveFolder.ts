import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { PreflightFinding } from '../model/deploy.ts';
import { PorchlightError, told } from '../model/errors.ts';
import { isInside } from '../model/handlerModule.ts';
import { archiveLimits, contentHash, type ArchiveFile } from './archive.ts';
import { exclusionOf, holdsPrivateKey, mayHoldKey } from './archiveExclusions.ts';

/** What a folder gives to an archive. */
export interface CollectedFiles {
  files: ArchiveFile[];
  findings: PreflightFinding[];
}

export interface CollectOptions {
  /** Links may lead anywhere inside this folder, and nowhere else. */
  root: string;
  /** Path of the folder's content within the archive; empty for its root. */
  prefix: string;
  /** Further reasons to leave something out; `path` is relative to the folder, with forward slashes. */
  leaveOut?: (path: string, isFolder: boolean) => boolean;
  signal?: AbortSignal | undefined;
}

/** Collects the files of a folder, in a fixed order. Nothing leaves it: links to elsewhere are findings. */
export async function collectFolder(folder: string, options: CollectOptions): Promise<CollectedFiles> {
  const collector = new Collector(folder, { ...options, root: await realpath(options.root) });
  await collector.visit(folder, [await realpath(folder)]);
  return collector;
}

class Collector implements CollectedFiles {
  readonly files: ArchiveFile[] = [];
  readonly findings: PreflightFinding[] = [];
  readonly #folder: string;
  readonly #options: CollectOptions;
  #bytes = 0;

  constructor(folder: string, options: CollectOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** `above` are the real paths of the folders on the way here, so that a link to one of them ends. */
  async visit(folder: string, above: string[]): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const target = entry.isSymbolicLink() ? await this.#follow(path) : path;
      if (target === undefined) continue;
      const isFolder = entry.isSymbolicLink() ? (await stat(target)).isDirectory() : entry.isDirectory();
      if (this.#isLeftOut(path, isFolder)) continue;
      if (isFolder) {
        const real = await realpath(target);
        if (!above.includes(real)) await this.visit(path, [...above, real]);
      } else if (entry.isFile() || entry.isSymbolicLink()) await this.#add(path);
    }
  }

  /** The real path behind a link; undefined when it leads nowhere or outside. */
  async #follow(path: string): Promise<string | undefined> {
    // A name that is left out anyway may lead wherever it likes.
    if (exclusionOf(path, true) || exclusionOf(path, false)) return undefined;
    let target: string;
    try {
      target = await realpath(path);
    } catch {
      this.#find('LINK_BROKEN', 'warning', path, { path: this.#relative(path) });
      return undefined;
    }
    if (isInside(this.#options.root, target)) return target;
    this.#find('LINK_OUTSIDE', 'error', path, { path: this.#relative(path), target });
    return undefined;
  }

  #isLeftOut(path: string, isFolder: boolean): boolean {
    if (this.#options.leaveOut?.(this.#relative(path), isFolder)) return true;
    const reason = exclusionOf(path, isFolder);
    if (reason === 'secret') this.#find('KEY_LEFT_OUT', 'warning', path, { path: this.#relative(path) });
    return reason !== undefined;
  }

  async #add(path: string): Promise<void> {
    const stats = await stat(path);
    this.#bytes += stats.size;
    if (this.files.length >= archiveLimits.files || this.#bytes > archiveLimits.bytes) {
      throw new PorchlightError('PACKAGE_TOO_LARGE', {
        folder: this.#folder,
        files: archiveLimits.files,
        megabytes: archiveLimits.bytes / 1024 / 1024,
      });
    }
    const content = await readFile(path);
    if (mayHoldKey(path) && holdsPrivateKey(content)) {
      this.#find('KEY_LEFT_OUT', 'warning', path, { path: this.#relative(path) });
      return;
    }
    this.files.push({
      path: this.#options.prefix + this.#relative(path),
      bytes: content.byteLength,
      sha256: contentHash(content),
      // Windows has no such mark: a package made there for elsewhere starts its programs through Node.
      executable: (stats.mode & 0o111) !== 0 && process.platform !== 'win32',
      content: { file: path },
    });
  }

  #find(
    code: 'LINK_BROKEN' | 'LINK_OUTSIDE' | 'KEY_LEFT_OUT',
    severity: PreflightFinding['severity'],
    file: string,
    facts: Record<string, string>,
  ): void {
    this.findings.push({ severity, ...told(code, facts), file });
  }

  #relative(path: string): string {
    return relative(this.#folder, path).split(sep).join('/');
  }
}
