import type ts from 'typescript';
import type { ModuleCode } from './moduleCode.ts';

/** The number an expression always is, e.g. of `5 * 60 * SECOND`; undefined when that depends on anything. */
export function constantNumber(code: ModuleCode, expression: ts.Expression, depth = 0): number | undefined {
  const { ts } = code;
  const node = code.bare(expression);
  if (depth > 20) return undefined;
  if (ts.isNumericLiteral(node)) return Number(node.text.replace(/_/g, ''));
  if (ts.isIdentifier(node)) {
    const value = constantValue(code, node);
    return value && constantNumber(code, value, depth + 1);
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const left = constantNumber(code, node.left, depth + 1);
  const right = constantNumber(code, node.right, depth + 1);
  if (left === undefined || right === undefined) return undefined;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AsteriskToken:
      return left * right;
    case ts.SyntaxKind.PlusToken:
      return left + right;
    case ts.SyntaxKind.MinusToken:
      return left - right;
    case ts.SyntaxKind.SlashToken:
      return left / right;
    default:
      return undefined;
  }
}

/** The initial value of a name that never gets another one. */
export function constantValue(code: ModuleCode, identifier: ts.Identifier): ts.Expression | undefined {
  const binding = code.bindings.of(identifier);
  const { declaration } = binding ?? {};
  const isConstant = binding?.kind === 'const' && declaration && code.ts.isVariableDeclaration(declaration);
  return isConstant && declaration.name === binding.identifier ? declaration.initializer : undefined;
}
