import { join } from 'node:path';
import { parse } from 'dotenv';
import type { FileLookup } from '../../../runtime/support/fileLookup.ts';

/**
 * What the `.env` files of a root and of another folder in it say, later ones over earlier ones, as the runtime host reads
 * them. Values stay in this process.
 */
export function readEnvironment(
  files: FileLookup,
  root: string,
  folder: string,
  functionName?: string,
): Record<string, string> {
  const names = ['.env', '.env.local', ...(functionName === undefined ? [] : [`.env.${functionName}`])];
  const variables: Record<string, string> = {};
  for (const name of names) {
    for (const each of new Set([root, folder])) {
      const path = join(each, name);
      const text = files.isFile(path) ? files.readText(path) : undefined;
      if (text !== undefined) Object.assign(variables, parse(text));
    }
  }
  return variables;
}
