import type ts from 'typescript';
import type { TypeScript } from '../../parser.ts';
import { kindTables, Trait, type KindTables } from './kindTables.ts';

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

/**
 * Which names of a file mean what, and where its nodes of a kind are: both from one walk. Types are left out: they are gone
 * when code runs.
 */
export class Bindings {
  readonly #ts: TypeScript;
  readonly #kinds: KindTables;
  readonly #resolved = new Map<ts.Identifier, Binding>();
  readonly #declared = new Map<ts.Identifier, Binding>();
  readonly #uses: [ts.Identifier, Scope][] = [];
  readonly #nodes = new Map<ts.SyntaxKind, ts.Node[]>();

  constructor(typescript: TypeScript, source: ts.SourceFile) {
    this.#ts = typescript;
    this.#kinds = kindTables(typescript);
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

  /** The name that an identifier declares. */
  declaredBy(identifier: ts.Node): Binding | undefined {
    return this.#declared.get(identifier as ts.Identifier);
  }

  /** Whether a name that is used here is nobody's: a global of the runtime. */
  isGlobal(identifier: ts.Node): boolean {
    return identifier.kind === this.#kinds.identifier && !this.#resolved.has(identifier as ts.Identifier);
  }

  get all(): Iterable<Binding> {
    return this.#declared.values();
  }

  /** Nodes of a kind that `indexedKinds` lists, in their order in the text. */
  ofKind<T extends ts.Node>(kind: T['kind']): readonly T[] {
    return (this.#nodes.get(kind) ?? []) as T[];
  }

  #walk(node: ts.Node, scope: Scope): void {
    const { kind } = node;
    const kinds = this.#kinds;
    if (kind === kinds.identifier) {
      if (this.#isUse(node as ts.Identifier)) this.#uses.push([node as ts.Identifier, scope]);
      return;
    }
    const traits = kinds.traits[kind]!;
    if (traits & Trait.type) return;
    if (traits & Trait.indexed) {
      const known = this.#nodes.get(kind);
      if (known) known.push(node);
      else this.#nodes.set(kind, [node]);
    }
    if (traits & Trait.declares) this.#declare(node, scope);
    const inner = traits & Trait.scope && this.#opens(node) ? this.#open(node, scope) : scope;
    kinds.forEachChild(node, (child) => this.#walk(child, inner));
  }

  /** A function's body has no scope of its own: it is the parameters'. */
  #opens(node: ts.Node): boolean {
    return !this.#ts.isBlock(node) || !this.#ts.isFunctionLike(node.parent);
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
      const flags = node.parent.flags;
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
    this.#declared.set(identifier, binding);
  }

  /** Whether an identifier stands for a value, and is no name of a member, key, label or declaration. */
  #isUse(node: ts.Identifier): boolean {
    const { parent } = node;
    const traits = this.#kinds.traits[parent.kind]!;
    if (traits & Trait.uses) return true;
    if (traits & Trait.names)
      return (parent as { name?: ts.Node }).name !== node && !this.#isOldName(parent, node);
    if (traits & Trait.initializes) return (parent as { initializer?: ts.Node }).initializer === node;
    const ts = this.#ts;
    if (ts.isQualifiedName(parent)) return parent.left === node;
    if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node;
    return false;
  }

  /** `import { old as name }`. */
  #isOldName(parent: ts.Node, node: ts.Node): boolean {
    return (parent as { propertyName?: ts.Node }).propertyName === node;
  }
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
