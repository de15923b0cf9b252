import type fs from 'node:fs';
import type os from 'node:os';
import { requireBuiltin } from './requireBuiltin.ts';
import { resemble } from './timers.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** Files remembered per instance. */
const most = 200;

/** Functions of `fs` by which files come into being, and the argument that is the new path. */
const writers: Record<string, number> = {
  writeFile: 0,
  writeFileSync: 0,
  appendFile: 0,
  appendFileSync: 0,
  createWriteStream: 0,
  copyFile: 1,
  copyFileSync: 1,
  rename: 1,
  renameSync: 1,
};
const promiseWriters: Record<string, number> = { writeFile: 0, appendFile: 0, copyFile: 1, rename: 1 };

/** Files that were written in the temporary folder through `fs`; what a child process writes is not seen. */
export class TempFiles {
  #folders: string[] | undefined;
  #written = new Set<string>();
  #paths = new Set<string>();
  #promises: object | undefined;

  /** Watches functions of `node:fs`. */
  watch(module: Record<string, unknown>): void {
    this.#patch(module, writers);
    const promises = Object.getOwnPropertyDescriptor(module, 'promises');
    if (!promises?.get || !promises.configurable) return;
    // Loading `fs.promises` takes a millisecond: it is patched when somebody asks for it.
    Object.defineProperty(module, 'promises', {
      ...promises,
      get: () => {
        const loaded = promises.get!.call(module) as Record<string, unknown>;
        this.watchPromises(loaded);
        return loaded;
      },
    });
  }

  /** Watches functions of `node:fs/promises`. */
  watchPromises(module: Record<string, unknown>): void {
    if (this.#promises === module) return;
    this.#promises = module;
    this.#patch(module, promiseWriters);
  }

  /** Files written since the last call of this. */
  takeWritten(): Set<string> {
    const written = this.#written;
    this.#written = new Set();
    return written;
  }

  /** Size and a hash of those that still exist. */
  list(): { path: string; size: number; hash: number }[] {
    const { statSync } = requireBuiltin<typeof fs>('fs');
    const found: { path: string; size: number; hash: number }[] = [];
    for (const path of this.#paths) {
      try {
        const { size, mtimeMs } = statSync(path);
        found.push({ path, size, hash: size * 31 + mtimeMs });
      } catch {
        // Removed again, as it should be.
        this.#paths.delete(path);
      }
    }
    return found;
  }

  #patch(target: Record<string, unknown>, names: Record<string, number>): void {
    for (const [name, argument] of Object.entries(names)) {
      const original = target[name] as AnyFunction;
      const note = (path: unknown): void => this.#note(path);
      const patched = function (this: unknown, ...args: unknown[]): unknown {
        note(args[argument]);
        return Reflect.apply(original, this, args);
      };
      resemble(patched, original);
      target[name] = patched;
    }
  }

  #note(path: unknown): void {
    if (typeof path !== 'string' || this.#paths.size >= most) return;
    if (!this.#prefixes().some((folder) => path.startsWith(folder))) return;
    this.#paths.add(path);
    this.#written.add(path);
  }

  #prefixes(): string[] {
    if (!this.#folders) {
      const { tmpdir } = requireBuiltin<typeof os>('os');
      const separators = process.platform === 'win32' ? ['\\', '/'] : ['/'];
      const folders = new Set([tmpdir(), ...(process.platform === 'win32' ? [] : ['/tmp'])]);
      this.#folders = [...folders].flatMap((folder) => separators.map((separator) => folder + separator));
    }
    return this.#folders;
  }
}
