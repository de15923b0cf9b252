import type ts from 'typescript';
import type { Binding } from './bindings.ts';
import type { HandlerCode } from './handlerCode.ts';
import type { ModuleCode } from './moduleCode.ts';

/** The parameter of a handler at a position, when it is a plain name. */
export function parameterOf(code: ModuleCode, handler: HandlerCode, index: number): Binding | undefined {
  const parameter = handler.root?.parameters[index];
  if (!parameter || parameter.dotDotDotToken || !code.ts.isIdentifier(parameter.name)) return undefined;
  return code.bindings.declaredBy(parameter.name);
}

/** Whether code uses a name: in itself, or in functions within it. */
export function mentions(code: ModuleCode, node: ts.Node, binding: Binding): boolean {
  return binding.references.some(({ pos, end }) => pos >= node.pos && end <= node.end);
}
