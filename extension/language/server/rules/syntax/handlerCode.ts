import type ts from 'typescript';
import type { Binding } from './bindings.ts';
import type { FunctionNode, ModuleCode } from './moduleCode.ts';

/** The code of a file that runs at every invocation: the handler, and what it calls within the file. */
export interface HandlerCode {
  /** Undefined when the export is made by code that is not understood. */
  root: FunctionNode | undefined;
  /** It is handed to something else (`middy(handler)`): parameters and result may be changed on the way. */
  wrapped: boolean;
  /** It is handed to `awslambda.streamifyResponse`. */
  streams: boolean;
  /** `root` and the functions of the file that it reaches by calls. */
  functions: ReadonlySet<ts.Node>;
}

/** Finds the handler that an export leads to, by the place of its name in the file. */
export function handlerAt(code: ModuleCode, place: { start: number; end: number }): HandlerCode {
  const named = nodeAt(code, place);
  const found = named && functionFor(code, named);
  if (!found) return { root: undefined, wrapped: false, streams: false, functions: new Set() };
  return { ...found, functions: reached(code, found.root) };
}

/** The innermost node that covers a place. */
function nodeAt(code: ModuleCode, { start, end }: { start: number; end: number }): ts.Node | undefined {
  let found: ts.Node | undefined;
  code.visit(code.source, (node) => {
    if (node.pos > start || node.end < end) return false;
    if (code.start(node) <= start) found = node;
    return undefined;
  });
  return found;
}

type FoundHandler = Omit<HandlerCode, 'functions'> & { root: FunctionNode };

function functionFor(code: ModuleCode, named: ts.Node): FoundHandler | undefined {
  const { ts } = code;
  for (let node: ts.Node | undefined = named; node && !ts.isSourceFile(node); node = node.parent) {
    if (code.isFunction(node)) return { root: node, wrapped: false, streams: false };
    const value = valueOf(code, node);
    if (value) return functionOfValue(code, value, 0);
  }
  return undefined;
}

/** What a declaration or an assignment gives to its name. */
function valueOf({ ts }: ModuleCode, node: ts.Node): ts.Expression | undefined {
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) return node.initializer;
  if (ts.isExportAssignment(node)) return node.expression;
  const isAssignment = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssignment ? node.right : undefined;
}

function functionOfValue(code: ModuleCode, value: ts.Expression, depth: number): FoundHandler | undefined {
  const { ts } = code;
  const node = code.bare(value);
  if (depth > 8) return undefined;
  if (code.isFunction(node)) return { root: node, wrapped: false, streams: false };
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return functionOfValue(code, node.right, depth + 1);
  if (ts.isIdentifier(node)) {
    const binding = code.bindings.of(node);
    const { declaration } = binding ?? {};
    if (declaration && code.isFunction(declaration))
      return { root: declaration, wrapped: false, streams: false };
    const isVariable = declaration && ts.isVariableDeclaration(declaration);
    return isVariable && declaration.initializer
      ? functionOfValue(code, declaration.initializer, depth + 1)
      : undefined;
  }
  return ts.isCallExpression(node) ? wrappedFunction(code, node, depth) : undefined;
}

/** `wrap(options)(handler)`, `middy(handler).use(…)`: the one function that is handed over somewhere in it. */
function wrappedFunction(code: ModuleCode, call: ts.CallExpression, depth: number): FoundHandler | undefined {
  const { ts } = code;
  const found = call.arguments.flatMap((given) => functionOfValue(code, given, depth + 1) ?? []);
  if (found.length > 1) return undefined;
  const streams = /\bstreamifyResponse$/.test(code.textOf(call.expression));
  const [only] = found;
  if (only) return { ...only, wrapped: only.wrapped || !streams, streams: only.streams || streams };
  const { expression } = call;
  const inner = ts.isPropertyAccessExpression(expression) ? expression.expression : undefined;
  return inner && ts.isCallExpression(inner) ? wrappedFunction(code, inner, depth + 1) : undefined;
}

/** Functions that run when `root` does, as far as calls by name and functions within functions tell. */
function reached(code: ModuleCode, root: FunctionNode): Set<ts.Node> {
  const leadsTo = new Map<ts.Node, FunctionNode[]>();
  const add = (from: ts.Node, to: FunctionNode): void => {
    const known = leadsTo.get(from);
    if (known) known.push(to);
    else leadsTo.set(from, [to]);
  };
  for (const each of code.functions) {
    add(code.functionAround(each), each);
    for (const reference of code.nameOf(each)?.references ?? [])
      if (isUsedAsFunction(code, reference)) add(code.functionAround(reference), each);
  }
  const functions = new Set<ts.Node>([root]);
  // What is added to a set while it is gone through is gone through as well.
  for (const each of functions) for (const next of leadsTo.get(each) ?? []) functions.add(next);
  return functions;
}

/** Called, or handed over to be called. */
function isUsedAsFunction({ ts }: ModuleCode, node: ts.Node): boolean {
  const { parent } = node;
  return ts.isCallExpression(parent) || (ts.isNewExpression(parent) && parent.expression !== node);
}

/** Whether a node is part of the handler or of what it calls. */
export function isInHandler(code: ModuleCode, handler: HandlerCode, node: ts.Node): boolean {
  return handler.functions.has(code.functionAround(node));
}

/** Whether an expression uses names that exist only while the handler runs. */
export function usesOwnNames(code: ModuleCode, node: ts.Node): boolean {
  let found = false;
  code.visit(node, (each) => {
    if (found) return false;
    if (each.kind === code.ts.SyntaxKind.ThisKeyword) found = true;
    const binding = code.bindings.of(each);
    found ||= binding !== undefined && isLocal(code, binding) && !isInsideOf(binding.declaration, node);
    return !found;
  });
  return found;
}

function isLocal(code: ModuleCode, { owner }: Binding): boolean {
  return owner !== code.source;
}

function isInsideOf(node: ts.Node, around: ts.Node): boolean {
  return node.pos >= around.pos && node.end <= around.end;
}
