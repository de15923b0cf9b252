import { basename, dirname, extname, join } from 'node:path';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import type { HandlerFinder } from '../handlers.ts';
import type { FolderState } from '../workspace.ts';
import { moveScript, renameExport } from './codeRename.ts';
import { distinct, type Renaming, type TextChange } from './edits.ts';
import { functionNameAt, placesOf, renameFunctionName } from './functionNames.ts';
import {
  exportRange,
  fileRange,
  handlersAt,
  namedHandlers,
  sameExport,
  type NamedHandler,
} from './handlers.ts';
import type { ProjectDocuments } from './projectDocument.ts';
import type { Variables } from './variables.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** A place in a file. */
export interface FilePlace {
  file: string;
  range: TextRange;
}

/** What can be renamed at an offset: its place and text. */
export interface Renamable {
  range: TextRange;
  text: string;
}

/** Definitions, references and renaming of what project files name: handlers, functions, variables. */
export class Navigation {
  readonly #files: FileLookup;
  readonly #finder: HandlerFinder;
  readonly #documents: ProjectDocuments;
  readonly #variables: Variables;

  constructor(files: FileLookup, finder: HandlerFinder, documents: ProjectDocuments, variables: Variables) {
    this.#files = files;
    this.#finder = finder;
    this.#documents = documents;
    this.#variables = variables;
  }

  /** Where a variable gets its value here, for one that is named in a project file or in code. */
  definitions(state: FolderState, file: string, offset: number): FilePlace[] {
    const variable = this.#variables.at(file, offset);
    if (!variable || variable.in === 'environment') return [];
    const uses = this.#variables.uses(state, variable.name);
    const given = uses.filter((use) => use.in === 'environment');
    return given.length > 0 || variable.in === 'project' ? given : uses.filter((use) => use.in === 'project');
  }

  /** Where else what stands at an offset is named. */
  references(state: FolderState, file: string, offset: number, declaration: boolean): FilePlace[] {
    const handlers = namedHandlers(state, this.#finder, this.#files);
    const [handler] = handlersAt(handlers, file, offset);
    if (handler) {
      const places: FilePlace[] = sameExport(handlers, handler).map(({ file, range }) => ({ file, range }));
      return declaration && handler.declared ? [...places, handler.declared] : places;
    }
    const variable = this.#variables.at(file, offset);
    if (variable)
      return this.#variables
        .uses(state, variable.name)
        .filter((use) => declaration || use.in !== 'environment');
    const project = this.#documents.get(file);
    const name = project && functionNameAt(project, offset);
    return name ? placesOf(project, name, state, this.#documents) : [];
  }

  /** What can be renamed at an offset, in project files and environment files. Code is renamed by its own tools. */
  renamable(state: FolderState, file: string, offset: number): Renamable | undefined {
    const handler = this.#handlerAt(state, file, offset);
    if (handler) {
      const range = offset >= exportRange(handler).start ? exportRange(handler) : fileRange(handler);
      return { range, text: this.#text(file).slice(range.start, range.end) };
    }
    const variable = this.#variables.at(file, offset);
    if (variable && variable.in !== 'code') return { range: variable.range, text: variable.name };
    const project = this.#documents.get(file);
    const name = project && functionNameAt(project, offset);
    return name && { range: name.range, text: name.name };
  }

  /** Renames what stands at an offset, wherever it is named. */
  rename(state: FolderState, file: string, offset: number, newName: string): Renaming {
    const handler = this.#handlerAt(state, file, offset);
    if (handler) {
      return offset >= exportRange(handler).start
        ? this.#renameExport(state, handler, newName)
        : this.#renameFile(state, handler, newName);
    }
    const variable = this.#variables.at(file, offset);
    if (variable && variable.in !== 'code') {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(newName))
        return { refused: l10n.t('A variable has letters, digits and _.') };
      const uses = this.#variables.uses(state, variable.name);
      return { changes: distinct(uses.map(({ file, range }) => ({ file, range, text: newName }))) };
    }
    const project = this.#documents.get(file);
    const name = project && functionNameAt(project, offset);
    if (!name) return { refused: l10n.t('Nothing can be renamed here.') };
    return renameFunctionName(project, name, newName, state, this.#documents);
  }

  #handlerAt(state: FolderState, file: string, offset: number): NamedHandler | undefined {
    const handlers = namedHandlers(state, this.#finder, this.#files);
    return handlersAt(handlers, file, offset).find((each) => each.file === file);
  }

  #renameExport(state: FolderState, handler: NamedHandler, newName: string): Renaming {
    const { exportName } = handler.parts;
    if (!/^[A-Za-z_$][\w$]*$/.test(newName))
      return { refused: l10n.t('An export has letters, digits, $ and _.') };
    if (exportName === 'default' || exportName.includes('.') || !handler.declared)
      return { refused: l10n.t('{0} has no declaration that could be renamed.', exportName) };
    const { file, range } = handler.declared;
    const code = renameExport(state.root, file, range.start, exportName, newName, this.#files);
    if (!code || code.length === 0)
      return {
        refused: l10n.t(
          '{0} is used in ways that cannot be renamed safely. Rename it in the code.',
          exportName,
        ),
      };
    const handlers = namedHandlers(state, this.#finder, this.#files);
    const named = sameExport(handlers, handler).map((each): TextChange => ({
      file: each.file,
      range: exportRange(each),
      text: newName,
    }));
    return { changes: distinct([...named, ...code]) };
  }

  #renameFile(state: FolderState, handler: NamedHandler, newName: string): Renaming {
    const { entry, parts } = handler;
    const extension = extname(entry);
    const stem = parts.module.slice(parts.module.lastIndexOf('/') + 1);
    if (!/^[\w-][\w.-]*$/.test(newName))
      return { refused: l10n.t('A file has letters, digits, ., - and _.') };
    const to = join(dirname(entry), `${newName}${extension}`);
    if (basename(entry) !== `${stem}${extension}`)
      return { refused: l10n.t('{0} is made of another file: {1}. Rename that file.', parts.module, entry) };
    if (to !== entry && this.#files.isFile(to))
      return { refused: l10n.t('There is a file {0} already.', to) };
    const handlers = namedHandlers(state, this.#finder, this.#files).filter((each) => each.entry === entry);
    const named = handlers.map((each): TextChange => ({
      file: each.file,
      range: fileRange(each),
      text: newName,
    }));
    return {
      changes: distinct([...named, ...moveScript(state.root, entry, to, this.#files)]),
      moved: { from: entry, to },
    };
  }

  #text(file: string): string {
    return this.#files.readText(file) ?? '';
  }
}
