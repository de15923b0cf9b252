import { mkdirSync, readdirSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../support/processTree.ts';

/** Nobody keeps the database locked for longer: a transaction takes milliseconds. */
const longestLockMs = 5000;

/**
 * Who has the history open. SQLite's build for WebAssembly locks by making a folder beside the file, which stays
 * behind when its process is killed in a transaction; knowing the users tells a lock from such a leftover.
 */
export class FileUsers {
  readonly #folder: string;
  readonly #lock: string;

  constructor(file: string) {
    this.#folder = `${file}.users`;
    this.#lock = `${file}.lock`;
  }

  /** Signs this process in. */
  enter(): void {
    mkdirSync(this.#folder, { recursive: true });
    // Marks of processes that were killed would add up.
    this.#othersAlive();
    writeFileSync(this.#mark(process.pid), '');
  }

  /** Signs this process out. */
  leave(): void {
    rmSync(this.#mark(process.pid), { force: true });
  }

  /** Who holds the lock now. A leftover is removed on the way. */
  inspectLock(): 'free' | 'held' | 'leftover' {
    let since: number;
    try {
      since = statSync(this.#lock).mtimeMs;
    } catch {
      return 'free';
    }
    // The file system's clock is the system's, whatever clock the records have.
    if (this.#othersAlive() && Date.now() - since < longestLockMs) return 'held';
    try {
      rmdirSync(this.#lock);
    } catch (error) {
      // Somebody else was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return 'leftover';
  }

  #othersAlive(): boolean {
    let alive = false;
    for (const name of readdirSync(this.#folder)) {
      const pid = Number(name);
      if (pid === process.pid) continue;
      if (Number.isSafeInteger(pid) && pid > 0 && isAlive(pid)) alive = true;
      else rmSync(join(this.#folder, name), { force: true });
    }
    return alive;
  }

  #mark(pid: number): string {
    return join(this.#folder, String(pid));
  }
}
