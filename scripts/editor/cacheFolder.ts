import { homedir } from 'node:os';
import { join } from 'node:path';

/** This user's cache folder for what is too large to keep in each clone. It may not exist yet. */
export function cacheFolder(platform = process.platform, env = process.env, home = homedir()): string {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'porchlight');
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'porchlight', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'porchlight');
  return join(home, '.cache', 'porchlight');
}
