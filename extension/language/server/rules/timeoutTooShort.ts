import type ts from 'typescript';
import type { Finding, Rule } from './rule.ts';
import { constantNumber } from './syntax/constants.ts';
import { isInHandler } from './syntax/handlerCode.ts';
import type { FunctionNode, ModuleCode } from './syntax/moduleCode.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** A pause of known length that takes longer than the function has. */
export const timeoutTooShort: Rule = {
  id: 'timeout-too-short',
  check({ code, handler, facts }) {
    const found: Finding[] = [];
    for (const node of code.bindings.ofKind<ts.AwaitExpression>(code.ts.SyntaxKind.AwaitExpression)) {
      if (!isInHandler(code, handler, node)) continue;
      const pause = pauseOf(code, node.expression);
      if (pause === undefined || pause < facts.timeoutMs) continue;
      found.push({
        start: code.start(node),
        end: node.end,
        message: l10n.t(
          'This waits for {pause}, but {function} has {timeout} in all: it is ended first. Give it a longer time-out, or wait for less.',
          { pause: seconds(pause), function: facts.name, timeout: seconds(facts.timeoutMs) },
        ),
      });
    }
    return found;
  },
};

const seconds = (ms: number): string => `${ms / 1000} s`;

/** How long what is awaited takes at least, in milliseconds, when that is a constant. */
function pauseOf(code: ModuleCode, awaited: ts.Expression): number | undefined {
  const { ts } = code;
  const node = code.bare(awaited);
  if (ts.isNewExpression(node)) {
    const delay = delayOf(code, node);
    return delay && constantNumber(code, delay);
  }
  if (!ts.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  const imported = code.importedName(node.expression);
  if (imported?.module === 'timers/promises' && imported.name === 'setTimeout')
    return first && constantNumber(code, first);
  const helper = code.calledFunction(node);
  const delay = helper && promiseIn(code, helper);
  if (!delay) return undefined;
  const parameter = helper.parameters.findIndex(({ name }) => isNamed(code, delay, name));
  const given = node.arguments[parameter];
  return given ? constantNumber(code, given) : constantNumber(code, delay);
}

function isNamed({ ts }: ModuleCode, use: ts.Expression, name: ts.BindingName): boolean {
  return ts.isIdentifier(use) && ts.isIdentifier(name) && use.text === name.text;
}

/** The delay of a helper that does nothing but `return new Promise((resolve) => setTimeout(resolve, delay))`. */
function promiseIn(code: ModuleCode, { body }: FunctionNode): ts.Expression | undefined {
  const { ts } = code;
  if (!body) return undefined;
  const [only] = ts.isBlock(body) ? body.statements : [];
  if (ts.isBlock(body) && body.statements.length !== 1) return undefined;
  const value = ts.isBlock(body) ? (only && ts.isReturnStatement(only) ? only.expression : undefined) : body;
  const node = value && code.bare(value);
  return node && ts.isNewExpression(node) ? delayOf(code, node) : undefined;
}

/** The delay of `new Promise((resolve) => setTimeout(resolve, delay))`. */
function delayOf(code: ModuleCode, node: ts.NewExpression): ts.Expression | undefined {
  const { ts } = code;
  const [executor] = node.arguments ?? [];
  if (!ts.isIdentifier(node.expression) || node.expression.text !== 'Promise') return undefined;
  if (!code.isFunction(executor) || !executor.body) return undefined;
  const [resolve] = executor.parameters;
  const only = ts.isBlock(executor.body) ? executor.body.statements : undefined;
  const statement = only?.[0];
  if (only && (only.length !== 1 || !statement || !ts.isExpressionStatement(statement))) return undefined;
  const call = ts.isBlock(executor.body) ? (statement as ts.ExpressionStatement).expression : executor.body;
  if (!ts.isCallExpression(call) || code.textOf(call.expression) !== 'setTimeout') return undefined;
  const [called, delay] = call.arguments;
  if (!called || !delay || !resolve || !ts.isIdentifier(resolve.name)) return undefined;
  const settles = code.isFunction(called) || isNamed(code, called, resolve.name);
  return settles && code.textOf(called).includes(resolve.name.text) ? delay : undefined;
}
