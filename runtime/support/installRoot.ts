import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Folder of the built files. In a bundle that is the bundle's own folder; unbundled (tests run the sources as they
 * are) it is `dist` at the root of the repository.
 */
function findDist(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return existsSync(join(here, 'bootstrap.cjs')) ? here : join(here, '..', '..', 'dist');
}

let dist: string | undefined;

/** Absolute path of a built file, e.g. `bootstrap.cjs` or `contracts/aws-lambda.nodejs.cjs`. */
export function distFile(name: string): string {
  dist ??= findDist();
  return join(dist, ...name.split('/'));
}
