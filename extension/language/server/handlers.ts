import { relative } from 'node:path';
import { told } from '../../../runtime/model/errors.ts';
import {
  findHandlerModule,
  nearestModule,
  type HandlerModuleQuery,
} from '../../../runtime/model/handlerModule.ts';
import { splitHandler, type HandlerParts } from '../../../runtime/model/handlerString.ts';
import { programLanguages, runnableLanguages } from '../../../runtime/model/languages.ts';
import { nearest } from '../../../runtime/model/nearest.ts';
import type { FileLookup } from '../../../runtime/support/fileLookup.ts';
import type { HandlerExports } from './handlerExports.ts';
import type { ExportPlace } from './moduleExports.ts';
import type { KnownFunction } from './workspace.ts';

/** What a handler string leads to. */
export type HandlerAnswer =
  /** `entry` is the module the string names; `file` holds the declaration, and is another one for re-exports. */
  | { kind: 'found'; entry: string; file: string; place: ExportPlace }
  /** The module is there; whether the export is cannot be told. */
  | { kind: 'module'; entry: string }
  /** `replacement` is the handler string most like it that would be right. */
  | {
      kind: 'missing';
      code: 'MODULE_MISSING' | 'EXPORT_MISSING';
      message: string;
      entry?: string;
      replacement?: string;
    }
  /** Nothing to look at: no handler, another language, or a form that its reader reports. */
  | { kind: 'none' };

/** Looks handlers up in the user's files. */
export class HandlerFinder {
  readonly #files: FileLookup;
  readonly #exports: HandlerExports;

  constructor(files: FileLookup, exports: HandlerExports) {
    this.#files = files;
    this.#exports = exports;
  }

  find({ definition, bare }: KnownFunction, root: string): HandlerAnswer {
    const parts = bare
      ? undefined
      : splitHandler(definition.handler, definition.platform, definition.language);
    if (bare) return this.#findExport(bare.file, bare.handler, { module: '', exportName: bare.exportName });
    const { language } = definition;
    if (!parts || !runnableLanguages.includes(language) || programLanguages.includes(language))
      return { kind: 'none' };
    const query: HandlerModuleQuery = {
      root,
      codeRoot: definition.codeRoot,
      module: parts.module,
      language: definition.language,
      ...(definition.build ? { build: definition.build } : {}),
    };
    const module = findHandlerModule(query, this.#files);
    if (module) return this.#findExport(module.file, relative(root, module.file), parts);
    return this.#missingModule(query, parts);
  }

  #findExport(entry: string, shown: string, parts: HandlerParts): HandlerAnswer {
    // Lambda follows properties below the export; what they are is known only when the code runs.
    const [name = ''] = parts.exportName.split('.');
    const answer = this.#exports.find(entry, name);
    if (answer.kind === 'found') return { kind: 'found', entry, file: answer.file, place: answer.place };
    if (answer.kind === 'unknown') return { kind: 'module', entry };
    const near = nearestName(name, answer.names);
    return {
      kind: 'missing',
      ...told('EXPORT_MISSING', {
        export: parts.exportName,
        module: shown.replace(/\\/g, '/'),
        nearest: near,
      }),
      entry,
      ...(near ? { replacement: `${parts.module}.${near}` } : {}),
    };
  }

  #missingModule(query: HandlerModuleQuery, parts: HandlerParts): HandlerAnswer {
    const near = nearestModule(query, this.#files);
    return {
      kind: 'missing',
      ...told('MODULE_MISSING', { module: parts.module, nearest: near }),
      ...(near
        ? { replacement: `${near}.${this.#exportOf({ ...query, module: near }, parts.exportName)}` }
        : {}),
    };
  }

  /** The export a handler in another module would name: the same one if it is there. */
  #exportOf(query: HandlerModuleQuery, name: string): string {
    const module = findHandlerModule(query, this.#files);
    const answer = module && this.#exports.find(module.file, name.split('.')[0] ?? name);
    return (answer?.kind === 'missing' && nearestName(name, answer.names)) || name;
  }
}

/** A single export is what is meant, however it is called. */
function nearestName(name: string, names: string[]): string | undefined {
  const candidates = names.filter((each) => each !== 'default' && each !== '__esModule');
  return nearest(name, candidates) ?? (candidates.length === 1 ? candidates[0] : undefined);
}
