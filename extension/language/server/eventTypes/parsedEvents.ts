import type ts from 'typescript';
import type { FunctionNode, ModuleCode } from '../rules/syntax/moduleCode.ts';

/** Variables without a type that a handler gives the parsed event: `const order = JSON.parse(event.toString())`. */
export function parsedEvents(code: ModuleCode, root: FunctionNode): ts.VariableDeclaration[] {
  const { ts } = code;
  const [event] = root.parameters;
  const binding = event && code.bindings.declaredBy(event.name);
  return (binding?.references ?? []).flatMap((reference) => {
    let at: ts.Node = reference.parent;
    // Past `.toString()`, `String(…)` and the like, up to the call of `JSON.parse`.
    while (isPart(code, at) && !isParse(code, at)) at = at.parent;
    const declaration = isParse(code, at) ? at.parent : undefined;
    const isPlain =
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      ts.isIdentifier(declaration.name) &&
      declaration.type === undefined &&
      ts.getJSDocType(declaration) === undefined;
    return isPlain ? [declaration] : [];
  });
}

function isPart({ ts }: ModuleCode, node: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) || ts.isParenthesizedExpression(node)
  );
}

function isParse(code: ModuleCode, node: ts.Node): boolean {
  return code.ts.isCallExpression(node) && code.textOf(node.expression) === 'JSON.parse';
}
