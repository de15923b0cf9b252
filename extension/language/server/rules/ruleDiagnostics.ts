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
import { l10n } from '../../../../runtime/support/l10n.ts';

/** What a diagnostic of a rule carries to its quick fixes. */
export interface RuleData {
  rule: RuleId;
  fix?: Fix;
  variable?: string;
}

/** What the editor's settings and the extension say about rules. */
export interface RuleOptions {
  levels: Readonly<Record<RuleId, RuleLevel>>;
  /** Address of the folder with the pages that explain rules. */
  pages?: string | undefined;
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
  const functions = (handlersOf(state, finder).get(file) ?? []).map(({ each, place }): HandledFunction => {
    const { definition } = each;
    const facts = factsOf(each, {
      ...environmentOf(each, state.root, file, files),
      runsInPlace: scriptExtensions.includes(extname(file)) && definition.build === undefined,
      importCosts: options.importCosts?.(definition.name) ?? new Map(),
    });
    return { facts, place };
  });
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
    ...(options.pages && { codeDescription: { href: `${options.pages}/${l10n.t('{0}.md', finding.rule)}` } }),
    message: finding.message,
    data: dataOf(finding),
  }));
}

function dataOf({ rule, fix, variable }: RuleFinding): RuleData {
  return { rule, ...(fix && { fix }), ...(variable !== undefined && { variable }) };
}

/** Functions whose handler a file declares, and where. */
type Handlers = ReadonlyMap<string, readonly { each: KnownFunction; place: HandledFunction['place'] }[]>;

/** A state is made anew with every change in its folder: handlers are looked up once for all its open files. */
const known = new WeakMap<FolderState, Handlers>();

function handlersOf(state: FolderState, finder: HandlerFinder): Handlers {
  const before = known.get(state);
  if (before) return before;
  const handlers = new Map<string, { each: KnownFunction; place: HandledFunction['place'] }[]>();
  for (const each of state.functions) {
    const answer = finder.find(each, state.root);
    if (answer.kind !== 'found') continue;
    handlers.set(answer.file, [...(handlers.get(answer.file) ?? []), { each, place: answer.place }]);
  }
  known.set(state, handlers);
  return handlers;
}
