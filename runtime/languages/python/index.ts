import { codeKinds } from '../../model/codeFiles.ts';
import { distFile } from '../../support/installRoot.ts';
import { createAdapterRelay } from '../adapterRelay.ts';
import type { Language } from '../language.ts';
import { findPython } from './findPython.ts';

const start = distFile('python/start.py');

/** Python 3, from the oldest version our code inside instances runs on. */
export const python: Language = {
  id: 'python',
  findInterpreter: findPython,
  launch: ({ path, env }) => ({
    command: path,
    // Unbuffered, and UTF-8 whatever the system's locale is: as in the clouds' runtimes.
    args: ['-u', '-X', 'utf8', start],
    ...(env ? { env } : {}),
  }),
  // An instance reads what is said to it between calls only, and could not give back what waits behind one.
  handsAhead: false,
  saysOutOfMemory: (line) => /^MemoryError\b/.test(line),
  code: codeKinds.python,
  debugger: { id: 'debugpy', createRelay: createAdapterRelay },
  bootstrapGlobs: () => [distFile('python/**'), distFile('contracts/**')],
};
