import { DiagnosticSeverity, type Diagnostic, type Range } from 'vscode-languageserver/node';
import { localized, told } from '../../../../runtime/model/errors.ts';
import { findingsOf, type Finding } from './findings.ts';
import { rangeIn, type ProjectDocument } from './projectDocument.ts';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** What is told of a function as a whole, and does not say the same as something about one of its values. */
const besides: readonly unknown[] = [
  'LANGUAGE_LATER',
  'CODE_UNSUPPORTED',
  'VARIABLE_MISSING',
  'LANGUAGE_NOT_OFFERED',
];

/**
 * A project file's diagnostics with what its shape finds wrong. What its reader has told of a place stays as it is and gets
 * the quick fix; behind a syntax error nothing is said, as everything there is a guess.
 */
export function withFindings(
  project: ProjectDocument,
  told: readonly Diagnostic[],
  today: string,
): Diagnostic[] {
  const broken = told.filter(({ code }) => code === 'YAML_SYNTAX').map(({ range }) => range.start.line);
  const guessedFrom = Math.min(Infinity, ...broken);
  const all = [...told];
  for (const finding of findingsOf(project.file, project.view.root, today)) {
    const range = rangeIn(project, finding.range);
    if (range.end.line >= guessedFrom) continue;
    const same = all.findIndex((each) => !besides.includes(each.code) && overlaps(each.range, range));
    if (same < 0) all.push(fromFinding(finding, range));
    else if (finding.replacement !== undefined && isEqual(all[same]!.range, range))
      all[same] = withFix(all[same]!, finding.replacement);
  }
  return all;
}

function fromFinding({ severity, code, facts, replacement }: Finding, range: Range): Diagnostic {
  const diagnostic = {
    range,
    severity: severities[severity],
    source: 'porchlight',
    code,
    message: localized(told(code, facts)),
  };
  return replacement === undefined ? diagnostic : withFix(diagnostic, replacement);
}

function withFix(diagnostic: Diagnostic, replacement: string): Diagnostic {
  return diagnostic.data === undefined ? { ...diagnostic, data: { replacement } } : diagnostic;
}

function overlaps(a: Range, b: Range): boolean {
  if (a.start.line !== a.end.line) return isEqual(a, b);
  const isBefore = (first: Range, second: Range): boolean =>
    first.end.line < second.start.line ||
    (first.end.line === second.start.line && first.end.character <= second.start.character);
  return !isBefore(a, b) && !isBefore(b, a);
}

function isEqual(a: Range, b: Range): boolean {
  return (
    a.start.line === b.start.line &&
    a.start.character === b.start.character &&
    a.end.line === b.end.line &&
    a.end.character === b.end.character
  );
}
