import { existsSync } from 'node:fs';
import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { compareVersions, nodePlaces, parseVersion, type PlacesSystem } from './nodePlaces.ts';
import { realPlacesSystem, versionOfNode } from './nodeSystem.ts';

/** A Node.js of this machine. */
export interface InstalledNode {
  /** Links are followed, so that a version manager's switch does not change what runs. */
  path: string;
  version: string;
  /** What its processes need in their environment to be Node at all. */
  env?: Record<string, string>;
}

/** A program file as it is now: another size or time means another program. */
export interface ProgramFile {
  path: string;
  size: number;
  mtimeMs: number;
}

/** What finding Nodes needs of the system; tests pass a fake. */
export interface InstalledSystem extends PlacesSystem {
  /** The Node of this process; `editor`: it is the program of an editor. */
  own: { path: string; version: string; editor: boolean };
  /** Undefined when there is no such file. */
  programAt(file: string): Promise<ProgramFile | undefined>;
  versionOf(file: string): Promise<string | undefined>;
}

/** More than this many are not looked at, and so many are asked at a time. */
const mostPrograms = 60;
const askedAtOnce = 3;
const largestCache = 256 * 1024;

interface Known {
  size: number;
  mtimeMs: number;
  /** Undefined: it cannot be run. */
  version: string | undefined;
}

/** Finds the Nodes of this machine. Each is asked for its version once; the answers are kept in a file between runs. */
export class InstalledNodes {
  readonly #system: InstalledSystem;
  readonly #known = new Map<string, Known>();
  readonly #caches = new Set<string>();
  #running: Promise<InstalledNode[]> | undefined;

  constructor(system: InstalledSystem = realInstalledSystem()) {
    this.#system = system;
  }

  /** What is installed now, newest first; never empty. `cacheFile` keeps the answers. */
  list(cacheFile?: string): Promise<InstalledNode[]> {
    this.#running ??= this.#find(cacheFile).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #find(cacheFile: string | undefined): Promise<InstalledNode[]> {
    if (cacheFile !== undefined) await this.#readCache(cacheFile);
    const { own } = this.#system;
    const programs = await this.#programs();
    const unknown = programs.filter((program) => program.path !== own.path && !this.#isKnown(program));
    await this.#ask(unknown);
    if (cacheFile !== undefined && unknown.length > 0) await this.#writeCache(cacheFile);
    const found = programs.flatMap(({ path }): InstalledNode[] => {
      const version = path === own.path ? undefined : this.#known.get(path)?.version;
      return version === undefined ? [] : [{ path, version }];
    });
    if (!own.editor) found.push({ path: own.path, version: own.version });
    // An editor's program is Node with another cryptography and other flags: good enough when there is nothing else.
    else if (found.length === 0) {
      found.push({ path: own.path, version: own.version, env: { ELECTRON_RUN_AS_NODE: '1' } });
    }
    const parsed = (node: InstalledNode) => parseVersion(node.version) ?? [0];
    return found.sort((a, b) => compareVersions(parsed(b), parsed(a)));
  }

  async #programs(): Promise<ProgramFile[]> {
    const places = nodePlaces(this.#system)
      .slice(0, mostPrograms)
      .filter((path) => !isShim(path));
    const files = await Promise.all(places.map((place) => this.#system.programAt(place)));
    const programs = new Map<string, ProgramFile>();
    for (const file of files) {
      if (file && /^node(js)?(\.exe)?$/i.test(nameOf(file.path))) programs.set(file.path, file);
    }
    return [...programs.values()];
  }

  #isKnown({ path, size, mtimeMs }: ProgramFile): boolean {
    const known = this.#known.get(path);
    return known !== undefined && known.size === size && known.mtimeMs === mtimeMs;
  }

  async #ask(programs: ProgramFile[]): Promise<void> {
    const waiting = [...programs];
    const askOneByOne = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { path, size, mtimeMs } = next;
        this.#known.set(path, { size, mtimeMs, version: await this.#system.versionOf(path) });
      }
    };
    await Promise.all(Array.from({ length: askedAtOnce }, askOneByOne));
  }

  async #readCache(file: string): Promise<void> {
    if (this.#caches.has(file)) return;
    this.#caches.add(file);
    try {
      const text = await readFile(file, 'utf8');
      if (text.length > largestCache) return;
      for (const [path, known] of Object.entries(JSON.parse(text) as Record<string, Partial<Known> | null>)) {
        const { size, mtimeMs, version } = known ?? {};
        if (typeof size !== 'number' || typeof mtimeMs !== 'number' || typeof version !== 'string') continue;
        if (parseVersion(version) && !this.#known.has(path))
          this.#known.set(path, { size, mtimeMs, version });
      }
    } catch {
      // None yet, or damaged: the programs are asked again.
    }
  }

  /** What could not be run is left out: a machine that was too busy must not be remembered as one without Node. */
  async #writeCache(file: string): Promise<void> {
    const usable = [...this.#known].filter(([, { version }]) => version !== undefined);
    const temporary = `${file}.${process.pid}`;
    try {
      await writeFile(temporary, JSON.stringify(Object.fromEntries(usable)));
      await rename(temporary, file);
    } catch {
      // Asking again next time costs milliseconds; where nothing can be written, others say so.
    }
  }
}

function nameOf(path: string): string {
  return basename(path.replaceAll('\\', '/'));
}

/** A manager's stand-in that decides by the current folder which Node it runs: what it chooses from is listed itself. */
function isShim(path: string): boolean {
  return /[\\/]shims[\\/][^\\/]+$/.test(path) || /[\\/]volta[\\/]node\.exe$/i.test(path);
}

function realInstalledSystem(): InstalledSystem {
  return {
    ...realPlacesSystem(),
    own: {
      path: process.execPath,
      version: process.versions.node,
      editor: process.versions['electron'] !== undefined,
    },
    async programAt(file) {
      // Asked at once, most places are ruled out in microseconds each.
      if (!existsSync(file)) return undefined;
      try {
        const path = await realpath(file);
        const { size, mtimeMs } = await stat(path);
        return { path, size, mtimeMs };
      } catch {
        // Gone meanwhile, or not ours to see.
        return undefined;
      }
    },
    versionOf: versionOfNode,
  };
}
