import { extname } from 'node:path';
import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver/node';
import { scriptExtensions } from '../../../../runtime/model/handlerModule.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import { documentOf } from '../diagnostics.ts';
import type { HandlerFinder } from '../handlers.ts';
import type { FolderState, KnownFunction } from '../workspace.ts';
import { checkFile, type HandledFunction, type RuleFinding } from './checkFile.ts';
import { environmentOf } from './environment.ts';
import { factsOf } from './facts.ts';
import type { Fix } from './rule.ts';
import type { RuleId, RuleLevel } from './ruleIds.ts';

/** What a diagnostic of a rule carries to its quick fixes. */
export interface RuleData {
  rule: RuleId;
  fix?: Fix;
  variable?: string;
}

/** What the editor's settings and the extension say about rules. */
export interface RuleOptions {
  levels: Readonly<Record<RuleId, RuleLevel>>;
  /** Address of the page that explains a rule; `{0}` stands for its id. */
  explanation?: string;
  /** What cold starts of a function spend on packages, in milliseconds, as far as it was measured. */
  importCosts?: (functionName: string) => ReadonlyMap<string, number>;
}

const checked = /\.(?:[cm]?[jt]s|[jt]sx|py)$/;

/** Diagnostics of the rules for one file with handlers. */
export function ruleDiagnostics(
  state: FolderState,
  file: string,
  finder: HandlerFinder,
  files: FileLookup,
  options: RuleOptions,
): Diagnostic[] {
  const text = checked.test(file) ? files.readText(file) : undefined;
  if (text === undefined) return [];
  const functions = state.functions.flatMap((each) => handled(state, each, file, finder, files, options));
  const found = checkFile(file, text, functions, options.levels);
  const document = found.length > 0 ? documentOf(file, files) : undefined;
  return found.map((finding): Diagnostic => ({
    range: { start: document!.positionAt(finding.start), end: document!.positionAt(finding.end) },
    severity:
      options.levels[finding.rule] === 'hint' && !finding.fails
        ? DiagnosticSeverity.Information
        : DiagnosticSeverity.Warning,
    source: 'porchlight',
    code: finding.rule,
    ...(options.explanation && {
      codeDescription: { href: options.explanation.replace('{0}', finding.rule) },
    }),
    message: finding.message,
    data: dataOf(finding),
  }));
}

function dataOf({ rule, fix, variable }: RuleFinding): RuleData {
  return { rule, ...(fix && { fix }), ...(variable !== undefined && { variable }) };
}

/** A function, when this file declares its handler. */
function handled(
  { root }: FolderState,
  each: KnownFunction,
  file: string,
  finder: HandlerFinder,
  files: FileLookup,
  { importCosts }: RuleOptions,
): HandledFunction[] {
  const answer = finder.find(each, root);
  if (answer.kind !== 'found' || answer.file !== file) return [];
  const { definition } = each;
  const facts = factsOf(each, {
    ...environmentOf(each, root, file, files),
    runsInPlace: scriptExtensions.includes(extname(file)) && definition.build === undefined,
    importCosts: importCosts?.(definition.name) ?? new Map(),
  });
  return [{ facts, place: answer.place }];
}
