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

/** Lines that debuggers pass over, or stop at only while the module is loaded: declarations, imports, closing braces. */
const passedOver = [
  /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b/,
  /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\b/,
  /^\s*import\b(?!\s*\()/,
  /=>\s*\{\s*$/,
  /^(?!\s*\}?\s*(?:if|for|while|switch|catch|with)\b)[\w$#*\s]+\([^()]*\)\s*(?::[^{;]+)?\{\s*$/,
  /^\s*\}?\s*(?:else|try|finally|do)\s*\{?\s*$/,
  /^[\s})\];,]*$/,
];

/**
 * The line nearest to one without code that a debugger stops at; the following one of two that are equally near. Which
 * lines are better passed over is judged by their text, and only as long as there are others.
 */
export function nearestLine(line: number, lines: ReadonlySet<number>, text: string): number | undefined {
  const texts = text.split(/\r?\n/);
  const good = [...lines].filter((one) => !passedOver.some((pattern) => pattern.test(texts[one - 1] ?? '')));
  let nearest: number | undefined;
  for (const candidate of good.length > 0 ? good : lines) {
    const distance = Math.abs(candidate - line);
    const best = nearest === undefined ? Infinity : Math.abs(nearest - line);
    if (distance < best || (distance === best && candidate > line)) nearest = candidate;
  }
  return nearest;
}
