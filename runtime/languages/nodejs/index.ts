import { distFile } from '../../support/installRoot.ts';
import type { Language } from '../language.ts';
import { NodeStartMemory } from './startMemory.ts';

const observers = distFile('observers.bootstrap.cjs');
const importProfiler = distFile('importProfile.bootstrap.cjs');

/** What V8 may take for its old objects: the rest of the memory is for code, buffers and stacks. */
function heapMB(memoryMB: number): number {
  return Math.max(32, Math.floor(memoryMB * 0.9));
}

/** Node.js: functions run on the Node that runs the host, which is the user's own. */
export const nodejs: Language = {
  id: 'nodejs',
  findInterpreter: () =>
    Promise.resolve({
      path: process.execPath,
      version: process.versions.node,
      label: `Node.js ${process.versions.node}`,
    }),
  launch: (interpreter, { memoryMB }) => ({
    command: interpreter.path,
    args: [`--max-old-space-size=${heapMB(memoryMB)}`, distFile('bootstrap.cjs')],
  }),
  saysOutOfMemory: (line) => /^FATAL ERROR: .*(heap limit|out of memory)/i.test(line),
  startMemory: (options) => new NodeStartMemory(options),
  bootstrapGlobs: () => [
    distFile('bootstrap.cjs'),
    distFile('observers.*'),
    importProfiler,
    distFile('contracts/**'),
  ],
  observers: () => observers,
  importProfiler: () => importProfiler,
};
