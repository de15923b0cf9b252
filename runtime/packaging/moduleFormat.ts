import { basename, dirname, extname, join } from 'node:path';
import { isInside } from '../model/handlerModule.ts';
import type { FileLookup } from '../support/fileLookup.ts';

/**
 * Whether Node would misread a script here: the cloud gets the code folder alone, where nothing says `module`, but on
 * this machine a package.json above it does.
 */
export function isMisread(file: string, codeRoot: string, lookup: FileLookup): boolean {
  if (extname(file) !== '.js' || declaredFormat(file, lookup) !== 'module') return false;
  const inside: FileLookup = {
    ...lookup,
    readText: (path) => (isInside(codeRoot, path) ? lookup.readText(path) : undefined),
  };
  return !isModuleScript(file, lookup.readText(file) ?? '', inside);
}

/** Whether Node takes a file for an ES module by its name and its nearest package.json; undefined when neither says. */
export function declaredFormat(file: string, lookup: FileLookup): 'module' | 'commonjs' | undefined {
  const extension = extname(file);
  if (extension === '.mjs' || extension === '.mts') return 'module';
  if (extension === '.cjs' || extension === '.cts') return 'commonjs';
  const type = nearestPackage(file, lookup)?.['type'];
  return type === 'module' || type === 'commonjs' ? type : undefined;
}

/** The package.json that governs a file, parsed; undefined when there is none or it cannot be read. */
function nearestPackage(file: string, lookup: FileLookup): Record<string, unknown> | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const text = lookup.readText(join(folder, 'package.json'));
    if (text !== undefined) return parseObject(text);
    // As for Node, packages are governed by nothing outside of `node_modules`.
    if (folder === dirname(folder) || basename(dirname(folder)) === 'node_modules') return undefined;
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Node itself will say what is wrong with it, with the place.
    return undefined;
  }
}

/**
 * Whether a script is written as an ES module. Node 20.19 and later look at the syntax of a `.js` file whose package
 * does not say; here its statements at the start of a line have to be enough.
 */
export function isModuleScript(file: string, text: string, lookup: FileLookup): boolean {
  const declared = declaredFormat(file, lookup);
  if (declared) return declared === 'module';
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, '');
  const imports = /^\s*import\s*(?:[\w*{$][^;'"]*?from\s*)?['"]/m;
  const exports = /^\s*export\s+(?:default\b|const\b|let\b|var\b|async\b|function\b|class\b|\*|\{)/m;
  return imports.test(code) || exports.test(code);
}
