import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { phrase, PhrasedError } from '../../support/l10n.ts';

/** Size and time of a regular file. */
export interface FileFacts {
  size: number;
  mtimeMs: number;
}

/** What is asked of the file system; tests pass a fake. */
export interface ObjectFiles {
  /** Undefined for what is not there, and for links and folders, which are no objects. */
  facts(path: string): Promise<FileFacts | undefined>;
  md5(path: string): Promise<string>;
}

/** The real files. */
export const systemFiles: ObjectFiles = {
  async facts(path) {
    try {
      const found = await lstat(path);
      return found.isFile() ? { size: found.size, mtimeMs: found.mtimeMs } : undefined;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    }
  },
  async md5(path) {
    const hash = createHash('md5');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  },
};

/** Files of systems and tools that nobody means as objects. */
const ignoredNames = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', '.gitkeep', '.gitignore']);

/** Whether a file of this name is never an object. */
export function isIgnoredName(name: string): boolean {
  return ignoredNames.has(name);
}

/** The key of a file in its bucket's folder. Some systems take letters apart from their accents; keys have them whole. */
export function keyOf(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/').normalize('NFC');
}

/** Makes the folder, and answers with its real path. Rejects when it is, or leads, outside of the project. */
export async function openFolder(root: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const [realRoot, real] = await Promise.all([realpath(root), realpath(folder)]);
  if (real !== realRoot && real.startsWith(realRoot + sep)) return real;
  throw new PhrasedError(
    phrase('the folder {folder} leads to {real}, which is not inside the project. Choose a folder in it.', {
      folder,
      real,
    }),
  );
}

/** The newest file of a folder that fits, as its key; looks at so many files at most. */
export async function newestKey(
  folder: string,
  fits: (key: string) => boolean,
  most = 5000,
): Promise<string | undefined> {
  let newest: { key: string; mtimeMs: number } | undefined;
  let looked = 0;
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined && looked < most; at = folders.pop()) {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isFile() || isIgnoredName(entry.name) || ++looked > most) continue;
      const key = keyOf(folder, path);
      const facts = fits(key) ? await systemFiles.facts(path) : undefined;
      if (facts && facts.mtimeMs >= (newest?.mtimeMs ?? 0)) newest = { key, mtimeMs: facts.mtimeMs };
    }
  }
  return newest?.key;
}
