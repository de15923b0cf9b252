import type ts from 'typescript';
import { callbackFacts } from './facts.ts';
import type { Finding, Rule, RuleContext } from './rule.ts';
import type { Binding } from './syntax/bindings.ts';
import { mentions, parameterOf } from './syntax/callback.ts';
import type { FunctionNode } from './syntax/moduleCode.ts';
import { SilentPaths } from './syntax/paths.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** A handler with a callback, or a response, that some paths through it never use. */
export const neverAnswers: Rule = {
  id: 'never-answers',
  check(context) {
    const { code, handler, facts } = context;
    const { root } = handler;
    if (!root || handler.wrapped || handler.streams || code.isGenerator(root) || !code.isWhole) return [];
    const how = facts.answersByResponse
      ? responseWay(context)
      : callbackFacts(facts).allowed && !code.isAsync(root)
        ? callbackWay(context)
        : undefined;
    if (!how) return [];
    const found = silentEnds(context, root, how);
    code.visit(root.body ?? root, (node) => {
      if (code.isFunction(node)) found.push(...silentErrors(context, node, how));
    });
    return found;
  },
};

/** What a handler answers with. */
interface Way {
  name: string;
  /** Whether a piece of code may answer, at once or later. */
  answers(node: ts.Node): boolean;
}

function callbackWay({ code, handler }: RuleContext): Way | undefined {
  const callback = parameterOf(code, handler, 2);
  const context = parameterOf(code, handler, 1);
  if (!callback || callback.references.length === 0) return undefined;
  const ways = [callback, ...(context ? endings(code, context) : [])];
  const helpers = helpersOf(code, callback);
  return {
    name: `${callback.name}()`,
    answers: (node) =>
      ways.some((way) => mentions(code, node, way)) || helpers.some((helper) => mentions(code, node, helper)),
  };
}

/** `context.done`, `succeed` and `fail` answer as well; a context that is handed on may. */
function endings({ ts }: RuleContext['code'], context: Binding): Binding[] {
  const references = context.references.filter(
    ({ parent }) =>
      !ts.isPropertyAccessExpression(parent) || /^(?:done|succeed|fail)$/.test(parent.name.text),
  );
  return [{ ...context, references }];
}

function responseWay({ code, handler }: RuleContext): Way | undefined {
  const { ts } = code;
  const response = parameterOf(code, handler, 1);
  const sends = response?.references.filter(
    ({ parent }) => !ts.isPropertyAccessExpression(parent) || /^(?:send|end)$/.test(parent.name.text),
  );
  if (!response || !sends || sends.length === 0) return undefined;
  const sending = { ...response, references: sends };
  const helpers = helpersOf(code, sending);
  return {
    name: `${response.name}.send()`,
    answers: (node) => [sending, ...helpers].some((each) => mentions(code, node, each)),
  };
}

/** Names of functions within the handler that answer. */
function helpersOf(code: RuleContext['code'], answer: Binding): Binding[] {
  return [...code.bindings.all].filter((each) => {
    const { declaration } = each;
    const value = code.ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
    return (
      each !== answer && value !== undefined && each.owner !== code.source && mentions(code, value, answer)
    );
  });
}

function silentEnds(context: RuleContext, root: FunctionNode, way: Way): Finding[] {
  const { code } = context;
  const { body } = root;
  if (!body || !code.ts.isBlock(body)) return [];
  const silent = new SilentPaths(code, (node) => way.answers(node)).of(body);
  return silent.map((end) => finding(context, end, root, way));
}

/** `(error, data) => { if (error) return; callback(null, data); }`: the error is answered by nobody. */
function silentErrors(context: RuleContext, node: FunctionNode, way: Way): Finding[] {
  const { code } = context;
  const { ts } = code;
  const [error, ...more] = node.parameters;
  const isContinuation =
    ts.isCallExpression(node.parent) &&
    node.parent.arguments.at(-1) === node &&
    error !== undefined &&
    // Alone, as in `connection.connect((err) => …)`, an `e` is as well the event of a listener.
    (more.length > 0 ? /^(?:e|err|error)$/i : /^err(?:or)?$/i).test(code.textOf(error.name));
  if (!isContinuation || !node.body || !ts.isBlock(node.body) || code.isAsync(node)) return [];
  const [first] = node.body.statements;
  if (!first || !ts.isIfStatement(first) || code.textOf(first.expression) !== code.textOf(error.name))
    return [];
  const rest = node.body.statements.slice(1);
  const others = [...rest, ...(first.elseStatement ? [first.elseStatement] : [])];
  if (!others.some((each) => way.answers(each))) return [];
  const paths = new SilentPaths(code, (each) => way.answers(each));
  const silent = paths
    .of(node.body)
    .filter((end) => end.pos >= first.thenStatement.pos && end.end <= first.thenStatement.end);
  const hasElse = first.elseStatement !== undefined && rest.length === 0;
  if (silent.length === 0 && hasElse && !mayLeave(code, first.thenStatement, way)) return [];
  if (silent.length === 0 && !hasElse) return [];
  return [finding(context, silent[0] ?? first.expression, node, way)];
}

/** Whether a branch runs to its end without an answer. */
function mayLeave(code: RuleContext['code'], statement: ts.Statement, way: Way): boolean {
  const { ts } = code;
  if (!ts.isBlock(statement)) return !way.answers(statement) && !ts.isThrowStatement(statement);
  return new SilentPaths(code, (each) => way.answers(each)).of(statement).includes(statement);
}

function finding({ code, facts }: RuleContext, end: ts.Node, around: FunctionNode, way: Way): Finding {
  const { ts } = code;
  const isEnd = end === around.body;
  const place = isEnd ? { start: end.end - 1, end: end.end } : { start: code.start(end), end: end.end };
  const consequence =
    facts.platform === 'aws-lambda'
      ? l10n.t('Lambda answers null when nothing is left to do')
      : l10n.t('the caller waits until {0} is ended by its time-out', facts.name);
  const values = { way: way.name, consequence };
  return {
    ...place,
    message: ts.isReturnStatement(end)
      ? l10n.t('The handler returns without {way} here: {consequence}. Answer on every path.', values)
      : isEnd
        ? l10n.t('The handler can end without {way} here: {consequence}. Answer on every path.', values)
        : l10n.t(
            'The handler handles this error without {way} here: {consequence}. Answer on every path.',
            values,
          ),
  };
}
