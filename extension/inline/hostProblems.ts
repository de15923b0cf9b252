import type * as vscode from 'vscode';
import type { Problem } from '../../runtime/model/project.ts';
import { projectFileNames } from '../../runtime/model/projectFiles/fileNames.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { localized } from '../../runtime/model/errors.ts';

type ProblemsApi = Pick<EditorApi, 'languages' | 'Diagnostic' | 'DiagnosticSeverity' | 'Range' | 'Uri'>;

const source = 'porchlight (project)';

/** The language server's rule about variables (`language/server/rules`). */
const variableRule = 'env-not-given';
const givenCode = 'VARIABLES_NOT_GIVEN';

/** Changes that may be changes of problems. */
const publishing: ReadonlySet<string> = new Set(['problems', 'functions', 'function', 'folders', 'tests']);

/** What only running things can find. */
const foundByHosts = new Set([
  'BUILD_FAILED',
  'INTERPRETER_INSTEAD',
  'INTERPRETER_MISSING',
  'TRIGGER_INVALID',
]);

/** Whether the language server says it anyway: everything in project files but what only a host can find. */
function isLanguageServers(problem: Problem): boolean {
  if (foundByHosts.has(problem.code)) return false;
  const name = problem.file.split(/[\\/]/).pop() ?? '';
  return projectFileNames.includes(name);
}

/** Problems of a host that nobody else reports, builds that failed among them; each place once. */
export function ownProblems(host: FolderHost): Problem[] {
  const builds = host.mirror.functions.flatMap((state): Problem[] => {
    if (state.build.state !== 'failed' || !state.build.at) return [];
    const { message, at } = state.build;
    return [{ severity: 'error', code: 'BUILD_FAILED', message, ...at, function: state.name }];
  });
  const found = new Map<string, Problem>();
  for (const problem of [...host.mirror.problems, ...host.mirror.tests.problems, ...builds]) {
    // Functions that share code may lack different variables.
    const whose = problem.code === givenCode ? problem.function : '';
    const place = `${problem.file}:${problem.line}:${problem.column}:${problem.code}:${whose}`;
    if (!isLanguageServers(problem) && !found.has(place)) found.set(place, problem);
  }
  return [...found.values()];
}

/** Shows problems that the host finds among those of the editor. */
export class HostProblems implements Disposable {
  #api: ProblemsApi;
  #hosts: Hosts;
  #collection: vscode.DiagnosticCollection;
  #shown: ReadonlySet<Problem> = new Set();
  #store = new DisposableStore();

  constructor(api: ProblemsApi, hosts: Hosts) {
    this.#api = api;
    this.#hosts = hosts;
    this.#collection = this.#store.add(api.languages.createDiagnosticCollection('porchlight'));
    this.#store.add(
      hosts.onDidChange((change) => {
        const kind = change.kind === 'mirror' ? change.change.kind : change.kind;
        if (publishing.has(kind)) this.#publish();
      }),
    );
    this.#store.add(api.languages.onDidChangeDiagnostics(({ uris }) => this.#others(uris)));
  }

  /** The language server told of a place, or does no more. */
  #others(uris: readonly vscode.Uri[]): void {
    const files = new Set(uris.map(({ fsPath }) => fsPath));
    const changed = this.#hosts.all.flatMap(ownProblems).some((problem) => {
      const { fsPath } = this.#api.Uri.file(problem.file);
      const isOurs = problem.code === givenCode && files.has(fsPath);
      return isOurs && this.#isTold(problem) === this.#shown.has(problem);
    });
    if (changed) this.#publish();
  }

  /** In an open file the language server tells of each variable at its place: once is enough. */
  #isTold(problem: Problem): boolean {
    if (problem.code !== givenCode) return false;
    const { start } = this.#rangeOf(problem);
    return this.#api.languages
      .getDiagnostics(this.#api.Uri.file(problem.file))
      .some(
        ({ code, range }) =>
          typeof code === 'object' &&
          code.value === variableRule &&
          range.start.line === start.line &&
          range.start.character === start.character,
      );
  }

  #publish(): void {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    this.#shown = new Set(this.#hosts.all.flatMap(ownProblems).filter((problem) => !this.#isTold(problem)));
    for (const problem of this.#shown) {
      byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), this.#diagnostic(problem)]);
    }
    this.#collection.clear();
    for (const [file, diagnostics] of byFile) this.#collection.set(this.#api.Uri.file(file), diagnostics);
  }

  #diagnostic(problem: Problem): vscode.Diagnostic {
    const { Diagnostic, DiagnosticSeverity } = this.#api;
    const severities = {
      error: DiagnosticSeverity.Error,
      warning: DiagnosticSeverity.Warning,
      info: DiagnosticSeverity.Information,
    };
    const diagnostic = new Diagnostic(
      this.#rangeOf(problem),
      localized(problem),
      severities[problem.severity],
    );
    diagnostic.source = source;
    diagnostic.code = problem.code;
    return diagnostic;
  }

  #rangeOf(problem: Problem): vscode.Range {
    const line = Math.max(0, (problem.line ?? 1) - 1);
    const column = Math.max(0, (problem.column ?? 1) - 1);
    const endLine = problem.endLine === undefined ? line : problem.endLine - 1;
    const endColumn = problem.endColumn === undefined ? column : problem.endColumn - 1;
    return new this.#api.Range(line, column, endLine, endColumn);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
