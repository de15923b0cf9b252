import type ts from 'typescript';
import type { TextEdit } from '../rules/rule.ts';
import type { FunctionNode, ModuleCode } from '../rules/syntax/moduleCode.ts';
import type { EventType } from './eventTypes.ts';

/** The first parameter of a handler, when nothing says of which type it is. */
export function typedParameter(code: ModuleCode, root: FunctionNode): ts.ParameterDeclaration | undefined {
  const { ts } = code;
  const [event] = root.parameters;
  if (!event || event.type || event.dotDotDotToken || event.initializer) return undefined;
  // `const handler: Handler = (event) => …` has it from there.
  let { parent } = root as { parent: ts.Node };
  while (ts.isParenthesizedExpression(parent)) ({ parent } = parent);
  const isTyped = ts.isVariableDeclaration(parent) && parent.type !== undefined;
  if (isTyped || ts.isSatisfiesExpression(parent) || ts.isAsExpression(parent)) return undefined;
  return ts.getJSDocType(event) || ts.getJSDocType(root) || typedByComment(code, root) ? undefined : event;
}

/** `@type` above the statement that a function is assigned in. */
function typedByComment({ ts }: ModuleCode, root: FunctionNode): boolean {
  for (let at: ts.Node = root; at.parent && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isStatement(at) || ts.isBinaryExpression(at)) {
      if (ts.getJSDocTypeTag(at) || ts.getJSDocTags(at).some((tag) => ts.isJSDocParameterTag(tag)))
        return true;
      if (ts.isStatement(at)) return false;
    }
  }
  return false;
}

/** What gives a parameter its type: an annotation and an import in TypeScript, a comment in JavaScript. */
export function typeEdits(
  code: ModuleCode,
  root: FunctionNode,
  parameter: ts.ParameterDeclaration,
  type: EventType,
): TextEdit[] {
  return isTypeScript(code) ? annotation(code, root, parameter, type) : comment(code, root, parameter, type);
}

function annotation(
  code: ModuleCode,
  root: FunctionNode,
  parameter: ts.ParameterDeclaration,
  type: EventType,
): TextEdit[] {
  const { ts } = code;
  const { name } = type;
  const end = parameter.questionToken?.end ?? parameter.name.end;
  const edits: TextEdit[] = [{ start: end, end, text: `: ${name}` }];
  const isBare = ts.isArrowFunction(root) && !code.text.slice(root.pos, code.start(parameter)).includes('(');
  if (isBare) {
    const start = code.start(parameter);
    edits[0] = { start, end: parameter.end, text: `(${code.textOf(parameter)}: ${name})` };
  }
  return [...importEdit(code, type), ...edits];
}

function importEdit(code: ModuleCode, { name, module }: EventType): TextEdit[] {
  const imported = /^\w+/.exec(name)?.[0] ?? name;
  if (module === undefined || isImported(code, imported)) return [];
  const at = importPlace(code);
  return [{ start: at, end: at, text: `import type { ${imported} } from '${module}';\n` }];
}

/** What gives a variable its type, above or behind its name. */
export function variableEdits(
  code: ModuleCode,
  declaration: ts.VariableDeclaration,
  type: EventType,
): TextEdit[] {
  const { end } = declaration.name;
  if (isTypeScript(code)) return [...importEdit(code, type), { start: end, end, text: `: ${type.name}` }];
  const start = code.start(declaration.parent.parent);
  const lineStart = code.text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^[ \t]*/.exec(code.text.slice(lineStart, start))?.[0] ?? '';
  return [{ start, end: start, text: `/** @type {${inComment(type)}} */\n${indent}` }];
}

const isTypeScript = ({ file }: ModuleCode): boolean => /\.(?:[cm]?ts|tsx)$/.test(file);

const inComment = ({ name, module }: EventType): string =>
  module === undefined ? name : `import('${module}').${name}`;

/** Beside the other imports; else before the first statement that is no directive (`'use strict'`). */
function importPlace(code: ModuleCode): number {
  const { ts } = code;
  const { statements } = code.source;
  const last = statements.findLast((each) => ts.isImportDeclaration(each));
  const isDirective = (each: ts.Statement): boolean =>
    ts.isExpressionStatement(each) && ts.isStringLiteral(each.expression);
  const before = last ?? statements.findLast((each, i) => isDirective(each) && i === 0);
  if (!before) return statements[0] ? code.start(statements[0]) : code.text.length;
  const newline = code.text.indexOf('\n', before.end);
  return newline < 0 ? code.start(before) : newline + 1;
}

function isImported(code: ModuleCode, name: string): boolean {
  return [...code.bindings.all].some((binding) => binding.name === name && binding.kind === 'import');
}

/** A new comment above the statement, or a line in the one that is there. */
function comment(
  code: ModuleCode,
  root: FunctionNode,
  parameter: ts.ParameterDeclaration,
  type: EventType,
): TextEdit[] {
  const { ts } = code;
  const parameterName = ts.isIdentifier(parameter.name) ? parameter.name.text : 'event';
  const tag = `@param {${inComment(type)}} ${parameterName}`;
  let statement: ts.Node = root;
  while (!ts.isStatement(statement) && !ts.isSourceFile(statement.parent)) statement = statement.parent;
  const start = code.start(statement);
  const lineStart = code.text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^[ \t]*/.exec(code.text.slice(lineStart, start))?.[0] ?? '';
  const ranges = ts.getLeadingCommentRanges(code.text, statement.pos) ?? [];
  const last = ranges.at(-1);
  const isDoc =
    last && code.text.startsWith('/**', last.pos) && code.text.slice(last.end, start).trim() === '';
  if (!isDoc) return [{ start, end: start, text: `/** ${tag} */\n${indent}` }];
  const written = code.text.slice(last.pos + 3, last.end - 2).trim();
  if (!code.text.slice(last.pos, last.end).includes('\n')) {
    const text = [`/**`, ...(written ? [` * ${written}`] : []), ` * ${tag}`, ` */`].join(`\n${indent}`);
    return [{ start: last.pos, end: last.end, text }];
  }
  const end = code.text.lastIndexOf('\n', last.end - 1) + 1;
  return [{ start: end, end, text: `${indent} * ${tag}\n` }];
}
