import { basename, dirname, relative } from 'node:path';
import { codeKindOf } from '../model/codeFiles.ts';
import { exclusionOf } from './archiveExclusions.ts';

/** What sort of file one is by its path alone; `folder` names the one that keeps it out of every package. */
export type PathPlace =
  | { kind: 'plain' }
  | { kind: 'test' }
  | { kind: 'declaration' }
  | { kind: 'package' }
  | { kind: 'excluded'; folder: string };

const testFolders = new Set(['test', 'tests', '__tests__', '__mocks__', 'e2e', 'spec']);
const packageFolders = new Set(['node_modules', 'site-packages']);

/** Says what sort of file a path of a project names. */
export function placeOf(file: string, root: string): PathPlace {
  const folders = relative(root, dirname(file)).split(/[\\/]/);
  const excluded = folders.find((name) => exclusionOf(name, true) !== undefined);
  if (excluded !== undefined) return { kind: 'excluded', folder: excluded };
  if (folders.some((name) => packageFolders.has(name))) return { kind: 'package' };
  if (/\.d\.[cm]?ts$/.test(file)) return { kind: 'declaration' };
  const named = codeKindOf(file)?.tests.test(basename(file)) ?? false;
  return named || folders.some((name) => testFolders.has(name)) ? { kind: 'test' } : { kind: 'plain' };
}
