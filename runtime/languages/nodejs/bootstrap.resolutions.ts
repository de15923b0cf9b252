import { statSync } from 'node:fs';
import Module from 'node:module';
import { isAbsolute, join, sep } from 'node:path';
import type { PackHeader, Witness } from './bootstrap.codePack.ts';

type Resolve = (
  request: string,
  parent: NodeModule | undefined,
  isMain: boolean,
  options?: unknown,
) => string;
type Load = (request: string, parent: NodeModule | undefined, isMain: boolean) => unknown;

const internals = Module as unknown as { _resolveFilename: Resolve; _load: Load };
const folder = `${sep}node_modules${sep}`;

/** Whether a file belongs to a package rather than to the function. */
export function isPackageFile(file: string): boolean {
  return file.includes(folder);
}

/** Files that installers write; their time says whether packages came or went. */
const installerFiles = ['.package-lock.json', '.modules.yaml', '.yarn-integrity', '.yarn-state.yml'];

/**
 * Where the requests of packages to each other and to their own files lead. Finding that out is a third of the time
 * that loading many packages takes. Requests of own code are always resolved anew.
 */
export class Resolutions {
  #known = new Map<string, string>();
  #targets = new Set<string>();
  #learned = new Map<string, string>();
  #installed = false;

  use({ files, resolutions }: PackHeader): void {
    for (const [from, request, to] of resolutions) {
      this.#known.set(`${files[from]}\0${request}`, files[to]!);
      this.#targets.add(files[to]!);
    }
  }

  /** Puts itself in front of Node's resolution, behind whatever is put in front of it later. */
  install(): void {
    if (this.#installed) return;
    this.#installed = true;
    const resolve = internals._resolveFilename;
    internals._resolveFilename = (request, parent, isMain, options) => {
      const from = parent?.filename;
      if (options !== undefined || !from || !isPackageFile(from)) {
        return resolve.call(Module, request, parent, isMain, options);
      }
      const key = `${from}\0${request}`;
      const known = this.#known.get(key);
      if (known !== undefined) return known;
      const found = resolve.call(Module, request, parent, isMain, options);
      if (isAbsolute(found) && isPackageFile(found)) this.#learned.set(key, found);
      return found;
    };
    const load = internals._load;
    internals._load = (request, parent, isMain) => {
      try {
        return load.call(Module, request, parent, isMain);
      } catch (error) {
        const { code, path } = error as NodeJS.ErrnoException;
        // A file that a known request led to is gone: all of them are in doubt.
        if (code !== 'ENOENT' || path === undefined || !this.#targets.has(path)) throw error;
        this.#known.clear();
        this.#targets.clear();
        return load.call(Module, request, parent, isMain);
      }
    };
  }

  toPack(): Pick<PackHeader, 'files' | 'resolutions' | 'witnesses'> {
    const files = new Map<string, number>();
    const indexOf = (file: string): number => {
      const index = files.get(file) ?? files.size;
      files.set(file, index);
      return index;
    };
    const resolutions = [...this.#known, ...this.#learned].map(([key, to]): [number, string, number] => {
      const cut = key.indexOf('\0');
      return [indexOf(key.slice(0, cut)), key.slice(cut + 1), indexOf(to)];
    });
    return { files: [...files.keys()], resolutions, witnesses: witnessesOf([...files.keys()]) };
  }
}

/** What has to stay as it is for the packages of these files to be the same. */
function witnessesOf(files: string[]): Witness[] {
  const paths = new Set<string>();
  for (const file of files) {
    for (let at = file.indexOf(folder); at >= 0; at = file.indexOf(folder, at + 1)) {
      const home = file.slice(0, at + folder.length - 1);
      paths.add(home);
      for (const name of installerFiles) paths.add(join(home, name));
      const rest = file.slice(at + folder.length).split(sep);
      const name = rest[0]?.startsWith('@') ? rest.slice(0, 2) : rest.slice(0, 1);
      paths.add(join(home, ...name, 'package.json'));
    }
  }
  return [...paths].map((path): Witness => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? [path, stats.isDirectory() ? 0 : stats.size, stats.mtimeMs] : [path, -1, 0];
  });
}
