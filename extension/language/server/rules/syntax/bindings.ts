import type ts from 'typescript';
import type { TypeScript } from '../../parser.ts';

/** How a name came to be. */
export type BindingKind = 'import' | 'const' | 'let' | 'var' | 'parameter' | 'function' | 'class' | 'catch';

/** A name of a file with everything that uses it. */
export interface Binding {
  name: string;
  kind: BindingKind;
  /** The identifier that declares it, and what that belongs to (`VariableDeclaration`, `ImportSpecifier`, …). */
  identifier: ts.Identifier;
  declaration: ts.Node;
  /** The function it belongs to; the source file at module level. */
  owner: ts.Node;
  references: ts.Identifier[];
}

interface Scope {
  parent: Scope | undefined;
  owner: ts.Node;
  names: Map<string, Binding>;
}

/** Which names of a file mean what. Types are left out: they are gone when code runs. */
export class Bindings {
  readonly #ts: TypeScript;
  readonly #resolved = new Map<ts.Identifier, Binding>();
  readonly #all: Binding[] = [];
  readonly #uses: [ts.Identifier, Scope][] = [];

  constructor(typescript: TypeScript, source: ts.SourceFile) {
    this.#ts = typescript;
    this.#walk(source, { parent: undefined, owner: source, names: new Map() });
    for (const [identifier, scope] of this.#uses) {
      const binding = find(scope, identifier.text);
      if (!binding) continue;
      binding.references.push(identifier);
      this.#resolved.set(identifier, binding);
    }
    this.#uses.length = 0;
  }

  /** What a name means where it stands; undefined for globals and what is not a use. */
  of(identifier: ts.Node): Binding | undefined {
    return this.#resolved.get(identifier as ts.Identifier);
  }

  /** Whether a name that is used here is nobody's: a global of the runtime. */
  isGlobal(identifier: ts.Node): boolean {
    return this.#ts.isIdentifier(identifier) && !this.#resolved.has(identifier);
  }

  get all(): readonly Binding[] {
    return this.#all;
  }

  #walk(node: ts.Node, scope: Scope): void {
    const ts = this.#ts;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isIdentifier(node)) {
      if (this.#isUse(node)) this.#uses.push([node, scope]);
      return;
    }
    this.#declare(node, scope);
    const inner = this.#opens(node) ? this.#open(node, scope) : scope;
    ts.forEachChild(node, (child) => this.#walk(child, inner));
  }

  #opens(node: ts.Node): boolean {
    const ts = this.#ts;
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isCatchClause(node)) return true;
    if (ts.isBlock(node)) return !ts.isFunctionLike(node.parent);
    return ts.isIterationStatement(node, false) || ts.isCaseBlock(node) || ts.isModuleBlock(node);
  }

  #open(node: ts.Node, parent: Scope): Scope {
    const ts = this.#ts;
    const scope: Scope = { parent, owner: ts.isFunctionLike(node) ? node : parent.owner, names: new Map() };
    if ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name)
      this.#add(scope, node.name, node, ts.isClassLike(node) ? 'class' : 'function');
    return scope;
  }

  #declare(node: ts.Node, scope: Scope): void {
    const ts = this.#ts;
    if (ts.isVariableDeclaration(node)) {
      if (ts.isCatchClause(node.parent)) return this.#addPattern(scope, node.name, node, 'catch');
      const flags = ts.getCombinedNodeFlags(node);
      const kind = flags & ts.NodeFlags.Const ? 'const' : flags & ts.NodeFlags.Let ? 'let' : 'var';
      this.#addPattern(kind === 'var' ? functionScope(scope) : scope, node.name, node, kind);
    } else if (ts.isParameter(node)) {
      this.#addPattern(scope, node.name, node, 'parameter');
    } else if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
      if (node.name) this.#add(scope, node.name, node, ts.isClassLike(node) ? 'class' : 'function');
    } else if (ts.isImportClause(node) || ts.isNamespaceImport(node) || ts.isImportSpecifier(node)) {
      if (node.name) this.#add(scope, node.name, node, 'import');
    } else if (ts.isImportEqualsDeclaration(node)) {
      this.#add(scope, node.name, node, 'import');
    } else if (ts.isEnumDeclaration(node)) {
      this.#add(scope, node.name, node, 'const');
    }
  }

  #addPattern(scope: Scope, name: ts.BindingName, declaration: ts.Node, kind: BindingKind): void {
    if (this.#ts.isIdentifier(name)) return this.#add(scope, name, declaration, kind);
    for (const element of name.elements) {
      if (!this.#ts.isOmittedExpression(element)) this.#addPattern(scope, element.name, element, kind);
    }
  }

  #add(scope: Scope, identifier: ts.Identifier, declaration: ts.Node, kind: BindingKind): void {
    // Declared again (`var`, overloads): one name all the same.
    if (scope.names.has(identifier.text)) return;
    const { owner } = scope;
    const binding = { name: identifier.text, kind, identifier, declaration, owner, references: [] };
    scope.names.set(identifier.text, binding);
    this.#all.push(binding);
  }

  /** Whether an identifier stands for a value, and is no name of a member, key, label or declaration. */
  #isUse(node: ts.Identifier): boolean {
    const ts = this.#ts;
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
    if (ts.isQualifiedName(parent)) return parent.left === node;
    if (ts.isBindingElement(parent)) return parent.initializer === node;
    if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isPropertyAssignment(parent))
      return parent.initializer === node;
    if (ts.isShorthandPropertyAssignment(parent)) return true;
    if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node;
    if (ts.isPropertyDeclaration(parent) || ts.isEnumMember(parent)) return parent.initializer === node;
    if (ts.isJsxAttribute(parent) || ts.isMetaProperty(parent)) return false;
    if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
    const named = parent as { name?: ts.Node };
    const declares = ts.isFunctionLike(parent) || ts.isClassLike(parent) || ts.isImportClause(parent);
    return !((declares || isDeclarationOfName(ts, parent)) && named.name === node);
  }
}

function isDeclarationOfName(ts: TypeScript, node: ts.Node): boolean {
  return (
    ts.isImportSpecifier(node) ||
    ts.isNamespaceImport(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isNamespaceExport(node)
  );
}

function find(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const binding = at.names.get(name);
    if (binding) return binding;
  }
  return undefined;
}

function functionScope(scope: Scope): Scope {
  let at = scope;
  while (at.parent?.owner === at.owner) at = at.parent;
  return at;
}
