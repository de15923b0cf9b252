import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { profileLimits, type ColdStartProfile } from '../model/coldStartProfile.ts';
import { folderName } from '../packaging/artifactStore.ts';

/** Changes when a stored profile means something else. */
const format = 1;
/** A profile within the bounds is far smaller. */
const largestBytes = 4 * 1024 * 1024;

/** Profiles of a project's functions, one file per artifact; the latest of each function are kept. */
export class ProfileStore {
  readonly #folder: string;
  /** Writing and pruning of one function must not meet. */
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  has(functionName: string, artifact: string): boolean {
    return existsSync(this.#file(functionName, artifact));
  }

  /** Kept profiles, newest first. Files that are none are passed over: they are remade by the next profile. */
  async list(functionName: string): Promise<ColdStartProfile[]> {
    const folder = this.#of(functionName);
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const found = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => readProfile(join(folder, name))),
    );
    return found
      .flatMap((profile) => (profile?.function === functionName ? [profile] : []))
      .sort((a, b) => b.at - a.at);
  }

  /** Keeps a profile. One that was recorded by the way does not replace one that was measured on purpose. */
  save(profile: ColdStartProfile): Promise<void> {
    const saving = this.#writing.then(() => this.#save(profile));
    this.#writing = saving.catch(() => {});
    return saving;
  }

  async #save(profile: ColdStartProfile): Promise<void> {
    const folder = this.#of(profile.function);
    const file = this.#file(profile.function, profile.artifact);
    if (profile.passive && (await readProfile(file))?.passive === undefined && existsSync(file)) return;
    await mkdir(folder, { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    try {
      await writeFile(temporary, JSON.stringify({ format, profile }));
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await this.#prune(profile.function, profile.artifact);
  }

  /** Recorded ones go before measured ones, old ones before new ones. */
  async #prune(functionName: string, current: string): Promise<void> {
    const others = (await this.list(functionName)).filter(({ artifact }) => artifact !== current);
    const byWorth = [...others.filter(({ passive }) => !passive), ...others.filter(({ passive }) => passive)];
    await Promise.all(
      byWorth
        .slice(profileLimits.kept - 1)
        .map(({ artifact }) => rm(this.#file(functionName, artifact), { force: true })),
    );
  }

  #of(functionName: string): string {
    return join(this.#folder, folderName(functionName));
  }

  #file(functionName: string, artifact: string): string {
    return join(this.#of(functionName), `${artifact}.json`);
  }
}

async function readProfile(file: string): Promise<ColdStartProfile | undefined> {
  try {
    if ((await stat(file)).size > largestBytes) return undefined;
    const stored = JSON.parse(await readFile(file, 'utf8')) as { format?: unknown; profile?: unknown };
    return stored.format === format && isProfile(stored.profile) ? stored.profile : undefined;
  } catch {
    // Removed, cut short or written by somebody else.
    return undefined;
  }
}

function isProfile(value: unknown): value is ColdStartProfile {
  const profile = value as Partial<Record<keyof ColdStartProfile, unknown>> | null | undefined;
  const lists = [profile?.phases, profile?.modules, profile?.packages, profile?.imports, profile?.files];
  return (
    typeof profile?.function === 'string' &&
    typeof profile.artifact === 'string' &&
    typeof profile.at === 'number' &&
    lists.every((list) => Array.isArray(list))
  );
}
