import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from './processTree.ts';

const tryEveryMs = 50;

/**
 * Runs a critical section that at most one process of this machine is in. The lock is a file with the owner's process
 * id; one left by a process that is gone is taken over. Rejects when the owner does not let go within `patienceMs`.
 */
export async function withFileLock<T>(file: string, patienceMs: number, run: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  while (!(await tryTake(file))) {
    if (Date.now() > giveUpAt) throw new Error(`${file} is held by another process.`);
    await wait(tryEveryMs);
  }
  try {
    return await run();
  } finally {
    await rm(file, { force: true });
  }
}

async function tryTake(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  // An empty file is one whose owner is about to write its id.
  if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
  return false;
}

/**
 * Takes a lock for as long as this process wants it, without waiting; undefined when another living process has it. The
 * result gives it back.
 */
export function tryHoldLock(file: string): (() => void) | undefined {
  for (const last of [false, true]) {
    try {
      const descriptor = openSync(file, 'wx', 0o600);
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(file);
    if (last || owner === undefined || isAlive(owner)) return undefined;
    rmSync(file, { force: true });
  }
  return undefined;
}

/** The process that has a lock; undefined while it writes its id. */
function ownerOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    // Given back just now.
    return undefined;
  }
}
