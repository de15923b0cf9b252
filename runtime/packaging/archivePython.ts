import { join, relative, sep } from 'node:path';
import type { PreflightFinding } from '../model/deploy.ts';
import { describe } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { diskLookup } from '../support/fileLookup.ts';
import { createArchive, type Archive } from './archive.ts';
import { collectFolder } from './archiveFolder.ts';
import type { HandlerTarget, HandlerTargets } from './handlerTargets.ts';
import { isVirtualEnvironment } from './pythonImports.ts';

const folders =
  /^(__pycache__|node_modules|\.(venv|tox|nox|pytest_cache|mypy_cache|ruff_cache|ipynb_checkpoints))$/;

/**
 * The deploy artifact of a Python function: its code folder as it is, with the packages that were installed into it.
 * Virtual environments and what Python and its tools leave behind stay here.
 */
export async function archivePython(
  { codeRoot }: FunctionDefinition,
  { handler, initializer, preFreeze, preStop }: HandlerTargets,
  options: { root: string; signal?: AbortSignal | undefined },
): Promise<Archive> {
  const own = await collectFolder(codeRoot, {
    ...options,
    prefix: '',
    leaveOut: (path, isFolder) =>
      isFolder
        ? folders.test(path.split('/').at(-1)!) || isVirtualEnvironment(join(codeRoot, path), diskLookup)
        : /\.py[co]$/.test(path),
  });
  const path = (file: string): string => relative(codeRoot, file).split(sep).join('/');
  const hook = ({ file, exportName, handler: text }: HandlerTarget) => ({
    entry: path(file),
    exportName,
    handler: text,
  });
  const start = {
    entry: path(handler.file),
    loader: 'script' as const,
    exportName: handler.exportName,
    ...(initializer ? { initializer: hook(initializer) } : {}),
    ...(preFreeze ? { preFreeze: hook(preFreeze) } : {}),
    ...(preStop ? { preStop: hook(preStop) } : {}),
  };
  const vendored = own.files.some((file) => /(^|\/)[^/]+\.dist-info\/METADATA$/.test(file.path));
  return createArchive(own.files, start, [...own.findings, ...(vendored ? [] : notInstalled(codeRoot))]);
}

/** Packages that are asked for, and that nobody has put beside the code. */
function notInstalled(codeRoot: string): PreflightFinding[] {
  const file = join(codeRoot, 'requirements.txt');
  const lines = (diskLookup.readText(file) ?? '').split('\n');
  const line = lines.findIndex((text) => /^\s*[A-Za-z0-9]/.test(text));
  if (line < 0) return [];
  const message = describe('REQUIREMENTS_NOT_SHIPPED', { folder: codeRoot });
  return [{ severity: 'warning', code: 'REQUIREMENTS_NOT_SHIPPED', message, file, line: line + 1 }];
}
