import { existsSync } from 'node:fs';
import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { compareVersions, parseVersion } from './nodePlaces.ts';

/** A program file as it is now: another size or time means another program. */
export interface ProgramFile {
  path: string;
  size: number;
  mtimeMs: number;
}

/** One kind of program, and how its members on this machine are found. */
export interface ProgramKind {
  /** Where they may lie, the likeliest first. */
  places(): string[];
  /** Whether a file that was found, links followed, is one by its name. */
  isOne(path: string): boolean;
  /** Undefined when there is no such file. */
  programAt(file: string): Promise<ProgramFile | undefined>;
  /** Undefined when it cannot be run. */
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

/** Orders programs by version; those of one version keep their order. */
export function newestFirst<T extends { version: string }>(programs: T[]): T[] {
  const parsed = ({ version }: T) => parseVersion(version) ?? [0];
  return programs.sort((a, b) => compareVersions(parsed(b), parsed(a)));
}

/** Finds programs of a kind. Each is asked for its version once; the answers are kept in a file between runs. */
export class InstalledPrograms {
  readonly #kind: ProgramKind;
  readonly #known = new Map<string, Known>();
  readonly #caches = new Set<string>();
  #running: Promise<{ path: string; version: string }[]> | undefined;

  constructor(kind: ProgramKind) {
    this.#kind = kind;
  }

  /** What is installed now, newest first. `cacheFile` keeps the answers. */
  async list(cacheFile?: string): Promise<{ path: string; version: string }[]> {
    this.#running ??= this.#find(cacheFile).finally(() => (this.#running = undefined));
    return [...(await this.#running)];
  }

  async #find(cacheFile: string | undefined): Promise<{ path: string; version: string }[]> {
    if (cacheFile !== undefined) await this.#readCache(cacheFile);
    const programs = await this.#programs();
    const unknown = programs.filter((program) => !this.#isKnown(program));
    await this.#ask(unknown);
    if (cacheFile !== undefined && unknown.length > 0) await this.#writeCache(cacheFile);
    return newestFirst(
      programs.flatMap(({ path }) => {
        const version = this.#known.get(path)?.version;
        return version === undefined ? [] : [{ path, version }];
      }),
    );
  }

  async #programs(): Promise<ProgramFile[]> {
    const places = this.#kind.places().slice(0, mostPrograms);
    const files = await Promise.all(places.map((place) => this.#kind.programAt(place)));
    const programs = new Map<string, ProgramFile>();
    for (const file of files) if (file && this.#kind.isOne(file.path)) programs.set(file.path, file);
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
        this.#known.set(path, { size, mtimeMs, version: await this.#kind.versionOf(path) });
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

  /** What could not be run is left out: a machine that was too busy must not be remembered as one without the program. */
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

/** The program at a place of the real file system; links are followed. */
export async function programAt(file: string): Promise<ProgramFile | undefined> {
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
}
