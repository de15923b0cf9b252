import type ts from 'typescript';
import type { Finding, Rule, RuleContext } from './rule.ts';
import type { Binding } from './syntax/bindings.ts';
import { branchesAround } from './syntax/branches.ts';
import type { ModuleCode } from './syntax/moduleCode.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** Packages that take long to load on every machine; others are told of when a profile has measured them. */
const heavy =
  /^(?:aws-sdk|puppeteer|puppeteer-core|playwright|playwright-core|googleapis|firebase-admin|typescript|exceljs|xlsx|pdfkit|jsdom|canvas|sharp|natural|mathjs|@tensorflow\/tfjs(?:-node)?|chart\.js|webpack|@babel\/core|pdfmake|docx)$/;

/** Less than this is not worth a change of the code, in milliseconds. */
const worthMs = 30;

/** A package that is loaded at every cold start and used on one way through the handler only. */
export const lazyImport: Rule = {
  id: 'lazy-import',
  check(context) {
    const { code, handler } = context;
    if (!handler.root || code.functionAround(handler.root) !== code.source) return [];
    const byModule = new Map<string, Binding[]>();
    for (const binding of code.bindings.all) {
      const module = code.importOfBinding(binding)?.module;
      if (module !== undefined) byModule.set(module, [...(byModule.get(module) ?? []), binding]);
    }
    return [...byModule].flatMap(([module, bindings]) => {
      const cost = costOf(context, module);
      if (cost === undefined || !isOnOneBranch(context, bindings)) return [];
      return [finding(context, module, bindings[0]!, cost)];
    });
  },
};

/** What a package costs, in milliseconds; 0 when that is not measured; undefined when it is not worth a word. */
function costOf({ facts }: RuleContext, module: string): number | undefined {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module;
  const measured = facts.importCosts.get(name);
  if (measured !== undefined) return measured >= worthMs ? measured : undefined;
  return heavy.test(module) ? 0 : undefined;
}

/** Whether all that uses these names runs on one branch of the handler, and nothing at module level does. */
function isOnOneBranch(context: RuleContext, bindings: Binding[]): boolean {
  const uses = bindings.flatMap(({ references }) => references);
  if (uses.length === 0) return false;
  const parts = uses.map((use) => partOf(context, use, 0));
  const [first] = parts;
  return first !== undefined && parts.every((part) => part === first);
}

/** The outermost branch of the handler that a use belongs to; undefined when it may run at every invocation. */
function partOf(context: RuleContext, use: ts.Node, depth: number): ts.Node | undefined {
  const { code, handler } = context;
  const around = code.functionAround(use);
  if (around === handler.root) return branchesAround(code, use).at(-1)?.part;
  if (!code.isFunction(around) || depth > 8) return undefined;
  // A function within the handler belongs to where it stands, one of the module to where it is called.
  if (isWithin(around, handler.root!)) return partOf(context, around, depth + 1);
  const binding = code.nameOf(around);
  const calls = binding?.references ?? [];
  const [first, ...more] = calls.map((call) =>
    isExported(code, call) ? undefined : partOf(context, call, depth + 1),
  );
  return calls.length > 0 && more.every((part) => part === first) ? first : undefined;
}

function isExported({ ts }: ModuleCode, node: ts.Node): boolean {
  return ts.isExportSpecifier(node.parent) || ts.isExportAssignment(node.parent);
}

function isWithin(node: ts.Node, around: ts.Node): boolean {
  return node.pos >= around.pos && node.end <= around.end;
}

function finding(
  { code, facts }: RuleContext,
  module: string,
  { declaration }: Binding,
  cost: number,
): Finding {
  const { ts } = code;
  let statement = declaration;
  while (!ts.isSourceFile(statement.parent)) statement = statement.parent;
  const measured =
    cost > 0
      ? l10n.t('{ms} ms of every cold start of {function}', { ms: Math.round(cost), function: facts.name })
      : l10n.t('much time of every cold start');
  return {
    start: code.start(statement),
    end: Math.min(statement.end, (code.text + '\n').indexOf('\n', code.start(statement))),
    message: l10n.t(
      "Loading {module} takes {measured}, and one branch of the handler uses it. Load it there: `await import('{module}')`, or `require('{module}')`.",
      { module, measured },
    ),
  };
}
