// Runs tests: `node scripts/test.mjs [check|unit|host|conformance|editor|ui]… [part of a test file's path]…`.
import { setUpAndUseToolNode } from './setup.mjs';

await setUpAndUseToolNode();
// The rest is TypeScript, which only Node 24 runs as it is.
await import('./testing/main.ts');
