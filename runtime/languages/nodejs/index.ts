import { distFile } from '../../support/installRoot.ts';
import type { Language } from '../language.ts';
import { NodeStartMemory } from './startMemory.ts';

const observers = distFile('observers.bootstrap.cjs');

/** Node.js: functions run on the Node that runs the host, which is the user's own. */
export const nodejs: Language = {
  id: 'nodejs',
  findInterpreter: () =>
    Promise.resolve({
      path: process.execPath,
      version: process.versions.node,
      label: `Node.js ${process.versions.node}`,
    }),
  launch: (interpreter) => ({ command: interpreter.path, args: [distFile('bootstrap.cjs')] }),
  startMemory: (options) => new NodeStartMemory(options),
  bootstrapGlobs: () => [distFile('bootstrap.cjs'), distFile('observers.*'), distFile('contracts/**')],
  observers: () => observers,
};
