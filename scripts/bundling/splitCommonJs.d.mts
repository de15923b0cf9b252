import type { Plugin } from 'esbuild';

/**
 * Bundles one program for a loader that knows `require` only: what it loads by `import()` (`parts`: paths by the names of
 * their files) is a file of its own, and every module exists once.
 */
export function splitCommonJs(options: {
  root: string;
  entry: string;
  parts: Record<string, string>;
  outdir: string;
}): Plugin;
