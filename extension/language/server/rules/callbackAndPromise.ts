import type ts from 'typescript';
import { callbackFacts } from './facts.ts';
import type { Finding, Fix, Rule, RuleContext, TextEdit } from './rule.ts';
import type { Binding } from './syntax/bindings.ts';
import { parameterOf } from './syntax/callback.ts';

/** A handler that answers by its promise and by a callback: whichever comes first counts, the other is lost. */
export const callbackAndPromise: Rule = {
  id: 'callback-and-promise',
  check(context) {
    const { code, handler, facts } = context;
    const { root } = handler;
    const { allowed, required } = callbackFacts(facts);
    const known =
      facts.platform === 'aws-lambda' || (facts.platform === 'aliyun-fc' && !facts.answersByResponse);
    if (!known || required || !root || handler.wrapped || handler.streams || !code.isAsync(root)) return [];
    const callback = parameterOf(code, handler, 2);
    const call = callback?.references.find(
      (each) => code.ts.isCallExpression(each.parent) && each.parent.expression === each,
    );
    if (!callback || !call) return [];
    const fix = toReturns(context, callback);
    const refused = `Node.js ${facts.runtimeVersion} of Lambda refuses handlers with a callback`;
    return [
      {
        start: code.start(call),
        end: call.end,
        message: allowed
          ? `This handler is async and calls ${callback.name} as well: the first of the two answers, ` +
            'and what the other says is lost. Return the result, and throw errors.'
          : `${refused}: ${facts.name} does not start. Return the result, and throw errors.`,
        ...(fix ? { fix } : {}),
      },
    ] satisfies Finding[];
  },
};

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
  return { title: 'Return the result, without the callback', edits };
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
