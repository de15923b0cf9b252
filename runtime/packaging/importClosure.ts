import { dirname, resolve } from 'node:path';
import type { FileLookup } from '../support/fileLookup.ts';

/** Files a script loads from its own project. */
export interface ImportClosure {
  files: string[];
  /** Some file loads modules whose names are known only when it runs, so that `files` may not be all. */
  dynamic: boolean;
}

const specifier =
  /(?:\brequire\s*(?:\.\s*resolve\s*)?\(|\bimport\s*\(|\bfrom|\bimport|\bURL\s*\()\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`$\n]+)`)/g;
const computed = /\b(?:require|import)\s*\(\s*(?!['"`)\s])|\b(?:require|import)\s*\(\s*`[^`]*\$\{/;

/** Follows relative imports from a script, as Node would find them. A scan by text: too many files do no harm. */
export function importClosure(entry: string, lookup: FileLookup, limit = 2000): ImportClosure {
  const files = new Set([entry]);
  let dynamic = false;
  for (const file of files) {
    if (!/\.[cm]?js$/.test(file)) continue;
    const text = lookup.readText(file) ?? '';
    dynamic ||= computed.test(text);
    for (const match of text.matchAll(specifier)) {
      const path = match[1] ?? match[2] ?? match[3] ?? '';
      const found = path.startsWith('.') ? findModule(resolve(dirname(file), path), lookup) : undefined;
      if (found && files.size < limit) files.add(found);
    }
  }
  return { files: [...files], dynamic };
}

function findModule(base: string, lookup: FileLookup): string | undefined {
  const candidates = ['', '.js', '.json', '.node', '.mjs', '.cjs', '/index.js', '/index.json'];
  return candidates.map((suffix) => base + suffix).find((path) => lookup.isFile(path));
}
