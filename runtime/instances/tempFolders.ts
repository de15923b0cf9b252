import { lstatSync, mkdirSync, readdirSync, type Stats } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../support/processTree.ts';

/*
 * Each instance has a temporary folder of its own, empty at its start and gone after its end, as `/tmp` is in the
 * cloud. All of one host lie in one folder whose name holds the host's process id and the beginning of its mark, so
 * that what a killed host left is found and removed. Names are short: sockets are put there, and their paths may have
 * no more than about 100 characters.
 */

const prefix = 'porchlight-';
const ownerPattern = /^porchlight-(\d+)-[0-9a-z-]+$/;
/** Files counted at most in one look. */
const mostEntries = 1000;

/** Looking takes at most a fiftieth of the time, however fast calls follow each other. */
const pausePerLook = 50;
const leastPauseUs = 10_000;

/** The folder in which a host keeps those of its instances. */
export function tempRoot(mark: string, pid = process.pid, base = tmpdir()): string {
  // The end of a mark differs also where several marks begin alike.
  return join(base, `${prefix}${pid}-${mark.slice(-8)}`);
}

/** A temporary folder of one instance. */
export interface TempFolder {
  readonly path: string;
  /** Variables that lead a process there; Node and most tools read one of them. */
  readonly variables: Record<string, string>;
  /** Bytes in it, not counted anew at every call. A very large tree is counted in part. */
  usedBytes(): number;
  remove(): Promise<void>;
}

/** Makes the folder of an instance; throws what the system says when it cannot be made. */
export function createTempFolder(
  root: string,
  functionName: string,
  sequence: number,
  nowUs: () => number,
): TempFolder {
  const name = functionName.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 24);
  const path = join(root, `${name}-${sequence}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const createdMs = lstatSync(path).mtimeMs;
  let touched = false;
  let bytes = 0;
  let lookAtUs = 0;
  return {
    path,
    variables: { TMPDIR: path, TEMP: path, TMP: path },
    usedBytes() {
      const startUs = nowUs();
      if (startUs < lookAtUs) return bytes;
      touched ||= modifiedMs(path) !== createdMs;
      if (touched) bytes = bytesIn(path);
      const endUs = nowUs();
      lookAtUs = endUs + Math.max(leastPauseUs, (endUs - startUs) * pausePerLook);
      return bytes;
    },
    remove: () => removeFolder(path),
  };
}

/** Removes what a host with this mark left; only its own folder, only of this user. */
export async function removeTempRoot(mark: string, pid: number, base = tmpdir()): Promise<void> {
  await removeFolder(tempRoot(mark, pid, base));
}

/** Seen from a container, a host outside of it seems gone; its folder is left alone for as long as it may be at work. */
const abandonedAfterMs = 24 * 3_600_000;

/** Removes folders of hosts that are gone and that nobody else removed. */
export async function removeAbandoned(
  base = tmpdir(),
  nowMs = Date.now(),
  alive: (pid: number) => boolean = isAlive,
): Promise<void> {
  const names = await readdir(base).catch(() => []);
  for (const name of names) {
    const pid = Number(ownerPattern.exec(name)?.[1]);
    if (!pid || alive(pid)) continue;
    const stats = statsOf(join(base, name));
    if (!stats?.isDirectory() || !isOwn(stats) || nowMs - stats.mtimeMs < abandonedAfterMs) continue;
    await removeFolder(join(base, name));
  }
}

async function removeFolder(path: string): Promise<void> {
  // What a function made unremovable, or Windows still holds, is tried again when the next host starts.
  await rm(path, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
}

/** Windows knows no numbers of users; there the base folder is the user's own. */
function isOwn(stats: Stats): boolean {
  return process.platform === 'win32' || stats.uid === userInfo().uid;
}

function modifiedMs(path: string): number | undefined {
  return statsOf(path)?.mtimeMs;
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    // Removed meanwhile.
    return undefined;
  }
}

/** What files take on the disk: less than their size where they have holes. */
function sizeOf(stats: Stats): number {
  return Math.min(stats.size, stats.blocks * 512);
}

function bytesIn(folder: string): number {
  let bytes = 0;
  let left = mostEntries;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined && left > 0; next = folders.pop()) {
    let names: string[];
    try {
      names = readdirSync(next);
    } catch {
      // Removed meanwhile, or closed by the function itself.
      continue;
    }
    for (const name of names.slice(0, left)) {
      left--;
      const path = join(next, name);
      const stats = statsOf(path);
      if (stats?.isDirectory()) folders.push(path);
      else if (stats) bytes += sizeOf(stats);
    }
  }
  return bytes;
}
