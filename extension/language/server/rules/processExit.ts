import type ts from 'typescript';
import type { Finding, Rule } from './rule.ts';
import { isInHandler } from './syntax/handlerCode.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** `process.exit()` and `process.abort()` in a handler end the instance in the middle of an invocation. */
export const processExit: Rule = {
  id: 'process-exit',
  check({ code, handler }) {
    const { ts } = code;
    const found: Finding[] = [];
    for (const node of code.calls) {
      if (!ts.isPropertyAccessExpression(node.expression)) continue;
      const { expression: object, name } = node.expression;
      if (name.text !== 'exit' && name.text !== 'abort') continue;
      if (!ts.isIdentifier(object) || object.text !== 'process' || !isProcess(object)) continue;
      if (!isInHandler(code, handler, node)) continue;
      found.push({
        start: code.start(node),
        end: node.expression.end,
        message: l10n.t(
          'process.{0}() ends the instance: this invocation fails, and so does everything else that the instance does. Throw an error, or return.',
          name.text,
        ),
      });
    }
    return found;

    function isProcess(node: ts.Identifier): boolean {
      return code.bindings.isGlobal(node) || code.importOf(node)?.module === 'process';
    }
  },
};
