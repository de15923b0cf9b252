import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { ArchiveStart } from '../../packaging/archive.ts';
import { withFileLock } from '../../support/fileLock.ts';

/** One version as it is kept. The values of its environment lie in a file of their own. */
export interface StoredVersion {
  version: string;
  packageHash: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Answered its verification. */
  verified: boolean;
  /** Without its environment; `codeRoot` is not used. */
  definition: FunctionDefinition;
  /** As `deployedSettings` gave them. */
  settings: Record<string, string>;
  start: ArchiveStart;
}

/** What is kept of one function: `versions.json` in its folder. */
export interface StoredFunction {
  name: string;
  /** The version that serves. */
  current?: string;
  /** A newer version that gets a share of the calls, in percent (1 to 99); the current one gets the others. */
  share?: { version: string; percent: number };
  /** Of the next version. Numbers are never used twice. */
  next: number;
  /** Newest first. */
  versions: StoredVersion[];
}

/** Versions that are kept for a roll-back, the serving one included. */
const keptVersions = 20;

/** Another deploy of the same folder may take this long before we give up waiting for it to write. */
const lockPatienceMs = 10_000;

/**
 * What is deployed in a project folder: `functions/<name>/versions.json`, replaced in one step, and the values of each
 * version's environment beside it, readable by their owner only.
 */
export class VersionStore {
  readonly #folder: string;
  readonly #lock: string;

  /** `folder` is `.porchlight/deployed` of the project. */
  constructor(folder: string) {
    this.#folder = join(folder, 'functions');
    this.#lock = join(folder, 'versions.lock');
  }

  /** All functions that were deployed, by name. */
  async all(): Promise<StoredFunction[]> {
    let names: string[];
    try {
      names = await readdir(this.#folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const found = await Promise.all(
      names.map((name) => readStored(join(this.#folder, name, 'versions.json'))),
    );
    return found.flatMap((stored) => stored ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async get(name: string): Promise<StoredFunction | undefined> {
    return readStored(join(this.#path(name), 'versions.json'));
  }

  /** Changes what is kept of a function; the change is on disk when this resolves. */
  async update<T>(name: string, change: (stored: StoredFunction) => T | Promise<T>): Promise<T> {
    await mkdir(this.#path(name), { recursive: true });
    return withFileLock(this.#lock, lockPatienceMs, async () => {
      const stored = (await this.get(name)) ?? { name, next: 1, versions: [] };
      const result = await change(stored);
      const dropped = prune(stored);
      const file = join(this.#path(name), 'versions.json');
      const temporary = `${file}.${process.pid}`;
      await writeFile(temporary, `${JSON.stringify(stored, undefined, 2)}\n`);
      await rename(temporary, file);
      await Promise.all(dropped.map((version) => rm(this.#environmentFile(name, version), { force: true })));
      return result;
    });
  }

  async remove(name: string): Promise<void> {
    await withFileLock(this.#lock, lockPatienceMs, () =>
      rm(this.#path(name), { recursive: true, force: true, maxRetries: 3 }),
    );
  }

  async writeEnvironment(name: string, version: string, environment: Record<string, string>): Promise<void> {
    await mkdir(this.#path(name), { recursive: true });
    const file = this.#environmentFile(name, version);
    // `mode` counts only for files that are made: one that is there could be readable by others.
    await rm(file, { force: true });
    await writeFile(file, JSON.stringify(environment), { mode: 0o600, flag: 'wx' });
  }

  async readEnvironment(name: string, version: string): Promise<Record<string, string>> {
    return JSON.parse(await readFile(this.#environmentFile(name, version), 'utf8')) as Record<string, string>;
  }

  removeEnvironment(name: string, version: string): Promise<void> {
    return rm(this.#environmentFile(name, version), { force: true });
  }

  #environmentFile(name: string, version: string): string {
    return join(this.#path(name), `environment-${version}.json`);
  }

  #path(name: string): string {
    return join(this.#folder, folderName(name));
  }
}

/** Function names may hold what file names may not, and some file systems take `A` and `a` for the same. */
function folderName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,60}$/.test(name) && !/^(con|prn|aux|nul|com\d|lpt\d)$/.test(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 60)}-${hash}`;
}

function prune(stored: StoredFunction): string[] {
  const dropped = stored.versions
    .slice(keptVersions)
    .map(({ version }) => version)
    .filter((version) => version !== stored.current && version !== stored.share?.version);
  stored.versions = stored.versions.filter(({ version }) => !dropped.includes(version));
  return dropped;
}

async function readStored(file: string): Promise<StoredFunction | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<StoredFunction>;
    const known =
      typeof value.name === 'string' && Number.isSafeInteger(value.next) && Array.isArray(value.versions);
    if (!known) throw new Error(`${file} is not what Porchlight wrote.`);
    return value as StoredFunction;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
