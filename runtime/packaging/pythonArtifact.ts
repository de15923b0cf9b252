import { dirname } from 'node:path';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { isInside } from '../model/handlerModule.ts';
import { diskLookup } from '../support/fileLookup.ts';
import type { DevArtifact } from './artifact.ts';
import { hashOf } from './artifactStore.ts';
import { isAsset, listFiles, packageFilesOf, type FileHashes } from './fileState.ts';
import type { HandlerTarget, HandlerTargets } from './handlerTargets.ts';
import { isVirtualEnvironment, pythonImports } from './pythonImports.ts';

/** An artifact of Python modules, which run from where they lie; its hash covers what they import from the code folder. */
export function pythonArtifact(
  definition: FunctionDefinition,
  { handler, initializer, preFreeze, preStop }: HandlerTargets,
  hashes: FileHashes,
  root: string,
): Omit<DevArtifact, 'buildMs' | 'function' | 'codeRoot'> {
  const { codeRoot } = definition;
  const entries = [handler, initializer, preFreeze, preStop].flatMap((target) =>
    target ? [target.file] : [],
  );
  const closures = [...new Set(entries)].map((entry) => pythonImports(entry, codeRoot, diskLookup));
  const inputs = new Set(closures.flatMap(({ files }) => files));
  if (closures.some(({ dynamic }) => dynamic))
    for (const file of ownFiles(codeRoot, isModule)) inputs.add(file);
  const folders = isInside(codeRoot, dirname(handler.file)) ? [codeRoot] : [codeRoot, dirname(handler.file)];
  const beside = [
    ...folders.flatMap((folder) => ownFiles(folder, isAsset)),
    ...packageFilesOf(dirname(handler.file), root),
  ];
  const hook = ({ file, exportName, handler: text }: HandlerTarget) => ({
    entry: file,
    exportName,
    handler: text,
  });
  return {
    id: hashOf([...[...inputs].sort(), ...beside].flatMap((file) => [file, hashes.get(file)])),
    kind: 'source',
    entry: handler.file,
    entryFile: handler.file,
    loader: 'script',
    exportName: handler.exportName,
    ...(initializer ? { initializer: hook(initializer) } : {}),
    ...(preFreeze ? { preFreeze: hook(preFreeze) } : {}),
    ...(preStop ? { preStop: hook(preStop) } : {}),
    inputs: [...inputs],
  };
}

const isModule = (path: string): boolean => path.endsWith('.py');

/** Files of a code folder, virtual environments left out. */
function ownFiles(folder: string, test: (path: string) => boolean): string[] {
  const skipped = (path: string) => isVirtualEnvironment(path, diskLookup);
  return listFiles(folder, test, 2000, skipped);
}
