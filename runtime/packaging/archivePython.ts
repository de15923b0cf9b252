import { join } from 'node:path';
import type { PreflightFinding } from '../model/deploy.ts';
import { told } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { diskLookup } from '../support/fileLookup.ts';
import { createArchive, type Archive, type ArchiveFile } from './archive.ts';
import { collectSources, sourceStart } from './archiveSources.ts';
import type { HandlerTargets } from './handlerTargets.ts';
import { isVirtualEnvironment } from './pythonImports.ts';

const folders =
  /^(__pycache__|node_modules|\.(venv|tox|nox|pytest_cache|mypy_cache|ruff_cache|ipynb_checkpoints))$/;

/**
 * The deploy artifact of a Python function: its code folder as it is, with the packages that were installed into it.
 * Virtual environments and what Python and its tools leave behind stay here.
 */
export async function archivePython(
  { codeRoot, platform }: FunctionDefinition,
  targets: HandlerTargets,
  options: { root: string; signal?: AbortSignal | undefined },
): Promise<Archive> {
  const own = await collectSources(codeRoot, {
    ...options,
    leaveOut: (path, isFolder) =>
      isFolder
        ? folders.test(path.split('/').at(-1)!) || isVirtualEnvironment(join(codeRoot, path), diskLookup)
        : /\.py[co]$/.test(path),
  });
  const start = sourceStart(codeRoot, targets, 'script');
  const missing = notInstalled(codeRoot, own.files, brought[platform] ?? []);
  return createArchive(own.files, start, [...own.findings, ...missing]);
}

/** Packages that runtimes of a platform have by themselves. */
const brought: Record<string, string[]> = { 'aws-lambda': ['boto3', 'botocore'] };
const mostNamed = 5;

/** Packages that are asked for, and that nobody has put beside the code; those for some systems alone are not judged. */
function notInstalled(
  codeRoot: string,
  files: Pick<ArchiveFile, 'path'>[],
  others: string[],
): PreflightFinding[] {
  const file = join(codeRoot, 'requirements.txt');
  const lines = (diskLookup.readText(file) ?? '').split('\n');
  const installed = new Set(
    files
      .flatMap(({ path }) => /(?:^|\/)([^/]+?)-[^-/]+\.dist-info\/METADATA$/.exec(path)?.[1] ?? [])
      .map(normal),
  );
  const missing = lines.flatMap((text, at) => {
    const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(text)?.[1];
    const isSure = name !== undefined && !text.includes(';') && !others.includes(normal(name));
    return isSure && !installed.has(normal(name)) ? [{ name, line: at + 1 }] : [];
  });
  if (missing.length === 0) return [];
  const shown = missing.slice(0, mostNamed).map(({ name }) => name);
  const more = missing.length > mostNamed ? [`${missing.length - mostNamed} more`] : [];
  const facts = { names: [...shown, ...more].join(', '), folder: codeRoot };
  return [{ severity: 'warning', ...told('REQUIREMENTS_NOT_SHIPPED', facts), file, line: missing[0]!.line }];
}

/** Names are the same however they are written (packaging specification "Names and normalization"). */
function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
