import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { distFile } from './installRoot.ts';

/** Loads what is large and seldom needed. A built product has it in a file of its own; a checkout has the packages. */
export async function loadBundle<T>(file: string, fromPackages: () => Promise<T>): Promise<T> {
  const bundle = distFile(file);
  return existsSync(bundle) ? (createRequire(bundle)(bundle) as T) : fromPackages();
}
