import {
  LSPErrorCodes,
  ResponseError,
  type CompletionList,
  type Connection,
  type Diagnostic,
  type DocumentLink,
  type DocumentSymbol,
  type Hover,
  type Location,
  type LocationLink,
  type Position,
  type PrepareRenameResult,
  type TextDocumentPositionParams,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { relative } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { YamlVersions } from '../../../../runtime/model/projectFiles/incrementalYaml.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { LanguageOptions } from '../../messages.ts';
import type { HandlerExports } from '../handlerExports.ts';
import type { HandlerFinder } from '../handlers.ts';
import { toPath, toUri } from '../paths.ts';
import type { FolderState, Workspace } from '../workspace.ts';
import { completeAt } from './completion.ts';
import type { Path } from './cursor.ts';
import { withFindings } from './fileDiagnostics.ts';
import { hoverAt, type HoverFacts } from './hover.ts';
import { linksOf } from './links.ts';
import { Navigation, type FilePlace } from './navigation.ts';
import { codeRootOf, ProjectDocuments, type ProjectDocument } from './projectDocument.ts';
import { functionAt } from './places.ts';
import type { Shape } from './shape.ts';
import { symbolsOf } from './symbols.ts';
import type { Around } from './valueChoices.ts';
import { Variables, type VariableUse } from './variables.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** What the features are made with. */
export interface FeatureParts {
  files: FileLookup;
  exports: HandlerExports;
  finder: HandlerFinder;
  workspace: Workspace;
  yaml: YamlVersions;
  options: () => LanguageOptions;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Runs a request unless it was cancelled meanwhile; with nothing to answer outside of the open folders. */
export type InFolder = <T>(
  uri: string,
  token: { isCancellationRequested: boolean },
  none: T,
  run: (state: FolderState, path: string) => T,
) => Promise<T | ResponseError>;

/** Completion, hover, checks, names, outline and links of project files. */
export class ProjectFileFeatures {
  readonly #parts: FeatureParts;
  readonly #documents: ProjectDocuments;
  readonly #variables: Variables;
  readonly #navigation: Navigation;

  constructor(parts: FeatureParts) {
    this.#parts = parts;
    this.#documents = new ProjectDocuments(parts.files, parts.yaml);
    this.#variables = new Variables(parts.files, this.#documents);
    this.#navigation = new Navigation(parts.files, parts.finder, this.#documents, this.#variables);
  }

  listen(connection: Connection, inFolder: InFolder): void {
    // Not with the state of a folder: that one reads its files anew, and somebody who types waits for these.
    connection.onCompletion(({ textDocument, position }, token) =>
      unlessCancelled(token, () => this.complete(toPath(textDocument.uri), position)),
    );
    connection.onHover(({ textDocument, position }, token) =>
      unlessCancelled(token, () => this.hover(toPath(textDocument.uri), position) ?? null),
    );
    connection.onReferences(({ textDocument, position, context }, token) =>
      inFolder<Location[]>(textDocument.uri, token, [], (state, path) =>
        this.references(state, path, position, context.includeDeclaration),
      ),
    );
    connection.onPrepareRename(({ textDocument, position }: TextDocumentPositionParams, token) =>
      inFolder<PrepareRenameResult | null>(textDocument.uri, token, null, (state, path) =>
        this.prepareRename(state, path, position),
      ),
    );
    connection.onRenameRequest(async ({ textDocument, position, newName }, token) => {
      const none: RenameAnswer = null;
      return inFolder<RenameAnswer>(textDocument.uri, token, none, (state, path) =>
        this.rename(state, path, position, newName),
      );
    });
    connection.onDocumentSymbol(({ textDocument }) => this.symbols(toPath(textDocument.uri)));
    connection.onDocumentLinks(({ textDocument }, token) =>
      inFolder<DocumentLink[]>(textDocument.uri, token, [], (state, path) => this.links(state, path)),
    );
  }

  complete(path: string | undefined, position: Position): CompletionList {
    const project = path === undefined ? undefined : this.#documents.get(path);
    if (!project) return { isIncomplete: false, items: [] };
    return completeAt(project, project.document.offsetAt(position), this.#around());
  }

  hover(path: string | undefined, position: Position): Hover | undefined {
    const project = path === undefined ? undefined : this.#documents.get(path);
    if (!project) return undefined;
    const state = (): FolderState | undefined => this.#parts.workspace.folderOf(project.path);
    const facts: HoverFacts = {
      now: this.#now(),
      today: this.#today(),
      handler: (offset) => this.#describeHandler(state(), project.path, offset),
      variable: (name) => this.#describeVariable(state(), name),
    };
    return hoverAt(project, project.document.offsetAt(position), facts);
  }

  symbols(path: string | undefined): DocumentSymbol[] {
    const project = path === undefined ? undefined : this.#documents.get(path);
    return project ? symbolsOf(project) : [];
  }

  links({ root }: FolderState, path: string): DocumentLink[] {
    const project = this.#documents.get(path);
    return project ? linksOf(project, root, this.#parts.files, this.#parts.options().commands.reveal) : [];
  }

  /** The value of a variable in an environment file, for one that stands in a project file or in code. */
  definitions(state: FolderState, path: string, position: Position): LocationLink[] {
    const document = this.#textOf(path);
    return this.#navigation.definitions(state, path, document.offsetAt(position)).map((place) => {
      const { uri: targetUri, range } = this.#location(place);
      return { targetUri, targetRange: range, targetSelectionRange: range };
    });
  }

  references(state: FolderState, path: string, position: Position, declaration: boolean): Location[] {
    const offset = this.#textOf(path).offsetAt(position);
    return this.#navigation
      .references(state, path, offset, declaration)
      .map((place) => this.#location(place));
  }

  prepareRename(state: FolderState, path: string, position: Position): PrepareRenameResult | null {
    const document = this.#textOf(path);
    const found = this.#navigation.renamable(state, path, document.offsetAt(position));
    if (!found) return null;
    const { range } = this.#location({ file: path, range: found.range });
    return { range, placeholder: found.text };
  }

  rename(state: FolderState, path: string, position: Position, newName: string): RenameAnswer {
    const offset = this.#textOf(path).offsetAt(position);
    const renaming = this.#navigation.rename(state, path, offset, newName);
    if ('refused' in renaming) return new ResponseError(LSPErrorCodes.RequestFailed, renaming.refused);
    const byUri = new Map<string, { range: Location['range']; newText: string }[]>();
    for (const { file, range, text } of renaming.changes) {
      const location = this.#location({ file, range });
      byUri.set(location.uri, [...(byUri.get(location.uri) ?? []), { range: location.range, newText: text }]);
    }
    const edits = [...byUri].map(([uri, edits]) => ({ textDocument: { uri, version: null }, edits }));
    const { moved } = renaming;
    const move = moved
      ? [{ kind: 'rename' as const, oldUri: toUri(moved.from), newUri: toUri(moved.to) }]
      : [];
    return { documentChanges: [...edits, ...move] };
  }

  /** What is told of a file, with what its shape finds. */
  diagnostics(path: string, told: Diagnostic[]): Diagnostic[] {
    const project = this.#documents.get(path);
    return project ? withFindings(project, told, this.#today()) : told;
  }

  #around(): Around {
    const { files, exports, options } = this.#parts;
    return {
      files,
      exports,
      today: this.#today(),
      suggest: options().commands.suggest,
      names: (project, path, shape) => this.#namesFor(project, path, shape),
    };
  }

  /** Names from elsewhere: functions to lay settings over, variables of `.env` files and of code. */
  #namesFor(project: ProjectDocument, path: Path, shape: Shape): string[] {
    // A state is read anew after every edit: only for keys that need it.
    if (shape.topic !== 'functions' && shape.topic !== 'environment') return [];
    const state = this.#parts.workspace.folderOf(project.path);
    if (!state) return [];
    if (shape.topic === 'functions') return state.functions.map(({ definition }) => definition.name);
    const fn = functionAt(project.file, project.view.root, path);
    const root = fn ? codeRootOf(project, fn) : state.root;
    const uses = this.#variables.uses({ ...state, root, files: [] });
    return [...new Set(uses.map(({ name }) => name))].sort();
  }

  #describeHandler(state: FolderState | undefined, path: string, offset: number): string | undefined {
    const fn = state?.functions.find(
      ({ handlerAt: at }) => at?.file === path && offset >= at.range.start && offset <= at.range.end,
    );
    const answer = state && fn ? this.#parts.finder.find(fn, state.root) : undefined;
    if (!state || !answer || answer.kind === 'none') return undefined;
    if (answer.kind === 'missing') return undefined;
    const file = answer.kind === 'found' ? answer.file : answer.entry;
    const shown = relative(state.root, file).replace(/\\/g, '/');
    const line =
      answer.kind === 'found' ? `:${this.#textOf(file).positionAt(answer.place.start).line + 1}` : '';
    return l10n.t(
      '`{0}` is in {1}.',
      fn!.definition.handler,
      `[${shown}${line}](${toUri(file)}${line.replace(':', '#L')})`,
    );
  }

  #describeVariable(state: FolderState | undefined, name: string): string | undefined {
    if (!state) return undefined;
    const uses = this.#variables.uses(state, name);
    const shown = ({ file, range }: VariableUse): string => {
      const line = this.#textOf(file).positionAt(range.start).line + 1;
      return `[${relative(state.root, file).replace(/\\/g, '/')}:${line}](${toUri(file)}#L${line})`;
    };
    const given = uses.filter((use) => use.in === 'environment');
    const read = uses.filter((use) => use.in === 'code').slice(0, 10);
    const lines = [
      given.length > 0
        ? l10n.t('Here its value comes from {0}.', given.map(shown).join(', '))
        : l10n.t('No `.env` file gives it a value.'),
      read.length > 0
        ? l10n.t('Read in {0}.', read.map(shown).join(', '))
        : l10n.t('No code is seen to read it.'),
    ];
    return lines.join('\n\n');
  }

  #location({ file, range }: FilePlace): Location {
    const document = this.#textOf(file);
    return {
      uri: toUri(file),
      range: { start: document.positionAt(range.start), end: document.positionAt(range.end) },
    };
  }

  #textOf(path: string): TextDocument {
    const project = this.#documents.get(path);
    return (
      project?.document ?? TextDocument.create(toUri(path), 'text', 0, this.#parts.files.readText(path) ?? '')
    );
  }

  #now(): number {
    return this.#parts.now?.() ?? Date.now();
  }

  #today(): string {
    return new Date(this.#now()).toISOString().slice(0, 10);
  }
}

type RenameAnswer = WorkspaceEdit | ResponseError | null;

/** Lets a cancellation that is already in the queue arrive first: while typing, most requests are outdated. */
async function unlessCancelled<T>(
  token: { isCancellationRequested: boolean },
  run: () => T,
): Promise<T | ResponseError> {
  await new Promise((resolve) => setImmediate(resolve));
  if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
  return run();
}
