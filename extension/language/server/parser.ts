import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';

export type TypeScript = typeof ts;

let loaded: TypeScript | undefined;

/**
 * The TypeScript parser, loaded when the first handler is looked at: it takes some 100 ms and 60 MB that a window
 * without functions does without. Beside the built server it is a file of its own.
 */
export function typescript(): TypeScript {
  const built = join(dirname(fileURLToPath(import.meta.url)), 'typescript.cjs');
  loaded ??= createRequire(import.meta.url)(existsSync(built) ? built : 'typescript') as TypeScript;
  return loaded;
}
