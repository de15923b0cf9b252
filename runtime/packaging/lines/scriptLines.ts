import { extname } from 'node:path';
import type { Loader } from 'esbuild';
import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping';
import { loadEsbuild } from '../loadEsbuild.ts';

const loaders: Record<string, Loader> = {
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
};

/**
 * The lines of a script, from 1, on which something runs: neither comments nor blank lines nor types. Undefined when it
 * cannot be parsed.
 */
export async function scriptLines(file: string, text: string): Promise<Set<number> | undefined> {
  const loader = loaders[extname(file).toLowerCase()];
  if (!loader || /\.d\.[cm]?ts$/.test(file)) return undefined;
  try {
    const { transform } = await loadEsbuild();
    const options = { loader, sourcemap: 'external', sourcesContent: false, logLevel: 'silent' } as const;
    const { map } = await transform(text, options);
    const lines = decodedMappings(new TraceMap(map)).flatMap((segments) =>
      segments.flatMap((segment) => (segment.length > 1 ? [segment[2]! + 1] : [])),
    );
    return new Set(lines);
  } catch {
    // What is wrong with it is told by the build; here it is only unknown.
    return undefined;
  }
}
