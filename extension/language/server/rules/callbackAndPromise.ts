import type ts from 'typescript';
import { callbackFacts } from './facts.ts';
import type { Finding, Fix, Rule, RuleContext, TextEdit } from './rule.ts';
import type { Binding } from './syntax/bindings.ts';
import { parameterOf } from './syntax/callback.ts';
import { returned, type ModuleCode } from './syntax/moduleCode.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** A handler that answers by its promise and by a callback: whichever comes first counts, the other is lost. */
export const callbackAndPromise: Rule = {
  id: 'callback-and-promise',
  check(context) {
    const { code, handler, facts } = context;
    const { root } = handler;
    const { required } = callbackFacts(facts);
    const known =
      facts.platform === 'aws-lambda' || (facts.platform === 'aliyun-fc' && !facts.answersByResponse);
    if (!known || required || !root || handler.wrapped || handler.streams || !code.isAsync(root)) return [];
    const callback = parameterOf(code, handler, 2);
    const call = callback?.references.find(
      (each) => code.ts.isCallExpression(each.parent) && each.parent.expression === each,
    );
    if (!callback || !call) return [];
    const fix = toReturns(context, callback);
    const { consequence, fails } = judge(context, callback);
    return [
      {
        start: code.start(call),
        end: call.end,
        message: l10n.t('{0} Return the result, and throw errors.', consequence),
        ...(fix ? { fix } : {}),
        ...(fails ? { fails } : {}),
      },
    ] satisfies Finding[];
  },
};

/** What comes of it: refused, lost, or no harm as long as nothing else answers. */
function judge(
  { code, handler, facts }: RuleContext,
  callback: Binding,
): { consequence: string; fails?: true } {
  const { ts } = code;
  const { name } = callback;
  if (!callbackFacts(facts).allowed) {
    const consequence = l10n.t(
      'Node.js {version} of Lambda refuses handlers with a callback: {function} does not start.',
      { version: facts.runtimeVersion ?? '', function: facts.name },
    );
    return { consequence, fails: true };
  }
  const late = callback.references.find((each) => isLate(code, each, handler.root!));
  if (late) {
    const consequence = l10n.t(
      'This async handler does not wait for {0}: its promise answers first, with nothing.',
      name,
    );
    return { consequence, fails: true };
  }
  const returns = returned(code, handler.root!).filter(
    (each) => !callback.references.some(({ pos, end }) => pos >= each.pos && end <= each.end),
  );
  const both = returns.some((each) => !ts.isIdentifier(each) || each.text !== 'undefined');
  const consequence = both
    ? l10n.t(
        'This async handler answers by {0} and by what it returns: the first counts, the other is lost.',
        name,
      )
    : l10n.t(
        'This handler is async and answers by {0} all the same: Node.js 24 of Lambda refuses that.',
        name,
      );
  return facts.platform === 'aliyun-fc' && !both
    ? {
        consequence: l10n.t(
          'This handler is async and answers by {0} as well: the first of the two counts.',
          name,
        ),
      }
    : { consequence, ...(both ? { fails: true } : {}) };
}

/** Called by a function within the handler that nothing waits for: its promise is done before. */
function isLate(code: ModuleCode, reference: ts.Node, root: ts.Node): boolean {
  const { ts } = code;
  if (code.functionAround(reference) === root) return false;
  for (let at = reference; at !== root; at = at.parent) {
    const isAwaited = ts.isAwaitExpression(at) || ts.isReturnStatement(at);
    if (isAwaited && code.functionAround(at) === root) return false;
    // A helper that is called later, perhaps with await, or what is kept in a variable.
    if (ts.isVariableDeclaration(at) || ts.isFunctionDeclaration(at)) return false;
  }
  return true;
}

/** Calls that end the handler become `return` and `throw`; undefined when one of them does not. */
function toReturns({ code, handler }: RuleContext, callback: Binding): Fix | undefined {
  const { ts } = code;
  const root = handler.root!;
  const edits: TextEdit[] = [];
  for (const reference of callback.references) {
    const call = reference.parent;
    if (!ts.isCallExpression(call) || call.expression !== reference) return undefined;
    if (code.functionAround(call) !== root) return undefined;
    const statement = call.parent;
    const ends =
      ts.isReturnStatement(statement) || (ts.isExpressionStatement(statement) && isLast(ts, statement, root));
    const [error, result, ...more] = call.arguments;
    if (!ends || more.length > 0 || !error) return undefined;
    const isNothing = error.kind === ts.SyntaxKind.NullKeyword || code.textOf(error) === 'undefined';
    // Within `try` an error that is thrown would be caught.
    if (!isNothing && (result || isCaught(ts, statement, root))) return undefined;
    const text = isNothing
      ? `return${result ? ` ${code.textOf(result)}` : ''};`
      : `throw ${code.textOf(error)};`;
    edits.push({ start: code.start(statement), end: statement.end, text });
  }
  const [, before, own] = root.parameters;
  if (!before || !own || root.parameters.length > 3) return undefined;
  edits.unshift({ start: before.end, end: own.end, text: '' });
  return { title: l10n.t('Return the result, without the callback'), edits };
}

type TypeScript = RuleContext['code']['ts'];

/** Whether nothing of a function runs after a statement. */
function isLast(ts: TypeScript, statement: ts.Statement, root: ts.Node): boolean {
  for (let at: ts.Node = statement; at !== root; at = at.parent) {
    const { parent } = at;
    if (ts.isBlock(parent)) {
      if (parent.statements.at(-1) !== at) return false;
    } else if (ts.isTryStatement(parent)) {
      if (parent.finallyBlock) return false;
    } else if (!ts.isIfStatement(parent) && !ts.isCatchClause(parent) && parent !== root) return false;
  }
  return true;
}

function isCaught(ts: TypeScript, statement: ts.Node, root: ts.Node): boolean {
  for (let at = statement; at !== root; at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at) return true;
  }
  return false;
}
