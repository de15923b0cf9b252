import type ts from 'typescript';
import { callbackFacts } from './facts.ts';
import type { Finding, Rule, RuleContext } from './rule.ts';
import { parameterOf, mentions } from './syntax/callback.ts';
import { isInHandler } from './syntax/handlerCode.ts';
import type { FunctionNode, ModuleCode } from './syntax/moduleCode.ts';
import { asyncForEach, awaits, isListener, returnsPromise } from './syntax/promises.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** Work that an async handler begins and does not wait for: it is stopped with the answer, or goes on in a later call. */
export const notAwaited: Rule = {
  id: 'not-awaited',
  check(context) {
    const { code, handler, facts } = context;
    const { root } = handler;
    // Handlers that answer by a callback do so when their work is done.
    const answersLater = callbackFacts(facts).required || facts.answersByResponse;
    if (!root || answersLater || !code.isAsync(root)) return [];
    const answer = parameterOf(code, handler, 2);
    const found: Finding[] = [];
    for (const node of code.bindings.ofKind<ts.ExpressionStatement>(code.ts.SyntaxKind.ExpressionStatement)) {
      if (!isInHandler(code, handler, node) || (answer && mentions(code, node, answer))) continue;
      const around = code.functionAround(node);
      if (!code.isFunction(around) || !isWaitedFor(code, around, root)) continue;
      const callback = asyncForEach(code, node.expression);
      if (callback && awaits(code, callback)) found.push(forEachFinding(code, node.expression));
      else if (!callback && returnsPromise(code, node.expression)) found.push(finding(context, node, around));
    }
    return found;
  },
};

/** A function whose end somebody waits for: the handler, and async functions; what others begin may be meant to last. */
function isWaitedFor(code: ModuleCode, around: FunctionNode, root: FunctionNode): boolean {
  return around === root || (code.isAsync(around) && !isListener(code, around));
}

function finding(context: RuleContext, statement: ts.ExpressionStatement, around: FunctionNode): Finding {
  const { code } = context;
  const { expression } = statement;
  const start = code.start(expression);
  const fix = {
    title: l10n.t('Wait for it with await'),
    edits: [{ start, end: start, text: 'await ' }],
  };
  return {
    start,
    end: endOfFirstLine(code, start, calledEnd(code, expression)),
    message: l10n.t(
      'Nothing waits for this: when the handler answers first, the rest of it is frozen with the instance, or never happens. Add await, or return it.',
    ),
    ...(code.isAsync(around) && !beginsWithBracket(code, statement) ? { fix } : {}),
  };
}

/** Behind a line without a semicolon `await (…)` would still be a statement of its own, but `[…]` would not. */
function beginsWithBracket(code: ModuleCode, statement: ts.Statement): boolean {
  return /^[[(`]/.test(code.textOf(statement));
}

function forEachFinding(code: ModuleCode, expression: ts.Expression): Finding {
  const start = code.start(expression);
  return {
    start,
    end: endOfFirstLine(code, start, calledEnd(code, expression)),
    message: l10n.t(
      'Nothing waits for these async functions: the handler goes on, and answers, before they are done. Use `for … of` with await, or `await Promise.all(list.map(…))`.',
    ),
  };
}

/** What is called is marked, not what it is given, which may have findings of its own. */
function calledEnd({ ts }: ModuleCode, expression: ts.Expression): number {
  return ts.isCallExpression(expression) ? expression.expression.end : expression.end;
}

function endOfFirstLine(code: ModuleCode, start: number, end: number): number {
  const line = code.text.indexOf('\n', start);
  return line < 0 ? end : Math.min(end, line);
}
