import { dirname, join } from 'node:path';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { diskLookup } from '../support/fileLookup.ts';
import type { DevArtifact } from './artifact.ts';
import { hashOf } from './artifactStore.ts';
import { listFiles, type FileHashes } from './fileState.ts';
import type { HandlerTarget, HandlerTargets } from './handlerTargets.ts';
import { importClosure } from './importClosure.ts';
import { isModuleScript } from './moduleFormat.ts';

/** An artifact of scripts that Node loads from where they lie; its hash covers what they import from the project. */
export function sourceArtifact(
  definition: FunctionDefinition,
  targets: HandlerTargets,
  hashes: FileHashes,
  state: string,
): Omit<DevArtifact, 'buildMs' | 'function' | 'codeRoot'> {
  const { handler, initializer, preFreeze, preStop } = targets;
  const entries = [handler, initializer, preFreeze, preStop].flatMap((target) =>
    target ? [target.file] : [],
  );
  const closures = [...new Set(entries)].map((entry) => importClosure(entry, diskLookup));
  const inputs = new Set(closures.flatMap(({ files }) => files));
  if (closures.some(({ dynamic }) => dynamic)) {
    for (const file of listFiles(definition.codeRoot, (path) => /\.(?:[cm]?js|json)$/.test(path)))
      inputs.add(file);
  }
  const hook = ({ file, exportName, handler: text }: HandlerTarget) => ({
    entry: file,
    exportName,
    handler: text,
  });
  const module = isModuleScript(handler.file, diskLookup.readText(handler.file) ?? '', diskLookup);
  return {
    id: hashOf([state, ...[...inputs].sort().flatMap((file) => [file, hashes.get(file)])]),
    kind: 'source',
    entry: handler.file,
    entryFile: handler.file,
    loader: module ? 'import' : 'script',
    exportName: handler.exportName,
    ...(initializer ? { initializer: hook(initializer) } : {}),
    ...(preFreeze ? { preFreeze: hook(preFreeze) } : {}),
    ...(preStop ? { preStop: hook(preStop) } : {}),
    inputs: [...inputs, ...packageFileBeside(handler.file)],
  };
}

/** Its `type` decides how scripts are loaded. */
function packageFileBeside(file: string): string[] {
  const path = join(dirname(file), 'package.json');
  return diskLookup.isFile(path) ? [path] : [];
}
