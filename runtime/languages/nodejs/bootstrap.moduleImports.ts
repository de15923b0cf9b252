import { readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { PackageRequest } from '../../protocol/instance/messages.ts';
import { isPackageFile } from './bootstrap.resolutions.ts';

/** Statements that stand at the beginning of a line, as formatters and bundlers write them. */
const statement = /^[ \t]*(?:import|export)\b(?:[^'"`;()]*?\bfrom)?\s*(?:'([^'\n]+)'|"([^"\n]+)")/gm;
const mostFiles = 500;

/**
 * The packages that an ES module and the own modules below it import, in the order of evaluation. Node does not tell
 * which it loaded; a scan by text may find too many, which costs time only.
 */
export function moduleImports(entry: string): PackageRequest[] {
  const found: PackageRequest[] = [];
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.size > mostFiles || seen.has(file) || isPackageFile(file) || !/\.[cm]?js$/.test(file)) return;
    seen.add(file);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      // What is not there was not loaded either.
      return;
    }
    for (const match of text.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(statement)) {
      const request = match[1] ?? match[2] ?? '';
      if (request.startsWith('.')) visit(withExtension(resolve(dirname(file), request)));
      else if (!isBuiltin(request) && !seen.has(request) && !/^[a-z]+:/.test(request)) {
        seen.add(request);
        found.push({ kind: 'import', request, from: file });
      }
    }
  };
  visit(entry);
  return found;
}

/** `import` of an ES module states the extension; `require`-like names in CommonJS may not. */
function withExtension(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? path : `${path}.js`;
}
