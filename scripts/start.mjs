// Opens an editor with Porchlight on the examples: `npm start [-- [folder] --browser --port N --no-open]`.
import { setUpAndUseToolNode } from './setup.mjs';

await setUpAndUseToolNode();
// The rest is TypeScript, which only Node 24 runs as it is.
await import('./start/main.ts');
