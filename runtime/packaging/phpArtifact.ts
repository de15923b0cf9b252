import { basename, dirname } from 'node:path';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { isInside } from '../model/handlerModule.ts';
import type { DevArtifact } from './artifact.ts';
import { hashOf } from './artifactStore.ts';
import { isAsset, listFiles, packageFilesOf, type FileHashes } from './fileState.ts';
import type { HandlerTarget, HandlerTargets } from './handlerTargets.ts';

const script = /\.(php|phtml|inc|twig|tpl)$/i;

/**
 * An artifact of PHP files, which run from where they lie. What they include is known only when they run, so that its
 * hash covers all of the code folder but the packages that Composer keeps in `vendor`: these by its own lists.
 */
export function phpArtifact(
  { codeRoot }: FunctionDefinition,
  { handler, initializer, preFreeze, preStop }: HandlerTargets,
  hashes: FileHashes,
  root: string,
): Omit<DevArtifact, 'buildMs' | 'function' | 'codeRoot'> {
  const folder = dirname(handler.file);
  const folders = isInside(codeRoot, folder) ? [codeRoot] : [codeRoot, folder];
  const isOwn = (path: string) => script.test(path) || isAsset(path);
  const own = folders.flatMap((each) => listFiles(each, isOwn, 5000, isVendor));
  const inputs = [...new Set([...own, handler.file])].sort();
  const beside = packageFilesOf(folder, root);
  const hook = ({ file, exportName, handler: text }: HandlerTarget) => ({
    entry: file,
    exportName,
    handler: text,
  });
  return {
    id: hashOf([...inputs, ...beside].flatMap((file) => [file, hashes.get(file)])),
    kind: 'source',
    entry: handler.file,
    entryFile: handler.file,
    loader: 'script',
    exportName: handler.exportName,
    ...(initializer ? { initializer: hook(initializer) } : {}),
    ...(preFreeze ? { preFreeze: hook(preFreeze) } : {}),
    ...(preStop ? { preStop: hook(preStop) } : {}),
    inputs,
  };
}

const isVendor = (folder: string): boolean => basename(folder) === 'vendor';
