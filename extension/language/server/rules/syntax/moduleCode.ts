import type ts from 'typescript';
import { scriptKind } from '../../moduleExports.ts';
import { typescript, type TypeScript } from '../../parser.ts';
import { Bindings, type Binding } from './bindings.ts';

/** Where an imported name comes from. `name`: the export, `default`, or `*` for all of the module. */
export interface ImportedName {
  module: string;
  name: string;
}

export type FunctionNode =
  ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

/** One script or TypeScript file: its tree, its names, and questions that several rules ask. */
export class ModuleCode {
  readonly ts: TypeScript;
  readonly file: string;
  readonly text: string;
  readonly source: ts.SourceFile;
  #bindings: Bindings | undefined;

  constructor(file: string, text: string) {
    this.ts = typescript();
    this.file = file;
    this.text = text;
    const { Latest } = this.ts.ScriptTarget;
    this.source = this.ts.createSourceFile(file, text, Latest, true, scriptKind(this.ts, file));
  }

  get bindings(): Bindings {
    return (this.#bindings ??= new Bindings(this.ts, this.source));
  }

  /** Whether the text is whole: while it is being typed nothing can be said about what is missing. */
  get isWhole(): boolean {
    const { parseDiagnostics } = this.source as ts.SourceFile & { parseDiagnostics?: unknown[] };
    return (parseDiagnostics?.length ?? 0) === 0;
  }

  start(node: ts.Node): number {
    return node.getStart(this.source);
  }

  textOf(node: ts.Node): string {
    return this.text.slice(this.start(node), node.end);
  }

  isFunction(node: ts.Node | undefined): node is FunctionNode {
    const { ts } = this;
    return (
      node !== undefined &&
      (ts.isArrowFunction(node) ||
        ts.isFunctionExpression(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isMethodDeclaration(node))
    );
  }

  /** Calls back for a node and all below it; the answer `false` leaves out what is below. */
  visit(node: ts.Node, each: (node: ts.Node) => boolean | void): void {
    const { forEachChild } = this.ts;
    const go = (at: ts.Node): void => {
      if (each(at) !== false) forEachChild(at, go);
    };
    go(node);
  }

  get calls(): readonly ts.CallExpression[] {
    return this.bindings.ofKind<ts.CallExpression>(this.ts.SyntaxKind.CallExpression);
  }

  /** Every function of the file that has a body of its own. */
  get functions(): FunctionNode[] {
    const { ArrowFunction, FunctionExpression, FunctionDeclaration, MethodDeclaration } = this.ts.SyntaxKind;
    const kinds = [ArrowFunction, FunctionExpression, FunctionDeclaration, MethodDeclaration] as const;
    return kinds.flatMap((kind) => this.bindings.ofKind<FunctionNode>(kind));
  }

  /** The name of this file that stands for a function and nothing else. */
  nameOf(node: FunctionNode): Binding | undefined {
    const { name, parent } = node;
    const identifier = name ?? (this.ts.isVariableDeclaration(parent) ? parent.name : undefined);
    const binding = identifier && this.bindings.declaredBy(identifier);
    return binding && this.functionOf(binding) === node ? binding : undefined;
  }

  /** The function, or the source file, whose code a node is. */
  functionAround(node: ts.Node): ts.Node {
    let at = node.parent;
    while (at.parent && !this.ts.isFunctionLike(at)) at = at.parent;
    return at;
  }

  isAsync(node: FunctionNode): boolean {
    return node.modifiers?.some(({ kind }) => kind === this.ts.SyntaxKind.AsyncKeyword) === true;
  }

  isGenerator(node: FunctionNode): boolean {
    return !this.ts.isArrowFunction(node) && node.asteriskToken !== undefined;
  }

  /** Without brackets, type assertions and `!`. */
  bare(node: ts.Expression): ts.Expression {
    const { ts } = this;
    let at = node;
    while (
      ts.isParenthesizedExpression(at) ||
      ts.isAsExpression(at) ||
      ts.isSatisfiesExpression(at) ||
      ts.isNonNullExpression(at) ||
      ts.isTypeAssertionExpression(at)
    )
      at = at.expression;
    return at;
  }

  /** `=`, `+=`, `??=` and the like. */
  isAssignment(node: ts.Node): node is ts.BinaryExpression {
    const { FirstAssignment, LastAssignment } = this.ts.SyntaxKind;
    if (!this.ts.isBinaryExpression(node)) return false;
    const { kind } = node.operatorToken;
    return kind >= FirstAssignment && kind <= LastAssignment;
  }

  /** The function a name of this file stands for, as long as nothing else is ever assigned to it. */
  functionOf(binding: Binding | undefined): FunctionNode | undefined {
    if (!binding) return undefined;
    const { declaration } = binding;
    if (this.isFunction(declaration)) return declaration;
    if (!this.ts.isVariableDeclaration(declaration) || binding.kind !== 'const') return undefined;
    const value = declaration.initializer && this.bare(declaration.initializer);
    return this.isFunction(value) ? value : undefined;
  }

  /** The function behind a called expression, when it is one of this file. */
  calledFunction(call: ts.CallExpression): FunctionNode | undefined {
    const called = this.bare(call.expression);
    if (this.isFunction(called)) return called;
    return this.ts.isIdentifier(called) ? this.functionOf(this.bindings.of(called)) : undefined;
  }

  /** Where a name comes from, when it is imported (`import`, `require`, `(await) import()` at module level). */
  importOf(identifier: ts.Node): ImportedName | undefined {
    const binding = this.bindings.of(identifier);
    return binding && this.importOfBinding(binding);
  }

  importOfBinding({ declaration, owner }: Binding): ImportedName | undefined {
    const { ts } = this;
    if (owner !== this.source) return undefined;
    if (ts.isImportClause(declaration)) return named(ts, declaration.parent.moduleSpecifier, 'default');
    if (ts.isNamespaceImport(declaration)) return named(ts, declaration.parent.parent.moduleSpecifier, '*');
    if (ts.isImportSpecifier(declaration)) {
      const { moduleSpecifier } = declaration.parent.parent.parent;
      return named(ts, moduleSpecifier, (declaration.propertyName ?? declaration.name).text);
    }
    if (ts.isImportEqualsDeclaration(declaration)) {
      const { moduleReference } = declaration;
      return ts.isExternalModuleReference(moduleReference)
        ? named(ts, moduleReference.expression, '*')
        : undefined;
    }
    if (ts.isBindingElement(declaration)) {
      const key = declaration.propertyName ?? declaration.name;
      const whole = declaration.parent.parent;
      if (!ts.isVariableDeclaration(whole) || !ts.isIdentifier(key)) return undefined;
      const module = this.#required(whole.initializer);
      return module && { module: module.module, name: key.text };
    }
    return ts.isVariableDeclaration(declaration) ? this.#required(declaration.initializer) : undefined;
  }

  /** What an expression such as `S3Client`, `AWS.S3` or `require('x').Y` names of a module. */
  importedName(expression: ts.Expression): ImportedName | undefined {
    const { ts } = this;
    const node = this.bare(expression);
    if (ts.isIdentifier(node)) return this.importOf(node);
    if (ts.isPropertyAccessExpression(node)) {
      const whole = this.importedName(node.expression);
      if (!whole) return undefined;
      const isWhole = whole.name === '*' || whole.name === 'default';
      return { module: whole.module, name: isWhole ? node.name.text : `${whole.name}.${node.name.text}` };
    }
    return undefined;
  }

  #required(value: ts.Expression | undefined): ImportedName | undefined {
    const { ts } = this;
    const node = value && this.bare(value);
    if (!node) return undefined;
    if (ts.isAwaitExpression(node)) return this.#required(node.expression);
    if (ts.isPropertyAccessExpression(node)) {
      const whole = this.#required(node.expression);
      return whole?.name === '*' ? { module: whole.module, name: node.name.text } : undefined;
    }
    if (!ts.isCallExpression(node)) return undefined;
    const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
    const [module] = node.arguments;
    if (!isRequire && node.expression.kind !== ts.SyntaxKind.ImportKeyword) {
      // Instrumented clients stay what they are: `captureAWS(require('aws-sdk'))`.
      return module && node.arguments.length === 1 && /^capture/.test(lastName(ts, node.expression))
        ? this.#required(module)
        : undefined;
    }
    return named(ts, module, '*');
  }
}

const mostParsed = 8;
const parsed = new Map<string, ModuleCode>();

/** A file's text, parsed once until it changes: diagnostics and every move of the cursor ask for it. */
export function parseModule(file: string, text: string): ModuleCode {
  const before = parsed.get(file);
  if (before?.text === text) return before;
  // Who was asked for last is asked for next; the others are rarely missed.
  if (parsed.size >= mostParsed) parsed.clear();
  const code = new ModuleCode(file, text);
  parsed.set(file, code);
  return code;
}

/** What a function returns, its own `return` statements only. */
export function returned(code: ModuleCode, root: FunctionNode): ts.Expression[] {
  const { ts } = code;
  const { body } = root;
  if (!body) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  code.visit(body, (node) => {
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    return !ts.isFunctionLike(node);
  });
  return found;
}

function lastName(ts: TypeScript, node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : '';
}

function named(ts: TypeScript, module: ts.Node | undefined, name: string): ImportedName | undefined {
  return module && ts.isStringLiteralLike(module)
    ? { module: module.text.replace(/^node:/, ''), name }
    : undefined;
}
