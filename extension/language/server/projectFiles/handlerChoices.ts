import { extname } from 'node:path';
import { languageOfRuntime } from '../../../../runtime/model/platformDefaults.ts';
import { programLanguages } from '../../../../runtime/model/languages.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { HandlerExports } from '../handlerExports.ts';
import { codeExtensions, codeFilesBelow } from './codeFiles.ts';
import { slashed } from './projectDocument.ts';

const exporting = /\bexport\b|\bexports\b|^\s*(async\s+)?def\s|\bfunction\b/m;

/** Handler strings that lead somewhere, and whether there may be more than could be looked at in time. */
export interface HandlerChoices {
  handlers: string[];
  complete: boolean;
}

/** The handler strings that code below a folder allows. Files that were read before cost nothing; `budgetMs` bounds the rest. */
export function handlerChoices(
  codeRoot: string,
  runtime: string | undefined,
  files: FileLookup,
  exports: HandlerExports,
  budgetMs: number,
): HandlerChoices {
  const language = runtime === undefined ? undefined : languageOfRuntime(runtime);
  if (language !== undefined && programLanguages.includes(language)) return { handlers: [], complete: true };
  const pattern = language === undefined ? undefined : codeExtensions[language];
  if (language !== undefined && !pattern) return { handlers: [], complete: true };
  const fits = (name: string): boolean =>
    pattern ? pattern.test(name) : Object.values(codeExtensions).some((each) => each.test(name));
  const until = performance.now() + budgetMs;
  const handlers: string[] = [];
  for (const file of codeFilesBelow(codeRoot, files, fits)) {
    if (performance.now() > until) return { handlers, complete: false };
    const text = files.readText(file);
    if (text === undefined || !exporting.test(text)) continue;
    const module = slashed(codeRoot, file).slice(0, -extname(file).length);
    const names = exports.read(file)?.names.keys() ?? [];
    for (const name of names) if (name !== '__esModule') handlers.push(`${module}.${name}`);
  }
  return { handlers, complete: true };
}
