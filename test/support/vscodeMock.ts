import type * as vscode from 'vscode';
import { Emitter } from '../../runtime/support/emitter.ts';
import type { EditorApi } from '../../extension/editor/editorApi.ts';
import {
  CodeLens,
  Diagnostic,
  Hover,
  Location,
  MarkdownString,
  Position,
  Range,
  RelativePattern,
  SourceBreakpoint,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  Uri,
  WorkspaceEdit,
} from './vscodeValues.ts';

/*
 * The little of the editor's API that our logic uses, with records of what it was asked to do. Only data and events: what
 * the editor makes of them is for the tests in the real one.
 */

/** A document of lines; `replace` edits it as a user would. */
export class MockDocument {
  readonly uri: Uri;
  text: string;
  isDirty = false;
  version = 1;
  constructor(at: string | Uri, text: string) {
    this.uri = typeof at === 'string' ? Uri.file(at) : at;
    this.text = text;
  }
  save(): Promise<boolean> {
    return Promise.resolve(true);
  }
  positionAt(offset: number): Position {
    const before = this.text.slice(0, offset).split('\n');
    return new Position(before.length - 1, before.at(-1)!.length);
  }
  get lines(): string[] {
    return this.text.split('\n');
  }
  get lineCount(): number {
    return this.lines.length;
  }
  getText(): string {
    return this.text;
  }
  lineAt(line: number): { text: string; range: Range } {
    const text = this.lines[line] ?? '';
    return { text, range: new Range(line, 0, line, text.length) };
  }
}

/** An editor that remembers the decorations it was given. */
export class MockEditor {
  readonly document: MockDocument;
  decorations: {
    range: Range;
    renderOptions: { after: { contentText: string; color?: ThemeColor } };
    hoverMessage?: MarkdownString;
  }[] = [];
  constructor(document: MockDocument) {
    this.document = document;
  }
  setDecorations(_type: unknown, options: MockEditor['decorations']): void {
    this.decorations = options;
  }
  /** What one sees: each line with what is drawn after it. */
  render(): string[] {
    return this.document.lines.map((line, number) => {
      const drawn = this.decorations.filter(({ range }) => range.start.line === number);
      return [line, ...drawn.map(({ renderOptions }) => renderOptions.after.contentText)].join('   ');
    });
  }
}

/** The mock, and handles to let things happen in it. */
export interface VscodeMock {
  api: EditorApi;
  /** Values of context keys. */
  context: Map<string, unknown>;
  executed: [command: string, ...args: unknown[]][];
  settings: Map<string, unknown>;
  folders: { uri: Uri; name: string; index: number }[];
  editors: MockEditor[];
  hovers: vscode.HoverProvider[];
  diagnostics: Map<string, Diagnostic[]>;
  breakpoints: SourceBreakpoint[];
  /** Texts of files that are opened by their path, and the documents that were shown, with the selection. */
  files: Map<string, string>;
  shown: { document: MockDocument; selection?: Range }[];
  setTrusted(trusted: boolean): void;
  changeFolders(paths: string[]): void;
  save(path: string): void;
  /** Edits a document and tells of it. Lines and characters count from 0. */
  edit(document: MockDocument, range: [number, number, number, number], text: string): void;
  /** Another program changes the file. */
  reload(document: MockDocument, text: string): void;
}

/** Makes a mock with these workspace folders. */
export function vscodeMock(paths: string[] = ['/p']): VscodeMock {
  const folderChange = new Emitter<unknown>();
  const trustGrant = new Emitter<unknown>();
  const saved = new Emitter<unknown>();
  const edited = new Emitter<unknown>();
  const closed = new Emitter<unknown>();
  const configuration = new Emitter<unknown>();
  const visible = new Emitter<unknown>();
  const nothing = () => ({ dispose: () => {} });
  const toFolder = (path: string, index: number) => ({
    uri: Uri.file(path),
    name: path.split('/').pop() ?? path,
    index,
  });
  const mock = {
    context: new Map<string, unknown>(),
    executed: [] as VscodeMock['executed'],
    settings: new Map<string, unknown>(),
    folders: paths.map(toFolder),
    editors: [] as MockEditor[],
    hovers: [] as vscode.HoverProvider[],
    diagnostics: new Map<string, Diagnostic[]>(),
    breakpoints: [] as SourceBreakpoint[],
    files: new Map<string, string>(),
    shown: [] as VscodeMock['shown'],
  };
  let trusted = true;
  /** Paths of the files in a folder, relative to it. */
  const below = (folder: Uri) =>
    [...mock.files.keys()]
      .filter((path) => path.startsWith(`${folder.path}/`))
      .map((path) => path.slice(folder.path.length + 1));
  const api = {
    Position,
    Range,
    Uri,
    TreeItem,
    ThemeColor,
    ThemeIcon,
    MarkdownString,
    Diagnostic,
    Hover,
    CodeLens,
    Location,
    SourceBreakpoint,
    RelativePattern,
    WorkspaceEdit,
    FileType: { File: 1, Directory: 2 },
    TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
    DecorationRangeBehavior: { OpenOpen: 0, ClosedClosed: 1 },
    StatusBarAlignment: { Left: 1, Right: 2 },
    QuickPickItemKind: { Separator: -1, Default: 0 },
    ProgressLocation: { SourceControl: 1, Window: 10, Notification: 15 },
    commands: {
      executeCommand: (command: string, ...args: unknown[]) => {
        if (command === 'setContext') mock.context.set(String(args[0]), args[1]);
        else mock.executed.push([command, ...args]);
        return Promise.resolve();
      },
      registerCommand: nothing,
    },
    debug: {
      get breakpoints() {
        return mock.breakpoints;
      },
      addBreakpoints: (added: SourceBreakpoint[]) => mock.breakpoints.push(...added),
      removeBreakpoints: (gone: SourceBreakpoint[]) => {
        const kept = mock.breakpoints.filter((one) => !gone.includes(one));
        mock.breakpoints.splice(0, mock.breakpoints.length, ...kept);
      },
    },
    languages: {
      registerHoverProvider: (_selector: unknown, provider: vscode.HoverProvider) => {
        mock.hovers.push(provider);
        return { dispose: () => {} };
      },
      createDiagnosticCollection: () => ({
        clear: () => mock.diagnostics.clear(),
        set: (uri: Uri, diagnostics: Diagnostic[]) => mock.diagnostics.set(uri.fsPath, diagnostics),
        dispose: () => {},
      }),
    },
    window: {
      get visibleTextEditors() {
        return mock.editors;
      },
      createTextEditorDecorationType: nothing,
      onDidChangeVisibleTextEditors: visible.event,
      get activeTextEditor() {
        const last = mock.shown.at(-1);
        return last && { document: last.document };
      },
      showTextDocument: (document: MockDocument, options?: { selection?: Range }) => {
        mock.shown.push({ document, ...(options?.selection && { selection: options.selection }) });
        return Promise.resolve();
      },
      withProgress: (_options: unknown, task: (progress: unknown, token: unknown) => Promise<unknown>) =>
        task({ report: () => {} }, { onCancellationRequested: nothing }),
    },
    workspace: {
      get workspaceFolders() {
        return mock.folders;
      },
      get textDocuments() {
        return mock.editors.map(({ document }) => document);
      },
      asRelativePath: (path: string | Uri) => (typeof path === 'string' ? path : path.path),
      fs: {
        stat: (uri: Uri) =>
          mock.files.has(uri.path) || below(uri).length > 0
            ? Promise.resolve({})
            : Promise.reject(new Error(`no file ${uri.path}`)),
        readFile: (uri: Uri) => Promise.resolve(new TextEncoder().encode(mock.files.get(uri.path))),
        readDirectory: (uri: Uri) => {
          const names = below(uri).map((path) => path.split('/'));
          const types = new Map(names.map(([name = '', ...rest]) => [name, rest.length > 0 ? 2 : 1]));
          return Promise.resolve([...types]);
        },
        writeFile: (uri: Uri, bytes: Uint8Array) =>
          Promise.resolve(void mock.files.set(uri.path, Buffer.from(bytes).toString())),
      },
      /** Knows patterns of names in braces, at any depth. */
      findFiles: ({ base, pattern }: RelativePattern) => {
        const names = /\{(.*)\}/.exec(pattern)?.[1]?.split(',') ?? [];
        const found = below(base).filter((path) => names.includes(path.split('/').pop() ?? ''));
        return Promise.resolve(found.map((path) => Uri.file(`${base.path}/${path}`)));
      },
      applyEdit: (edit: WorkspaceEdit) => {
        // Of whole files: nobody edits otherwise here.
        for (const { uri, text } of edit.edits) mock.files.set(uri.path, text);
        return Promise.resolve(true);
      },
      onDidOpenTextDocument: nothing,
      openTextDocument: (uri: Uri) => {
        const text = mock.files.get(uri.path);
        return text === undefined
          ? Promise.reject(new Error(`no file ${uri.path}`))
          : Promise.resolve(new MockDocument(uri, text));
      },
      get isTrusted() {
        return trusted;
      },
      getWorkspaceFolder: (uri: Uri) =>
        mock.folders.find((folder) => uri.path.startsWith(`${folder.uri.path}/`)),
      onDidChangeWorkspaceFolders: folderChange.event,
      onDidGrantWorkspaceTrust: trustGrant.event,
      onDidSaveTextDocument: saved.event,
      onDidChangeTextDocument: edited.event,
      onDidCloseTextDocument: closed.event,
      onDidChangeConfiguration: configuration.event,
      createFileSystemWatcher: () => ({
        onDidCreate: nothing,
        onDidChange: nothing,
        onDidDelete: nothing,
        dispose: () => {},
      }),
      getConfiguration: (section: string) => ({
        get: (name: string) => mock.settings.get(`${section}.${name}`),
        inspect: (name: string) => ({ globalValue: mock.settings.get(`${section}.${name}`) }),
        update: (name: string, value: unknown) => {
          mock.settings.set(`${section}.${name}`, value);
          configuration.fire({ affectsConfiguration: (id: string) => id === `${section}.${name}` });
          return Promise.resolve();
        },
      }),
    },
  } as unknown as EditorApi;
  return {
    ...mock,
    get folders() {
      return mock.folders;
    },
    api,
    setTrusted(value) {
      trusted = value;
      if (value) trustGrant.fire(undefined);
    },
    changeFolders(next) {
      mock.folders = next.map(toFolder);
      folderChange.fire(undefined);
    },
    save(path) {
      const document = mock.editors.find((editor) => editor.document.uri.fsPath === path)?.document;
      if (document) document.isDirty = false;
      saved.fire(document ?? { uri: Uri.file(path) });
    },
    edit(document, [startLine, startCharacter, endLine, endCharacter], text) {
      const lines = document.lines;
      const offset = (line: number, character: number) =>
        lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
      document.text =
        document.text.slice(0, offset(startLine, startCharacter)) +
        text +
        document.text.slice(offset(endLine, endCharacter));
      document.version++;
      const range = new Range(startLine, startCharacter, endLine, endCharacter);
      edited.fire({ document, contentChanges: [{ range, text }] });
      if (document.isDirty) return;
      // Told a moment later, as the editor does.
      document.isDirty = true;
      edited.fire({ document, contentChanges: [] });
    },
    reload(document, text) {
      const lines = document.lines;
      const range = new Range(0, 0, lines.length - 1, lines.at(-1)!.length);
      document.text = text;
      document.version++;
      document.isDirty = false;
      edited.fire({ document, contentChanges: [{ range, text }] });
    },
  };
}
