import { DiagnosticSeverity, type Diagnostic, type Range } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Problem } from '../../../runtime/model/project.ts';
import type { FileLookup } from '../../../runtime/support/fileLookup.ts';
import type { HandlerFinder } from './handlers.ts';
import { toUri } from './paths.ts';
import type { FolderState } from './workspace.ts';
import { localized } from '../../../runtime/model/errors.ts';

/** What a diagnostic carries to its quick fix: the text that would be right. */
export interface DiagnosticData {
  replacement: string;
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** Diagnostics of one workspace folder by path; every project file has an entry, so that solved ones disappear. */
export function folderDiagnostics(
  state: FolderState,
  finder: HandlerFinder,
  files: FileLookup,
): Map<string, Diagnostic[]> {
  const all = [...state.files, ...state.included];
  const byFile = new Map<string, Diagnostic[]>(all.map((file) => [file, []]));
  const documents = new Map(all.map((file) => [file, documentOf(file, files)]));
  const add = (file: string, diagnostic: Diagnostic): void => {
    const known = byFile.get(file) ?? [];
    // Functions that share a setting share its problem.
    const twice = known.some(
      (each) => each.message === diagnostic.message && sameRange(each.range, diagnostic.range),
    );
    if (!twice) byFile.set(file, [...known, diagnostic]);
  };
  for (const problem of state.problems) {
    // What stands in code, `.env` or included files is the runtime host's to tell.
    const document = state.files.includes(problem.file) ? documents.get(problem.file) : undefined;
    if (document) add(problem.file, fromProblem(problem, document));
  }
  for (const each of state.functions) {
    const document = each.handlerAt && documents.get(each.handlerAt.file);
    const answer = document ? finder.find(each, state.root) : undefined;
    if (!document || answer?.kind !== 'missing') continue;
    const { start, end } = each.handlerAt!.range;
    const data: DiagnosticData | undefined = answer.replacement
      ? { replacement: answer.replacement }
      : undefined;
    add(each.handlerAt!.file, {
      range: { start: document.positionAt(start), end: document.positionAt(end) },
      severity: DiagnosticSeverity.Error,
      source: 'porchlight',
      code: answer.code,
      message: localized(answer),
      ...(data ? { data } : {}),
    });
  }
  return byFile;
}

/** A text as a document, for positions in it; line ends stay as they are. */
export function documentOf(file: string, files: FileLookup): TextDocument {
  return TextDocument.create(toUri(file), 'yaml', 0, files.readText(file) ?? '');
}

function fromProblem(problem: Problem, document: TextDocument): Diagnostic {
  return {
    range: rangeOf(problem, document),
    severity: severities[problem.severity],
    source: 'porchlight',
    code: problem.code,
    message: localized(problem),
  };
}

/** A problem without an end reaches to the end of its line; one without a place is about the file, at its start. */
function rangeOf({ line = 1, column = 1, endLine, endColumn }: Problem, document: TextDocument): Range {
  const start = { line: line - 1, character: column - 1 };
  if (endLine !== undefined && endColumn !== undefined) {
    return { start, end: { line: endLine - 1, character: endColumn - 1 } };
  }
  const rest = document.getText({ start, end: { line, character: 0 } }).trimEnd();
  return { start, end: { line: start.line, character: start.character + rest.length } };
}

function sameRange(a: Range, b: Range): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
