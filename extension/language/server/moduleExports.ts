import { extname } from 'node:path';
import type ts from 'typescript';
import { typescript, type TypeScript } from './parser.ts';

/** Offsets of an export's name in its file. */
export interface ExportPlace {
  start: number;
  end: number;
}

/** One exported name: declared here, or passed on from another module. */
export interface ModuleExport extends ExportPlace {
  from?: { module: string; name: string };
}

/** What a module exports, as far as its text tells. */
export interface ModuleExports {
  names: Map<string, ModuleExport>;
  /** Modules all of whose names are passed on. */
  stars: string[];
  /** Whether there may be names that only running it would show; then none can be called missing. */
  open: boolean;
}

/** Reads the exports of a script or TypeScript text, ES module or CommonJS, also while it is being typed. */
export function readModuleExports(fileName: string, text: string): ModuleExports {
  return new ExportReader(typescript(), fileName, text).read();
}

class ExportReader {
  readonly #ts: TypeScript;
  readonly #source: ts.SourceFile;
  readonly #declared = new Map<string, ts.Node>();
  readonly #values = new Map<string, ts.Expression>();
  readonly #found: ModuleExports = { names: new Map(), stars: [], open: false };
  /** Variables that are `module.exports` under another name. */
  readonly #aliases = new Set<string>();

  constructor(typescript: TypeScript, fileName: string, text: string) {
    this.#ts = typescript;
    const kind = scriptKind(typescript, fileName);
    this.#source = typescript.createSourceFile(fileName, text, typescript.ScriptTarget.Latest, false, kind);
  }

  read(): ModuleExports {
    for (const statement of this.#source.statements) this.#noteDeclarations(statement);
    for (const statement of this.#source.statements) this.#readStatement(statement);
    this.#readAssignments(this.#source);
    // Members may be added to an object before it becomes `module.exports`.
    if (this.#aliases.size > 0) this.#readAssignments(this.#source);
    // A tree with errors may have lost names that are there.
    const { parseDiagnostics } = this.#source as ts.SourceFile & { parseDiagnostics?: unknown[] };
    if (parseDiagnostics && parseDiagnostics.length > 0) this.#found.open = true;
    return this.#found;
  }

  #noteDeclarations(statement: ts.Statement): void {
    const ts = this.#ts;
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
      this.#declared.set(statement.name.text, statement.name);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        for (const identifier of this.#boundNames(name)) this.#declared.set(identifier.text, identifier);
        if (ts.isIdentifier(name) && initializer) this.#values.set(name.text, initializer);
      }
    }
  }

  #boundNames(name: ts.BindingName): ts.Identifier[] {
    if (this.#ts.isIdentifier(name)) return [name];
    return name.elements.flatMap((element) =>
      this.#ts.isOmittedExpression(element) ? [] : this.#boundNames(element.name),
    );
  }

  #readStatement(statement: ts.Statement): void {
    const ts = this.#ts;
    if (ts.isExportDeclaration(statement)) return this.#readExportDeclaration(statement);
    if (ts.isExportAssignment(statement)) {
      if (statement.isExportEquals) this.#readWhole(statement.expression);
      else this.#add('default', this.#placeOf(statement.expression));
      return;
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const has = (kind: ts.SyntaxKind): boolean => modifiers.some((modifier) => modifier.kind === kind);
    if (!has(ts.SyntaxKind.ExportKeyword) || has(ts.SyntaxKind.DeclareKeyword)) return;
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        for (const identifier of this.#boundNames(name)) this.#add(identifier.text, identifier);
      }
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      const name = has(ts.SyntaxKind.DefaultKeyword) ? 'default' : statement.name?.text;
      if (name !== undefined) this.#add(name, statement.name ?? statement);
    } else if (ts.isImportEqualsDeclaration(statement) || ts.isModuleDeclaration(statement)) {
      this.#add(statement.name.text, statement.name);
    }
  }

  #readExportDeclaration({ exportClause, moduleSpecifier, isTypeOnly }: ts.ExportDeclaration): void {
    const ts = this.#ts;
    if (isTypeOnly) return;
    const module = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
    if (!exportClause) {
      if (module !== undefined) this.#found.stars.push(module);
    } else if (ts.isNamespaceExport(exportClause)) {
      this.#add(exportClause.name.text, exportClause.name);
    } else {
      for (const { name, propertyName, isTypeOnly } of exportClause.elements) {
        if (isTypeOnly) continue;
        const local = (propertyName ?? name).text;
        if (module === undefined) this.#add(name.text, this.#declared.get(local) ?? name);
        else this.#add(name.text, name, { module, name: local });
      }
    }
  }

  /** CommonJS: assignments to `exports` may stand anywhere. */
  #readAssignments(node: ts.Node): void {
    const ts = this.#ts;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      this.#readAssignment(node.left, node.right);
    } else if (ts.isCallExpression(node)) {
      this.#readCall(node);
    }
    ts.forEachChild(node, (child) => this.#readAssignments(child));
  }

  #readAssignment(left: ts.Expression, right: ts.Expression): void {
    const ts = this.#ts;
    if (this.#isModuleExports(left)) return this.#readWhole(right);
    const target =
      ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left) ? left.expression : undefined;
    if (!target || !this.#isExportsObject(target)) return;
    if (ts.isPropertyAccessExpression(left)) this.#addValue(left.name.text, left.name, right);
    else if (ts.isElementAccessExpression(left)) {
      const name = left.argumentExpression;
      if (ts.isStringLiteralLike(name)) this.#addValue(name.text, name, right);
      else this.#found.open = true;
    }
  }

  /** Helpers of compilers, and the usual ways to add several names at once. */
  #readCall({ expression, arguments: given }: ts.CallExpression): void {
    const ts = this.#ts;
    const [first, second] = given;
    const touches = given.some((argument) => this.#isExportsObject(argument));
    if (!touches || !first) return;
    const called = ts.isPropertyAccessExpression(expression)
      ? expression.name.text
      : ts.isIdentifier(expression)
        ? expression.text
        : '';
    const required = this.#requiredModule(first);
    if (called === 'defineProperty' && second && ts.isStringLiteralLike(second)) {
      if (second.text !== '__esModule') this.#add(second.text, second);
    } else if (called === 'assign' && this.#isExportsObject(first)) {
      for (const argument of given.slice(1)) this.#readWhole(argument);
    } else if (required !== undefined) {
      // TypeScript's `__exportStar(require('./x'), exports)`.
      this.#found.stars.push(required);
    } else {
      this.#found.open = true;
    }
  }

  /** The value of `module.exports`, or an object whose members are added to it. */
  #readWhole(value: ts.Expression): void {
    const ts = this.#ts;
    if (ts.isObjectLiteralExpression(value)) {
      for (const member of value.properties) this.#readMember(member);
    } else if (ts.isIdentifier(value)) {
      this.#aliases.add(value.text);
      const known = this.#values.get(value.text);
      if (known && !this.#isExportsObject(known)) this.#readWhole(known);
      else if (!known && !this.#declared.has(value.text)) this.#found.open = true;
    } else if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      this.#readWhole(value.right);
    } else if (
      ts.isParenthesizedExpression(value) ||
      ts.isAsExpression(value) ||
      ts.isSatisfiesExpression(value)
    ) {
      this.#readWhole(value.expression);
    } else if (!ts.isFunctionExpression(value) && !ts.isArrowFunction(value)) {
      const required = this.#requiredModule(value);
      if (required === undefined) this.#found.open = true;
      else this.#found.stars.push(required);
    }
  }

  #readMember(member: ts.ObjectLiteralElementLike): void {
    const ts = this.#ts;
    if (ts.isSpreadAssignment(member)) return this.#readWhole(member.expression);
    if (!member.name || ts.isComputedPropertyName(member.name) || ts.isPrivateIdentifier(member.name)) {
      this.#found.open = true;
      return;
    }
    const name = member.name.text;
    if (ts.isShorthandPropertyAssignment(member)) this.#add(name, this.#declared.get(name) ?? member.name);
    else if (ts.isPropertyAssignment(member)) this.#addValue(name, member.name, member.initializer);
    else this.#add(name, member.name);
  }

  /** A name with its value: a function declared elsewhere in the file is where the user wants to be. */
  #addValue(name: string, at: ts.Node, value: ts.Expression): void {
    const declared = this.#ts.isIdentifier(value) ? this.#declared.get(value.text) : undefined;
    if (this.#ts.isVoidExpression(value)) return;
    this.#add(name, declared ?? at);
  }

  #add(name: string, at: ts.Node, from?: ModuleExport['from']): void {
    if (this.#found.names.has(name)) return;
    const start = at.getStart(this.#source);
    this.#found.names.set(name, { start, end: Math.max(start, at.getEnd()), ...(from ? { from } : {}) });
  }

  #placeOf(value: ts.Expression): ts.Node {
    return (this.#ts.isIdentifier(value) ? this.#declared.get(value.text) : undefined) ?? value;
  }

  #isModuleExports(node: ts.Expression): boolean {
    const ts = this.#ts;
    return (
      ts.isPropertyAccessExpression(node) &&
      node.name.text === 'exports' &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'module'
    );
  }

  #isExportsObject(node: ts.Expression): boolean {
    const name = this.#ts.isIdentifier(node) ? node.text : undefined;
    return name === undefined ? this.#isModuleExports(node) : name === 'exports' || this.#aliases.has(name);
  }

  #requiredModule(value: ts.Expression): string | undefined {
    const ts = this.#ts;
    if (
      !ts.isCallExpression(value) ||
      !ts.isIdentifier(value.expression) ||
      value.expression.text !== 'require'
    )
      return undefined;
    const [module] = value.arguments;
    return module && ts.isStringLiteralLike(module) ? module.text : undefined;
  }
}

/** How the text of a file is to be parsed. */
export function scriptKind(typescript: TypeScript, fileName: string): ts.ScriptKind {
  const { ScriptKind } = typescript;
  switch (extname(fileName)) {
    case '.tsx':
      return ScriptKind.TSX;
    case '.ts':
    case '.mts':
    case '.cts':
      return ScriptKind.TS;
    default:
      return ScriptKind.JSX;
  }
}
