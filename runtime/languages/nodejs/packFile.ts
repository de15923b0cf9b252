import { readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import zlib from 'node:zlib';
import { checkPack, maxPackBytes, type PackHeader } from './bootstrap.codePack.ts';

/** Newer than the type declarations; every Node that runs the host has it. */
const { crc32 } = zlib as unknown as { crc32(data: Uint8Array, value?: number): number };

/** What a pack must have been made by. */
export interface PackMaker {
  node: string;
  arch: string;
  tag?: number | undefined;
}

/**
 * A function's file of compiled code. Damaged code can end the process that runs it, so all of it is checked here, and
 * again when size or time of the file differ; what is no good is deleted.
 */
export class PackFile {
  readonly path: string;
  #known: { size: number; mtimeMs: number; header: PackHeader } | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** The header of a sound pack; undefined when there is none. */
  check(maker: PackMaker): PackHeader | undefined {
    const stats = statSync(this.path, { throwIfNoEntry: false });
    if (!stats) return undefined;
    const known = this.#known;
    if (known && known.size === stats.size && known.mtimeMs === stats.mtimeMs) return known.header;
    this.#known = undefined;
    try {
      if (!stats.isFile() || stats.size > maxPackBytes) throw new Error('it is too large');
      const header = checkPack(readFileSync(this.path), maker, crc32);
      // Files that nobody uses are the first to go.
      const now = new Date();
      utimesSync(this.path, now, now);
      const { size, mtimeMs } = statSync(this.path);
      this.#known = { size, mtimeMs, header };
      return header;
    } catch {
      this.drop();
      return undefined;
    }
  }

  drop(): void {
    this.#known = undefined;
    rmSync(this.path, { force: true, recursive: true });
  }
}

/** Whether requests of packages still lead to the files that the pack names. */
export function resolutionsHold({ witnesses }: PackHeader): boolean {
  return witnesses.every(([path, size, mtimeMs]) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return size === -1;
    return stats.mtimeMs === mtimeMs && (stats.isDirectory() ? 0 : stats.size) === size;
  });
}
