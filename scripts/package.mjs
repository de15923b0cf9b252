// Makes the installable package: `node scripts/package.mjs [--target TARGET|universal] [--out FILE]`.
import { setUpAndUseToolNode } from './setup.mjs';

await setUpAndUseToolNode();
// The rest is TypeScript, which only Node 24 runs as it is.
await import('./packaging/main.ts');
