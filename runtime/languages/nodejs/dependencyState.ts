import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What installers write and people edit; together they say which packages a folder's code gets. */
const telling = [
  'package.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  '.pnp.cjs',
  'node_modules',
  'node_modules/.package-lock.json',
  'node_modules/.modules.yaml',
  'node_modules/.yarn-integrity',
  'node_modules/.yarn-state.yml',
];

/** Changes whenever the packages that code in this folder gets may be others; hex, 16 digits. */
export function dependencyState(folder: string, ...more: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(more));
  for (let current = folder; ; current = dirname(current)) {
    for (const name of telling) {
      const stats = statSync(join(current, name), { throwIfNoEntry: false });
      if (stats) hash.update(`${current}/${name}:${stats.isDirectory() ? 0 : stats.size}:${stats.mtimeMs};`);
    }
    if (current === dirname(current)) break;
  }
  return hash.digest('hex').slice(0, 16);
}
