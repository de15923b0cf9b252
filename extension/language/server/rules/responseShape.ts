import type ts from 'typescript';
import type { HttpTrigger } from '../../../../runtime/model/functionDefinition.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { parameterOf } from './syntax/callback.ts';
import { constantNumber } from './syntax/constants.ts';
import { returned, type FunctionNode, type ModuleCode } from './syntax/moduleCode.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** An answer in the code that the platform's HTTP trigger refuses, or takes for something else. */
export const responseShape: Rule = {
  id: 'response-shape',
  check(context) {
    const { code, handler, facts } = context;
    const shape = shapeOf(context);
    if (!handler.root || !shape || handler.wrapped || handler.streams || facts.answersByResponse) return [];
    return results(context, handler.root).flatMap((result) => problemsOf(code, result, shape, 0));
  },
};

type Shape = 'rest-api' | 'http-api' | 'function-url' | 'fc3';

/** The one form of answers; undefined when the function is called in other ways as well. */
function shapeOf({ facts }: RuleContext): Shape | undefined {
  const [first] = facts.triggers;
  if (first?.kind !== 'http') return undefined;
  const same = facts.triggers.every((each) => each.kind === 'http' && each.shape === first.shape);
  const known: HttpTrigger['shape'][] = ['rest-api', 'http-api', 'function-url', 'fc3'];
  return same && known.includes(first.shape) ? (first.shape as Shape) : undefined;
}

/** What the handler answers with: what it returns, or hands to its callback. */
function results({ code, handler }: RuleContext, root: FunctionNode): ts.Expression[] {
  const { ts } = code;
  const found: ts.Expression[] = code.isAsync(root) ? returned(code, root) : [];
  const callback = parameterOf(code, handler, 2);
  for (const reference of callback?.references ?? []) {
    const call = reference.parent;
    if (!ts.isCallExpression(call) || call.expression !== reference) continue;
    const [error, result] = call.arguments;
    if (error?.kind === ts.SyntaxKind.NullKeyword && result) found.push(result);
  }
  return found;
}

function problemsOf(code: ModuleCode, expression: ts.Expression, shape: Shape, depth: number): Finding[] {
  const { ts } = code;
  const node = code.bare(expression);
  if (ts.isConditionalExpression(node))
    return [node.whenTrue, node.whenFalse].flatMap((each) => problemsOf(code, each, shape, depth));
  if (ts.isAwaitExpression(node)) return problemsOf(code, node.expression, shape, depth);
  if (ts.isCallExpression(node)) {
    const helper = depth === 0 ? code.calledFunction(node) : undefined;
    const answers = helper && !code.isGenerator(helper) ? returned(code, helper) : [];
    return answers.flatMap((each) => (isAnswer(code, each) ? problemsOf(code, each, shape, 1) : []));
  }
  if (ts.isObjectLiteralExpression(node)) return objectProblems(code, node, shape);
  const isOther =
    ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || ts.isArrayLiteralExpression(node);
  if (shape !== 'rest-api' || !isOther) return [];
  return [problem(code, node, 'a REST API wants an object with statusCode and body: the caller gets 502')];
}

function isAnswer(code: ModuleCode, expression: ts.Expression): boolean {
  const { ts } = code;
  const node = code.bare(expression);
  return (
    ts.isObjectLiteralExpression(node) &&
    node.properties.some((each) => each.name && ts.isIdentifier(each.name) && each.name.text === 'statusCode')
  );
}

function objectProblems(code: ModuleCode, node: ts.ObjectLiteralExpression, shape: Shape): Finding[] {
  const { ts } = code;
  const values = new Map<string, ts.Expression | undefined>();
  for (const property of node.properties) {
    // Spreads and computed names may hold anything.
    if (!property.name || ts.isComputedPropertyName(property.name)) return [];
    const value = ts.isPropertyAssignment(property) ? property.initializer : undefined;
    values.set(code.textOf(property.name).replace(/^['"]|['"]$/g, ''), value);
  }
  return [
    ...statusProblems(code, node, values, shape),
    ...(shape === 'rest-api' ? restProblems(code, values) : []),
  ];
}

function statusProblems(
  code: ModuleCode,
  node: ts.Node,
  values: ReadonlyMap<string, ts.Expression | undefined>,
  shape: Shape,
): Finding[] {
  const { ts } = code;
  const meant = values.has('body') && (values.has('headers') || values.has('isBase64Encoded'));
  if (!values.has('statusCode')) {
    if (shape === 'rest-api' || !meant) return [];
    const end = code.start(node) + 1;
    const message = l10n.t(
      'Without statusCode all of this is sent as the body, headers included. Add statusCode.',
    );
    return [{ start: end - 1, end, message }];
  }
  const status = values.get('statusCode');
  if (!status) return [];
  const bare = code.bare(status);
  const number = constantNumber(code, bare);
  const isText = ts.isStringLiteralLike(bare);
  const valid = isText
    ? /^[2-9]\d\d$/.test(bare.text)
    : number === undefined || (number >= 200 && number <= 999);
  if (valid) return [];
  return [
    problem(
      code,
      status,
      l10n.t("{0} is no status: the caller gets an error of the gateway's.", code.textOf(status)),
    ),
  ];
}

/** A REST API takes text for a body, and one text for each header (developer guide "Lambda proxy integration"). */
function restProblems(code: ModuleCode, values: ReadonlyMap<string, ts.Expression | undefined>): Finding[] {
  const { ts } = code;
  const found: Finding[] = [];
  const body = values.get('body');
  const content = body && code.bare(body);
  if (content && isStructure(code, content)) {
    const fix: Fix = {
      title: l10n.t('Make the body text by JSON.stringify'),
      edits: [
        { start: code.start(body), end: code.start(body), text: 'JSON.stringify(' },
        { start: body.end, end: body.end, text: ')' },
      ],
    };
    found.push({ ...problem(code, body, l10n.t('The body has to be text: the caller gets 502.')), fix });
  }
  const headers = values.get('headers');
  if (headers && ts.isObjectLiteralExpression(headers)) {
    for (const header of headers.properties) {
      if (!ts.isPropertyAssignment(header) || !ts.isArrayLiteralExpression(header.initializer)) continue;
      const message = l10n.t('A header of `headers` has one value: lists belong into `multiValueHeaders`.');
      found.push(problem(code, header.initializer, message));
    }
  }
  return found;
}

function isStructure({ ts }: ModuleCode, node: ts.Expression): boolean {
  return ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node);
}

function problem(code: ModuleCode, node: ts.Node, message: string): Finding {
  return { start: code.start(node), end: node.end, message };
}
