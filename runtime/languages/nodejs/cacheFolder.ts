import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bounds of all that is kept to make starts faster. */
export const cacheLimits = {
  bytes: 512 * 1024 * 1024,
  ageMs: 30 * 24 * 3600_000,
  temporaryMs: 3600_000,
} as const;

interface Kept {
  path: string;
  bytes: number;
  mtimeMs: number;
}

/** Removes what was not used for long, what writers left behind when they were ended, and the oldest beyond the bound. */
export async function pruneCache(folder: string, now = Date.now()): Promise<void> {
  const kept: Kept[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = await measure(path);
    if (!found) continue;
    const age = now - found.mtimeMs;
    if (age > cacheLimits.ageMs || (name.endsWith('.tmp') && age > cacheLimits.temporaryMs))
      await remove(path);
    else kept.push({ path, ...found });
  }
  kept.sort((a, b) => b.mtimeMs - a.mtimeMs);
  let total = 0;
  for (const { path, bytes } of kept) {
    total += bytes;
    if (total > cacheLimits.bytes) await remove(path);
  }
}

async function measure(path: string): Promise<Omit<Kept, 'path'> | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isDirectory()) return stats && { bytes: stats.size, mtimeMs: stats.mtimeMs };
  let { mtimeMs } = stats;
  let bytes = 0;
  for (const name of await namesIn(path)) {
    const inner = await measure(join(path, name));
    bytes += inner?.bytes ?? 0;
    mtimeMs = Math.max(mtimeMs, inner?.mtimeMs ?? 0);
  }
  return { bytes, mtimeMs };
}

/** A folder that is not there holds nothing. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** What another process removes at the same time, or holds open (Windows), is left to the next time. */
const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true }).catch(() => {});
