import { extname } from 'node:path';
import type { Loader } from 'esbuild';
import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping';
import type { Esbuild } from './loadEsbuild.ts';

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

/** Longer files are not looked at. */
const longestText = 2 * 1024 * 1024;

/** Whether a file is code by its name. */
export function isCode(file: string): boolean {
  return extname(file).toLowerCase() in loaders;
}

/**
 * The lines of a script, from 1, on which something runs: neither comments nor blank lines nor types. Undefined when it
 * cannot be parsed.
 */
export async function codeLines(
  file: string,
  text: string,
  esbuild: Esbuild,
): Promise<Set<number> | undefined> {
  const loader = loaders[extname(file).toLowerCase()];
  if (!loader || text.length > longestText || /\.d\.[cm]?ts$/.test(file)) return undefined;
  try {
    const { map } = await esbuild.transform(text, {
      loader,
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
    });
    const lines = decodedMappings(new TraceMap(map)).flatMap((segments) =>
      segments.flatMap((segment) => (segment.length > 1 ? [segment[2]! + 1] : [])),
    );
    return new Set(lines);
  } catch {
    // What is wrong with it is told by the build; here it is only unknown.
    return undefined;
  }
}

/** The line with code nearest to one without; the following one of two that are equally near. */
export function nearestLine(line: number, lines: ReadonlySet<number>): number | undefined {
  let nearest: number | undefined;
  for (const candidate of lines) {
    const distance = Math.abs(candidate - line);
    const best = nearest === undefined ? Infinity : Math.abs(nearest - line);
    if (distance < best || (distance === best && candidate > line)) nearest = candidate;
  }
  return nearest;
}
