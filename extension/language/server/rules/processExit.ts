import type ts from 'typescript';
import type { Finding, Rule } from './rule.ts';
import { isInHandler } from './syntax/handlerCode.ts';

/** `process.exit()` and `process.abort()` in a handler end the instance in the middle of an invocation. */
export const processExit: Rule = {
  id: 'process-exit',
  check({ code, handler }) {
    const { ts } = code;
    const found: Finding[] = [];
    code.visit(code.source, (node) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      const { expression: object, name } = node.expression;
      if (name.text !== 'exit' && name.text !== 'abort') return;
      if (!ts.isIdentifier(object) || object.text !== 'process' || !isProcess(object)) return;
      if (!isInHandler(code, handler, node)) return;
      found.push({
        start: code.start(node),
        end: node.expression.end,
        message:
          `process.${name.text}() ends the instance: this invocation fails, and so does everything else ` +
          'that the instance does. Throw an error, or return.',
      });
    });
    return found;

    function isProcess(node: ts.Identifier): boolean {
      return code.bindings.isGlobal(node) || code.importOf(node)?.module === 'process';
    }
  },
};
