import { relative, sep } from 'node:path';
import type { ArchiveFile, ArchiveStart } from './archive.ts';
import { collectFolder, type CollectedFiles, type CollectOptions } from './archiveFolder.ts';
import type { HandlerTarget, HandlerTargets } from './handlerTargets.ts';

/* What is common to archives of code that is sent as it was written. */

const expectation = /\.expect\.(ya?ml|json)$/i;

/** The files of a code folder, without tests of its functions: expectations, and the saved events they belong to. */
export async function collectSources(
  codeRoot: string,
  options: Omit<CollectOptions, 'prefix'>,
): Promise<CollectedFiles> {
  const { files, findings } = await collectFolder(codeRoot, { ...options, prefix: '' });
  const tested = new Set(
    files.flatMap(({ path }) => (expectation.test(path) ? path.replace(expectation, '') : [])),
  );
  const isTest = ({ path }: ArchiveFile): boolean =>
    expectation.test(path) || (/\.(json|txt)$/i.test(path) && tested.has(path.replace(/\.[^.]*$/, '')));
  return { files: files.filter((file) => !isTest(file)), findings };
}

/** How an instance starts code that lies in an archive as it lies in its folder. */
export function sourceStart(
  codeRoot: string,
  { handler, initializer, preFreeze, preStop }: HandlerTargets,
  loader: ArchiveStart['loader'],
): ArchiveStart {
  const path = (file: string): string => relative(codeRoot, file).split(sep).join('/');
  const hook = ({ file, exportName, handler: text }: HandlerTarget) => ({
    entry: path(file),
    exportName,
    handler: text,
  });
  return {
    entry: path(handler.file),
    loader,
    exportName: handler.exportName,
    ...(initializer ? { initializer: hook(initializer) } : {}),
    ...(preFreeze ? { preFreeze: hook(preFreeze) } : {}),
    ...(preStop ? { preStop: hook(preStop) } : {}),
  };
}
