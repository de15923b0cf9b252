import {
  CodeActionKind,
  CodeLensRefreshRequest,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  LSPErrorCodes,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CodeAction,
  type Connection,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { YamlVersions } from '../../../runtime/model/projectFiles/incrementalYaml.ts';
import type { LanguageOptions } from '../messages.ts';
import { handlerFixes } from './codeActions.ts';
import { handlerLenses } from './codeLenses.ts';
import { handlerDefinition } from './definition.ts';
import { folderDiagnostics } from './diagnostics.ts';
import { editorLookup } from './files.ts';
import { HandlerExports } from './handlerExports.ts';
import { HandlerFinder } from './handlers.ts';
import { toPath, toUri } from './paths.ts';
import { eventTypeFixes } from './eventTypes/eventTypeFixes.ts';
import { ruleFixes } from './rules/ruleFixes.ts';
import { RuleService } from './rules/ruleService.ts';
import { ProjectFileFeatures } from './projectFiles/projectFileFeatures.ts';
import { projectFileCapabilities, registerProjectFiles } from './projectFiles/registration.ts';
import { readOptions } from './options.ts';
import { isProjectFileName, Workspace, type FolderState } from './workspace.ts';
import { useTranslator } from '../../../runtime/support/l10n.ts';
import { translatorFor } from '../../../runtime/support/l10nBundle.ts';

/** How long a burst of changes may go on before it is looked at, in milliseconds. */
export interface ServerSettings {
  debounceMs: number;
}

/** Project files, environment files, and everything that may hold a handler or say how it is found. */
const watched = '**/{*.yaml,*.yml,.env,.env.*,*.ts,*.tsx,*.mts,*.cts,*.js,*.mjs,*.cjs,*.py,*.php,*.json}';
const unwatched = /[\\/](node_modules|\.git|\.porchlight)[\\/]/;

/** Serves one editor window over a connection. Reads files, runs nothing. */
export function startServer(
  connection: Connection,
  { debounceMs }: ServerSettings = { debounceMs: 200 },
): void {
  new LanguageServer(connection, debounceMs).listen();
}

class LanguageServer {
  readonly #connection: Connection;
  readonly #debounceMs: number;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #open = new Map<string, TextDocument>();
  readonly #files = editorLookup({
    get: (path) => this.#open.get(path)?.getText(),
    paths: () => this.#open.keys(),
  });
  readonly #exports = new HandlerExports(this.#files);
  readonly #finder = new HandlerFinder(this.#files, this.#exports);
  /** A file was opened since lenses were refreshed. */
  #asksAgain = false;
  readonly #rules: RuleService;
  readonly #yaml = new YamlVersions();
  readonly #workspace = new Workspace(this.#files, this.#exports, this.#yaml);
  readonly #projectFiles = new ProjectFileFeatures({
    files: this.#files,
    exports: this.#exports,
    finder: this.#finder,
    workspace: this.#workspace,
    yaml: this.#yaml,
    options: () => this.#options,
  });
  readonly #published = new Map<string, string>();
  #options: LanguageOptions = readOptions(undefined);
  #client: InitializeParams['capabilities'] = {};
  #functions = '[]';
  #timer: NodeJS.Timeout | undefined;
  /** Counts what makes a look at everything out of date. */
  #look = 0;

  constructor(connection: Connection, debounceMs: number) {
    this.#connection = connection;
    this.#debounceMs = debounceMs;
    this.#rules = new RuleService(connection, this.#files, this.#finder, () => this.#validateSoon());
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    connection.onShutdown(() => {
      this.#look++;
      clearTimeout(this.#timer);
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri, type } of changes) this.#changed(toPath(uri), type !== FileChangeType.Changed);
    });
    connection.onCodeLens(({ textDocument }, token) =>
      this.#inFolder(textDocument.uri, token, [], (state, path) =>
        handlerLenses(state, path, this.#finder, this.#files, this.#options),
      ),
    );
    connection.onDefinition(({ textDocument, position }, token) =>
      this.#inFolder(textDocument.uri, token, [], (state, path) => [
        ...handlerDefinition(state, path, position, this.#finder, this.#files),
        ...this.#projectFiles.definitions(state, path, position),
      ]),
    );
    connection.onCodeAction((params, token) =>
      this.#inFolder<CodeAction[]>(params.textDocument.uri, token, [], (state, path) => [
        ...handlerFixes(params),
        ...ruleFixes(params, state.root, path, this.#files, this.#options),
        ...eventTypeFixes(params, state, path, this.#finder, this.#files),
      ]),
    );
    this.#projectFiles.listen(connection, (...request) => this.#inFolder(...request));
    // Opening and every edit both arrive as a content change.
    this.#documents.onDidChangeContent(({ document }) => this.#opened(document));
    this.#documents.onDidClose(({ document }) => this.#closed(document));
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    this.#client = params.capabilities;
    // The process serves this one client.
    const translator = translatorFor(params.locale);
    if (translator) useTranslator(translator);
    this.#options = readOptions(params.initializationOptions);
    for (const { uri } of params.workspaceFolders ?? []) this.#addFolder(uri);
    return {
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        codeLensProvider: { resolveProvider: false },
        definitionProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        ...projectFileCapabilities(params.capabilities),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  #initialized(): void {
    if (this.#client.workspace?.workspaceFolders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        for (const { uri } of added) this.#addFolder(uri);
        for (const { uri } of removed) this.#removeFolder(uri);
        this.#validateSoon();
      });
    }
    if (this.#client.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const options = { watchers: [{ globPattern: watched }] };
      void this.#connection.client.register(DidChangeWatchedFilesNotification.type, options);
    }
    this.#rules.follow(this.#client, () => this.#workspace.folders.map(({ root }) => root));
    registerProjectFiles(this.#connection, this.#client).catch((error: unknown) => {
      this.#connection.console.warn(`Features were not registered: ${String(error)}`);
    });
    this.#validateSoon();
  }

  #addFolder(uri: string): void {
    const path = toPath(uri);
    if (path !== undefined) this.#workspace.addFolder(path);
  }

  #removeFolder(uri: string): void {
    const path = toPath(uri);
    if (path !== undefined) this.#workspace.removeFolder(path);
  }

  #opened(document: TextDocument): void {
    const path = toPath(document.uri);
    if (path === undefined) return;
    const isNew = !this.#open.has(path);
    // What an editor asked while the file was being opened may have been cancelled, and it does not ask again by itself.
    if (isNew) this.#asksAgain = true;
    this.#open.set(path, document);
    this.#changed(path, isNew);
  }

  #closed(document: TextDocument): void {
    const path = toPath(document.uri);
    if (path === undefined) return;
    // From here on the disk counts again, which may hold another text than the one that was not saved.
    this.#open.delete(path);
    this.#changed(path, true);
  }

  #changed(path: string | undefined, listed: boolean): void {
    if (path === undefined || unwatched.test(path)) return;
    this.#workspace.changed(path, listed && isProjectFileName(path));
    this.#validateSoon();
  }

  #validateSoon(): void {
    // What is being looked at is out of date; the next look is at everything again.
    this.#look++;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#tryValidate(), this.#debounceMs);
  }

  /** A fault of ours must not end the process, and with it every other feature. */
  async #tryValidate(): Promise<void> {
    try {
      await this.#validate();
    } catch (error) {
      this.#connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  /** Looks at everything, piece by piece: who waits for an answer does not wait for all of it. Ends early when an edit comes. */
  async #validate(): Promise<void> {
    const look = this.#look;
    const now = new Map<string, Diagnostic[]>();
    const isOutdated = async (): Promise<boolean> => {
      await new Promise((resolve) => setImmediate(resolve));
      return look !== this.#look;
    };
    for (const root of this.#workspace.roots) {
      const state = this.#workspace.state(root);
      if (await isOutdated()) return;
      for (const [path, diagnostics] of folderDiagnostics(state, this.#finder, this.#files)) {
        if (await isOutdated()) return;
        now.set(path, this.#projectFiles.diagnostics(path, diagnostics));
      }
    }
    // As linters do: what is not open is not talked about.
    for (const path of this.#open.keys()) {
      if (await isOutdated()) return;
      const state = this.#workspace.folderOf(path);
      const found = state ? this.#rules.diagnostics(state, path, this.#options.rulePages) : [];
      if (found.length > 0) now.set(path, [...(now.get(path) ?? []), ...found]);
    }
    // Files that are no project files any more lose what was said about them.
    for (const path of this.#published.keys()) if (!now.has(path)) now.set(path, []);
    for (const [path, diagnostics] of now) this.#publish(path, diagnostics);
    this.#refreshLenses();
  }

  #publish(path: string, diagnostics: Diagnostic[]): void {
    const text = JSON.stringify(diagnostics);
    if ((this.#published.get(path) ?? '[]') === text) return;
    if (diagnostics.length > 0) this.#published.set(path, text);
    else this.#published.delete(path);
    void this.#connection.sendDiagnostics({ uri: toUri(path), diagnostics });
  }

  /** Lenses of code files follow the project files; an edit of the code itself makes the editor ask anyway. */
  #refreshLenses(): void {
    const functions = this.#workspace.folders.flatMap(({ root, functions }) =>
      functions.map(({ definition: { name, handler, codeRoot } }) => [root, name, handler, codeRoot]),
    );
    const before = this.#functions;
    this.#functions = JSON.stringify(functions);
    const isOutdated = this.#asksAgain || before !== this.#functions;
    this.#asksAgain = false;
    if (!isOutdated || !this.#client.workspace?.codeLens?.refreshSupport) return;
    this.#connection.sendRequest(CodeLensRefreshRequest.type).catch((error: unknown) => {
      this.#connection.console.warn(`CodeLenses were not refreshed: ${String(error)}`);
    });
  }

  async #inFolder<T>(
    uri: string,
    token: { isCancellationRequested: boolean },
    none: T,
    run: (state: FolderState, path: string) => T,
  ): Promise<T | ResponseError> {
    // Lets a cancellation that is already in the queue arrive first: while typing, most requests are outdated.
    await new Promise((resolve) => setImmediate(resolve));
    if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    const path = toPath(uri);
    const state = path === undefined ? undefined : this.#workspace.folderOf(path);
    return state ? run(state, path!) : none;
  }
}
