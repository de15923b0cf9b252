// Measures Porchlight next to its peers: `node scripts/bench.mjs [part…] [--rounds N] [--peers A,B|none] [--quick] …`.
import { setUpAndUseToolNode } from './setup.mjs';

await setUpAndUseToolNode();
// The rest is TypeScript, which only Node 24 runs as it is.
await import('../test/bench/main.ts');
