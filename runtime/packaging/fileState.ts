import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '../model/handlerModule.ts';

/** Larger files are told apart by size and time only. */
const hashedBytes = 1024 * 1024;

interface Known {
  size: number;
  mtimeMs: number;
  hash: string;
}

/** Content hashes of files, read again only when size or time differ. */
export class FileHashes {
  readonly #known = new Map<string, Known>();

  /** A hash of the content; `missing` for what is no readable file. */
  get(path: string): string {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) return 'missing';
    const known = this.#known.get(path);
    if (known && known.size === stats.size && known.mtimeMs === stats.mtimeMs) return known.hash;
    const hash = hashFile(path, stats);
    this.#known.set(path, { size: stats.size, mtimeMs: stats.mtimeMs, hash });
    return hash;
  }

  clear(): void {
    this.#known.clear();
  }
}

function hashFile(path: string, stats: Stats): string {
  if (stats.size > hashedBytes) return `${stats.size}@${stats.mtimeMs}`;
  try {
    return createHash('sha1').update(readFileSync(path)).digest('hex');
  } catch {
    // Vanished or not readable: a later look gives another answer.
    return 'missing';
  }
}

const assetExtension =
  /\.(html?|hbs|ejs|mustache|njk|pug|txt|sql|graphql|gql|proto|xml|xsl|css|svg|wasm|node)$/i;

/** Files functions read beside their code. Data formats are left out: functions write these, and a write is no edit. */
export function isAsset(path: string): boolean {
  return assetExtension.test(path);
}

/** Folders no function's code is taken from by looking around. */
export function isSkippedFolder(name: string): boolean {
  return name === 'node_modules' || name === '__pycache__' || name.startsWith('.');
}

/** Files below a folder that pass a test, sorted, at most `limit`; packages and dot folders are left out. */
export function listFiles(
  folder: string,
  test: (path: string) => boolean,
  limit = 2000,
  isSkipped: (folder: string) => boolean = () => false,
): string[] {
  const found: string[] = [];
  const folders = [folder];
  let looked = 0;
  for (let next = folders.shift(); next !== undefined && looked < limit; next = folders.shift()) {
    for (const entry of entriesOf(next)) {
      looked++;
      const path = join(next, entry.name);
      if (entry.isDirectory()) {
        if (!isSkippedFolder(entry.name) && !isSkipped(path)) folders.push(path);
      } else if (test(path)) found.push(path);
    }
  }
  return found.sort();
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that is gone or closed to us holds nothing a function could load.
    return [];
  }
}

const packageFiles = [
  'package.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'node_modules/.package-lock.json',
  'requirements.txt',
  'pyproject.toml',
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
  'composer.json',
  'composer.lock',
  'vendor/composer/installed.json',
];

/** Names of files that say which packages are there. */
export function isPackageFile(name: string): boolean {
  return packageFiles.includes(name) || name === '.package-lock.json';
}

/** Everything from a folder up to the root that says which packages a function gets; existing files only. */
export function packageFilesOf(folder: string, root: string): string[] {
  const found: string[] = [];
  for (let current = folder; isInside(root, current); current = dirname(current)) {
    for (const name of packageFiles) {
      const path = join(current, name);
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) found.push(path);
    }
    if (current === dirname(current)) break;
  }
  return found;
}
