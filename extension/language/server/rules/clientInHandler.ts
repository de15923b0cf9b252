import type ts from 'typescript';
import { makesClient } from './clients.ts';
import type { Finding, Fix, Rule, RuleContext } from './rule.ts';
import { branchesAround } from './syntax/branches.ts';
import { isInHandler, usesOwnNames } from './syntax/handlerCode.ts';
import type { ModuleCode } from './syntax/moduleCode.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/**
 * A client made at every invocation of a function whose instances are kept. One that needs what the invocation brings
 * (credentials, a tenant's address), or that is made once and kept, is left alone.
 */
export const clientInHandler: Rule = {
  id: 'client-in-handler',
  check(context) {
    const { code, handler, facts } = context;
    if (facts.model !== 'resident' || !handler.root) return [];
    const made: Making[] = [
      ...code.calls,
      ...code.bindings.ofKind<ts.NewExpression>(code.ts.SyntaxKind.NewExpression),
    ];
    return made
      .filter(
        (node) => isClient(code, node) && isInHandler(code, handler, node) && isMadeEachTime(context, node),
      )
      .map((node) => finding(context, node));
  },
};

type Making = ts.NewExpression | ts.CallExpression;

function isClient(code: ModuleCode, node: Making): boolean {
  const imported = code.importedName(node.expression);
  if (!imported) return false;
  return makesClient(imported, code.ts.isNewExpression(node) ? 'constructed' : 'called');
}

function isMadeEachTime({ code }: RuleContext, making: Making): boolean {
  const given = making.arguments ?? [];
  // A client made of another one is told where that one is made.
  if (given.some((each) => usesOwnNames(code, each))) return false;
  for (let at: ts.Node = making; at.parent && !code.isFunction(at); at = at.parent) {
    const { parent } = at;
    if (code.isAssignment(parent) && parent.right === at && !isOwnVariable(code, parent.left)) return false;
  }
  const guarded = branchesAround(code, making).some(
    ({ condition }) => condition !== undefined && looksAtModule(code, condition),
  );
  return !guarded && !isKeptByCallers(code, making);
}

function isOwnVariable(code: ModuleCode, left: ts.Expression): boolean {
  const binding = code.ts.isIdentifier(left) ? code.bindings.of(left) : undefined;
  return binding !== undefined && binding.owner !== code.source;
}

/** `if (!client)`, `cached ?? …`: what is made then is made once. */
function looksAtModule(code: ModuleCode, condition: ts.Node): boolean {
  let found = false;
  code.visit(condition, (node) => {
    const binding = code.bindings.of(node);
    if (binding && binding.owner === code.source && /^(let|var|const)$/.test(binding.kind)) {
      found ||= code.importOfBinding(binding) === undefined && !code.functionOf(binding);
    }
  });
  return found;
}

/** A function that makes a client may be called once: its result is kept in a module variable, or it is passed on. */
function isKeptByCallers(code: ModuleCode, making: ts.Node): boolean {
  const { ts } = code;
  const around = code.functionAround(making);
  if (!code.isFunction(around)) return true;
  const binding = code.nameOf(around);
  if (!binding) return false;
  // Early return of what is there: `if (client) return client;`
  let returnsEarly = false;
  code.visit(around, (node) => {
    if (ts.isIfStatement(node) && looksAtModule(code, node.expression)) returnsEarly = true;
  });
  if (returnsEarly) return true;
  return binding.references.some((reference) => {
    const { parent } = reference;
    if (ts.isExportSpecifier(parent) || ts.isExportAssignment(parent)) return false;
    if (!ts.isCallExpression(parent))
      return !ts.isPropertyAssignment(parent) && !ts.isBinaryExpression(parent);
    if (parent.expression !== reference) return true;
    const guarded = branchesAround(code, parent).some(
      ({ condition }) => condition && looksAtModule(code, condition),
    );
    const outer = ts.isAwaitExpression(parent.parent) ? parent.parent : parent;
    const kept =
      ts.isBinaryExpression(outer.parent) &&
      outer.parent.right === outer &&
      !isOwnVariable(code, outer.parent.left);
    return guarded || kept || code.functionAround(parent) === code.source;
  });
}

const closing = /^(?:end|close|destroy|quit|disconnect|release|\$disconnect)$/;

function finding(context: RuleContext, making: Making): Finding {
  const { code, facts } = context;
  const name = code.textOf(making.expression).replace(/\s+/g, '');
  const fix = hoist(context, making);
  return {
    start: code.start(making),
    end: making.expression.end,
    message: l10n.t(
      '{client} is made anew at every invocation of {function}, whose instances are kept: each call pays for its connections again, and open ones pile up. Make it once, outside of the handler.',
      { client: name, function: facts.name },
    ),
    ...(fix ? { fix } : {}),
  };
}

/** Moves `const client = new Client(…)` to right before the function, when nothing of the function's is in it. */
function hoist({ code }: RuleContext, making: Making): Fix | undefined {
  const { ts } = code;
  const declaration = making.parent;
  const list = declaration.parent;
  const statement = list?.parent;
  if (!ts.isNewExpression(making) && !isPlainCall(code, making)) return undefined;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  if (!ts.isVariableStatement(statement) || !ts.isVariableDeclarationList(list)) return undefined;
  if (list.declarations.length !== 1 || !(list.flags & ts.NodeFlags.Const)) return undefined;
  if (usesOwnNames(code, declaration)) return undefined;
  const { name } = declaration;
  const binding = code.bindings.declaredBy(name);
  const isTaken = [...code.bindings.all].some((each) => each !== binding && each.name === name.text);
  const isClosed = binding?.references.some(
    ({ parent }) => ts.isPropertyAccessExpression(parent) && closing.test(parent.name.text),
  );
  // Who reads the environment there may be given another one by what runs before.
  if (!binding || isTaken || isClosed !== false) return undefined;
  let top: ts.Node = statement;
  while (!ts.isSourceFile(top.parent)) top = top.parent;
  const at = lineStart(code.text, code.start(top));
  const leading = leadingComments(code, top) ?? at;
  const from = lineStart(code.text, code.start(statement));
  const isAlone = code.text.slice(from, code.start(statement)).trim() === '';
  const lineEnd = code.text.indexOf('\n', statement.end);
  const rest = lineEnd < 0 ? code.text.length : lineEnd + 1;
  if (!isAlone || code.text.slice(statement.end, rest).trim() !== '' || !ts.isBlock(statement.parent))
    return undefined;
  const moved = code.textOf(statement);
  if (moved.includes('\n') && moved.includes('`')) return undefined;
  const indent = code.text.slice(from, code.start(statement));
  const text = moved.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
  return {
    title: l10n.t('Make {0} once, outside of the handler', name.text),
    edits: [
      { start: leading, end: leading, text: `${text.join('\n')}\n\n` },
      { start: from, end: rest, text: '' },
    ],
  };
}

/** Calls that only make an object; `connect` has to be waited for and may fail. */
function isPlainCall(code: ModuleCode, making: Making): boolean {
  return /(?:\.from|create(?:Client|Pool|Transport))$/.test(code.textOf(making.expression));
}

function leadingComments(code: ModuleCode, node: ts.Node): number | undefined {
  const [first] = code.ts.getLeadingCommentRanges(code.text, node.pos) ?? [];
  return first && node.pos > 0 ? lineStart(code.text, first.pos) : undefined;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}
