// Keeps a host under load while it and its instances are killed: `node scripts/soak.mjs [--minutes 10] [--functions 50] [--rate 30]`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUpAndUseToolNode } from './setup.mjs';

await setUpAndUseToolNode();
const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
// TypeScript, which only Node 24 runs as it is.
await import('../test/soak/main.ts');
