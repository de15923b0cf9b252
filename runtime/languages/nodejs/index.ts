import { distFile } from '../../support/installRoot.ts';
import type { Language } from '../language.ts';
import { findNode } from './findNode.ts';

const observers = distFile('observers.bootstrap.cjs');

/** Node.js, in every version that is installed and not too old for our code inside instances. */
export const nodejs: Language = {
  id: 'nodejs',
  findInterpreter: findNode,
  launch: ({ path, version, env }) => ({
    command: path,
    args: [...flagsFor(version), distFile('bootstrap.cjs')],
    ...(env ? { env } : {}),
  }),
  bootstrapGlobs: () => [distFile('bootstrap.cjs'), distFile('observers.*'), distFile('contracts/**')],
  observers: () => observers,
};

/** Before 20.12 and 21.7 `import()` in a script needs a callback of ours, which Node hides behind this flag. */
function flagsFor(version: string): string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < 20 || (major === 20 && minor < 12) || (major === 21 && minor < 7);
  return old ? ['--experimental-vm-modules'] : [];
}
