import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as esbuild from 'esbuild';
import { distFile } from '../support/installRoot.ts';

/** esbuild's module. */
export type Esbuild = typeof esbuild;

let loading: Promise<Esbuild> | undefined;

/** Loads esbuild when it is first needed: it costs some 20 ms, and a child process, that a host start does without. */
export function loadEsbuild(): Promise<Esbuild> {
  return (loading ??= load());
}

/** A built product carries its own copy, beside whose JavaScript the program lies; a checkout has the package. */
async function load(): Promise<Esbuild> {
  const library = distFile('esbuild/lib/main.js');
  if (!existsSync(library)) return import('esbuild');
  const program = distFile(process.platform === 'win32' ? 'esbuild/bin/esbuild.exe' : 'esbuild/bin/esbuild');
  // esbuild reads this when it loads, and functions must not inherit it.
  const before = process.env['ESBUILD_BINARY_PATH'];
  process.env['ESBUILD_BINARY_PATH'] = before ?? program;
  try {
    return createRequire(library)(library) as Esbuild;
  } finally {
    if (before === undefined) delete process.env['ESBUILD_BINARY_PATH'];
  }
}
