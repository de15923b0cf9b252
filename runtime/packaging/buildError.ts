import { relative, resolve } from 'node:path';
import type { BuildFailure, Message } from 'esbuild';
import { PorchlightError } from '../model/errors.ts';

/** Turns a failed build into an error at the first place the user has to look at; others are counted. */
export function buildError(failure: unknown, root: string): unknown {
  const first = isBuildFailure(failure)
    ? (failure.errors.find((error) => error.location) ?? failure.errors[0])
    : undefined;
  if (!first) return failure;
  const others = (failure as BuildFailure).errors.length - 1;
  const file = first.location ? resolve(root, first.location.file) : root;
  return new PorchlightError(
    'BUILD_FAILED',
    {
      file: relative(root, file) || file,
      path: file,
      line: first.location?.line ?? 1,
      // esbuild counts bytes from 0; positions in records count from 1.
      column: (first.location?.column ?? 0) + 1,
      detail: `${sentence(first)}${others > 0 ? ` There ${others === 1 ? 'is one more error' : `are ${others} more errors`}.` : ''}`,
    },
    { cause: failure },
  );
}

/** Says that the package an import names is not there. */
export function packageNotFound(path: string): string {
  return `"${path}" is not found from here: install the package, or correct the import.`;
}

function sentence(message: Message): string {
  const unresolved = /^Could not resolve "([^./\\"][^"]*)"$/.exec(message.text.trim())?.[1];
  const text = unresolved === undefined ? message.text.trim() : packageNotFound(unresolved);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isBuildFailure(value: unknown): value is BuildFailure {
  return value instanceof Error && Array.isArray((value as Partial<BuildFailure>).errors);
}
