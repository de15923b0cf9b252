import type ts from 'typescript';
import type { Finding, Rule, RuleContext } from './rule.ts';
import type { Binding } from './syntax/bindings.ts';
import { areExclusive, branchesAround } from './syntax/branches.ts';
import { isInHandler } from './syntax/handlerCode.ts';
import type { ModuleCode } from './syntax/moduleCode.ts';
import { isListener } from './syntax/promises.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/**
 * A variable of the module that invocations change and read: its value depends on which instance a call comes to. Caches,
 * flags and lazy values are meant to be kept and are left alone.
 */
export const moduleState: Rule = {
  id: 'module-state',
  check(context) {
    const { code, facts } = context;
    if (facts.model === 'resident' && facts.maxInstances <= 1) return [];
    return [...code.bindings.all].flatMap((binding) => {
      if (binding.owner !== code.source || !/^(?:let|var|const)$/.test(binding.kind)) return [];
      return stateOf(context, binding) ?? [];
    });
  },
};

/** How a variable is used: it gets another value, its content changes, or it is looked at. */
type Use =
  | { kind: 'read'; node: ts.Identifier }
  | { kind: 'step'; node: ts.Identifier; read: boolean }
  | { kind: 'set'; node: ts.Identifier; value: ts.Expression }
  | { kind: 'add'; node: ts.Identifier; keyed: boolean }
  | { kind: 'clear'; node: ts.Identifier };

function stateOf(context: RuleContext, binding: Binding): Finding | undefined {
  const { code, handler } = context;
  const uses = binding.references
    .filter((reference) => isInHandler(code, handler, reference) && !isOfListener(code, reference))
    .map((reference) => useOf(code, reference));
  if (uses.length === 0 || uses.some(({ kind }) => kind === 'clear')) return undefined;
  const write = uses.find((use) => isState(context, binding, use, uses));
  return write && finding(context, binding, write.node);
}

/** What happens to a connection or a process is told of an instance on purpose. */
function isOfListener(code: ModuleCode, reference: ts.Node): boolean {
  const around = code.functionAround(reference);
  return code.isFunction(around) && isListener(code, around);
}

function useOf(code: ModuleCode, node: ts.Identifier): Use {
  const { ts } = code;
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    const { operator } = parent;
    const steps = operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
    if (steps) return { kind: 'step', node, read: !ts.isExpressionStatement(parent.parent) };
  }
  if (ts.isBinaryExpression(parent) && parent.left === node) {
    const operator = parent.operatorToken.kind;
    if (operator === ts.SyntaxKind.EqualsToken) {
      const empties = isEmpty(code, parent.right) && isUnconditional(code, parent);
      return empties ? { kind: 'clear', node } : { kind: 'set', node, value: parent.right };
    }
    if (operator === ts.SyntaxKind.PlusEqualsToken || operator === ts.SyntaxKind.MinusEqualsToken)
      return { kind: 'step', node, read: !ts.isExpressionStatement(parent.parent) };
  }
  // Whoever it is handed to may empty it.
  if (ts.isCallExpression(parent) && parent.expression !== node && !onlyLooks(code, parent))
    return { kind: 'clear', node };
  return ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)
    ? memberUse(code, node, parent)
    : { kind: 'read', node };
}

/** Calls that do nothing to what they are given. */
function onlyLooks(code: ModuleCode, { expression }: ts.CallExpression): boolean {
  return /^(?:JSON|console|Object|Array|String|Number|Math|log|logger)\b/.test(code.textOf(expression));
}

const additions = /^(?:push|unshift|add|set|append)$/;
const removals = /^(?:clear|splice|shift|pop|delete)$/;

function memberUse(
  code: ModuleCode,
  node: ts.Identifier,
  member: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Use {
  const { ts } = code;
  const { parent } = member;
  const name = ts.isPropertyAccessExpression(member) ? member.name.text : undefined;
  const isCalled = ts.isCallExpression(parent) && parent.expression === member;
  if (name !== undefined && isCalled) {
    if (removals.test(name)) return { kind: 'clear', node };
    return additions.test(name)
      ? { kind: 'add', node, keyed: name === 'set' || name === 'add' }
      : { kind: 'read', node };
  }
  const isWritten = code.isAssignment(parent) && parent.left === member;
  if (isWritten && name === 'length') return { kind: 'clear', node };
  // `config.x = …` sets an option of something, `items[id] = …` keeps an item.
  const keeps = isWritten && ts.isElementAccessExpression(member);
  return keeps ? { kind: 'add', node, keyed: true } : { kind: 'read', node };
}

function isEmpty({ ts }: ModuleCode, value: ts.Expression): boolean {
  return (
    value.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isArrayLiteralExpression(value) && value.elements.length === 0) ||
    (ts.isObjectLiteralExpression(value) && value.properties.length === 0) ||
    (ts.isIdentifier(value) && value.text === 'undefined')
  );
}

function isUnconditional(code: ModuleCode, node: ts.Node): boolean {
  return branchesAround(code, node).length === 0;
}

/** Whether what a use writes is seen by later invocations, and is no cache. */
function isState(context: RuleContext, binding: Binding, use: Use, uses: Use[]): boolean {
  const { code } = context;
  const others = uses.filter((each) => each !== use && each.kind === 'read');
  switch (use.kind) {
    case 'step':
      return startsAsValue(code, binding) && (use.read || others.some((each) => counts(code, each.node)));
    case 'add':
      if (!startsEmpty(code, binding) || isLookedUpFirst(context, binding, use.node, others)) return false;
      return others.length > 0;
    default:
      return false;
  }
}

/** A counter begins with a number or a text. */
function startsAsValue({ ts }: ModuleCode, { declaration, kind }: Binding): boolean {
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return (
    kind !== 'const' && value !== undefined && (ts.isNumericLiteral(value) || ts.isStringLiteralLike(value))
  );
}

function startsEmpty(code: ModuleCode, { declaration }: Binding): boolean {
  const { ts } = code;
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  const bare = value && code.bare(value);
  if (!bare) return false;
  const isStore = ts.isNewExpression(bare) && /^(?:Map|Set|Array)$/.test(code.textOf(bare.expression));
  return (
    isStore || (isEmpty(code, bare) && !ts.isIdentifier(bare) && bare.kind !== ts.SyntaxKind.NullKeyword)
  );
}

/** A read that is more than a line of the log. */
function counts(code: ModuleCode, node: ts.Node): boolean {
  const { ts } = code;
  for (let at = node; at.parent && !ts.isStatement(at); at = at.parent) {
    const { parent } = at;
    if (ts.isCallExpression(parent) && /^(?:console|log|logger)\b/.test(code.textOf(parent.expression)))
      return false;
  }
  return true;
}

/**
 * A cache is asked before it is filled: a read that stands before the write on the same path, or decides about it. Whatever
 * writes behind a condition on the variable may be one, too.
 */
function isLookedUpFirst(context: RuleContext, binding: Binding, write: ts.Node, reads: Use[]): boolean {
  const { code } = context;
  const around = code.functionAround(write);
  const conditions = branchesAround(code, write).map(({ condition, of }) => condition ?? of);
  // A helper that only fills: who calls it has asked, as far as can be known.
  if (around !== context.handler.root && isCacheName(binding.name)) return true;
  return reads.some(
    ({ node }) =>
      conditions.some((condition) => isWithin(node, condition)) ||
      (isWithin(node, around) &&
        node.pos < write.pos &&
        code.functionAround(node) === around &&
        !areExclusive(code, node, write)),
  );
}

const isCacheName = (name: string): boolean =>
  /cache|memo|pool|registry|loaded|instances|clients|connections/i.test(name);

function isWithin(node: ts.Node, around: ts.Node): boolean {
  return node.pos >= around.pos && node.end <= around.end;
}

function finding({ code, facts }: RuleContext, { name }: Binding, node: ts.Node): Finding {
  const values = { name, function: facts.name, instances: facts.maxInstances };
  return {
    start: code.start(node),
    end: node.end,
    message:
      facts.model === 'ephemeral'
        ? l10n.t(
            '`{name}` is kept from one invocation to the next, but every invocation of {function} begins in a new process, where it is as written here. Keep it in a store outside.',
            values,
          )
        : l10n.t(
            '`{name}` is kept from one invocation to the next, but {function} may run in {instances} instances at once, each with a `{name}` of its own, which goes when its instance goes. Keep it in a store outside.',
            values,
          ),
  };
}
