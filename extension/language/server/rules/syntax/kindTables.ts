import type ts from 'typescript';
import type { TypeScript } from '../../parser.ts';

/** What nodes of a kind mean for names; flags. */
export const Trait = {
  /** Gone when code runs. */
  type: 1,
  /** Listed by kind. */
  indexed: 2,
  /** Declares names. */
  declares: 4,
  /** May open a scope. */
  scope: 8,
  /** An identifier right below it is a use. */
  uses: 16,
  /** … unless it is its `name`. */
  names: 32,
  /** … only as its `initializer`. */
  initializes: 64,
} as const;

/** Traits by kind, so that a walk over a file asks a table and not twenty functions of the parser's for every node. */
export interface KindTables {
  traits: Uint8Array;
  identifier: ts.SyntaxKind;
  forEachChild: TypeScript['forEachChild'];
}

let tables: KindTables | undefined;

/** The tables of the parser, made once. */
export function kindTables(typescript: TypeScript): KindTables {
  return (tables ??= makeTables(typescript));
}

function makeTables({ SyntaxKind: kinds, forEachChild }: TypeScript): KindTables {
  const size = Math.max(...Object.values(kinds).filter((value) => typeof value === 'number')) + 1;
  const traits = new Uint8Array(size).fill(Trait.uses);
  const add = (trait: number, ...of: ts.SyntaxKind[]): void => of.forEach((kind) => (traits[kind]! |= trait));
  const only = (trait: number, ...of: ts.SyntaxKind[]): void => of.forEach((kind) => (traits[kind] = trait));

  const functions = [
    kinds.FunctionDeclaration,
    kinds.FunctionExpression,
    kinds.ArrowFunction,
    kinds.MethodDeclaration,
    kinds.GetAccessor,
    kinds.SetAccessor,
    kinds.Constructor,
  ];
  const classes = [kinds.ClassDeclaration, kinds.ClassExpression];
  const imports = [
    kinds.ImportClause,
    kinds.NamespaceImport,
    kinds.ImportSpecifier,
    kinds.ImportEqualsDeclaration,
  ];

  only(
    0,
    kinds.QualifiedName,
    kinds.ExportSpecifier,
    kinds.JsxAttribute,
    kinds.MetaProperty,
    kinds.NamespaceExport,
  );
  only(0, kinds.LabeledStatement, kinds.BreakStatement, kinds.ContinueStatement);
  only(
    Trait.names,
    kinds.PropertyAccessExpression,
    kinds.ModuleDeclaration,
    ...functions,
    ...classes,
    ...imports,
  );
  only(Trait.names, kinds.EnumDeclaration);
  only(Trait.initializes, kinds.BindingElement, kinds.VariableDeclaration, kinds.Parameter);
  only(Trait.initializes, kinds.PropertyAssignment, kinds.PropertyDeclaration, kinds.EnumMember);
  for (let kind = kinds.FirstTypeNode; kind <= kinds.LastTypeNode; kind++) only(Trait.type, kind);
  only(Trait.type, kinds.InterfaceDeclaration, kinds.TypeAliasDeclaration, kinds.TypeParameter);

  add(Trait.declares, kinds.VariableDeclaration, kinds.Parameter, kinds.FunctionDeclaration);
  add(Trait.declares, kinds.ClassDeclaration, kinds.EnumDeclaration, ...imports);
  add(
    Trait.scope,
    ...functions,
    ...classes,
    kinds.CatchClause,
    kinds.Block,
    kinds.CaseBlock,
    kinds.ModuleBlock,
  );
  add(Trait.scope, kinds.ForStatement, kinds.ForInStatement, kinds.ForOfStatement);
  add(Trait.indexed, ...functions, kinds.CallExpression, kinds.NewExpression);
  add(Trait.indexed, kinds.AwaitExpression, kinds.ExpressionStatement);
  return { traits, identifier: kinds.Identifier, forEachChild };
}
