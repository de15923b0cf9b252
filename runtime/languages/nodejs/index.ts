import { codeKinds } from '../../model/codeFiles.ts';
import { distFile } from '../../support/installRoot.ts';
import type { Language } from '../language.ts';
import { BreakpointLedger } from './breakpointLedger.ts';
import { findNode } from './findNode.ts';
import { createInspectorRelay } from './inspectorRelay.ts';
import { NodeStartMemory } from './startMemory.ts';

const observers = distFile('observers.bootstrap.cjs');
const importProfiler = distFile('importProfile.bootstrap.cjs');

/** What V8 may take for its old objects: the rest of the memory is for code, buffers and stacks. */
function heapMB(memoryMB: number): number {
  return Math.max(32, Math.floor(memoryMB * 0.9));
}

/** Node.js, in every version that is installed and not too old for our code inside instances. */
export const nodejs: Language = {
  id: 'nodejs',
  findInterpreter: findNode,
  launch: ({ path, version, env }, { memoryMB }) => ({
    command: path,
    args: [`--max-old-space-size=${heapMB(memoryMB)}`, ...flagsFor(version), distFile('bootstrap.cjs')],
    ...(env ? { env } : {}),
  }),
  saysOutOfMemory: (line) => /^FATAL ERROR: .*(heap limit|out of memory)/i.test(line),
  startMemory: (options) => new NodeStartMemory(options),
  code: codeKinds.javascript,
  debugger: {
    id: 'js-debug',
    createRelay: createInspectorRelay,
    createLedger: (epochMs) => new BreakpointLedger(epochMs),
  },
  bootstrapGlobs: () => [
    distFile('bootstrap.cjs'),
    distFile('observers.*'),
    importProfiler,
    distFile('contracts/**'),
  ],
  observers: () => observers,
  importProfiler: () => importProfiler,
};

/** Before 20.12 and 21.7 `import()` in a script needs a callback of ours, which Node hides behind this flag. */
function flagsFor(version: string): string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const old = major < 20 || (major === 20 && minor < 12) || (major === 21 && minor < 7);
  return old ? ['--experimental-vm-modules'] : [];
}
