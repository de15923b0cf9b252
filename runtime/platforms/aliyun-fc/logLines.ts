import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { requestIdOf, type InvocationSummary } from '../../model/invocationRecord.ts';

/** Lines Function Compute writes before a handler runs (FC documentation "Logs", published Node.js runtime). */
export function startLines(definition: FunctionDefinition, summary: InvocationSummary): string[] {
  const lines: string[] = [];
  if (summary.startKind !== 'warm') {
    lines.push(`FunctionCompute ${definition.runtime ?? 'nodejs20'} runtime inited.`);
    if (definition.initializer) {
      lines.push(
        `FC Initialize Start RequestId: ${requestIdOf(summary)}`,
        `FC Initialize End RequestId: ${requestIdOf(summary)}`,
      );
    }
    lines.push(`load code for handler:${definition.handler}`);
  }
  return [...lines, `FC Invoke Start RequestId: ${requestIdOf(summary)}`];
}

/** The end of an invocation and its summary. */
export function endLines(definition: FunctionDefinition, summary: InvocationSummary): string[] {
  const memory = summary.maxMemoryMB.toFixed(2);
  return [
    `FC Invoke End RequestId: ${requestIdOf(summary)}${suffixOf(summary)}`,
    `Duration: ${summary.durationMs.toFixed(2)} ms, Billed Duration: ${summary.billedMs} ms, ` +
      `Memory Size: ${definition.memoryMB} MB, Max Memory Used: ${memory} MB`,
  ];
}

function suffixOf(summary: InvocationSummary): string {
  switch (summary.status) {
    case 'ok':
    case 'running':
      return '';
    case 'interrupted': {
      const facts = `duration: ${Math.round(summary.durationMs)}ms, maxMemoryUsage: ${Math.round(summary.maxMemoryMB)}MB`;
      return `, Error: Invocation canceled by client (${facts})`;
    }
    default:
      return summary.error?.type === 'FunctionHandledError'
        ? ', Error: Handled function error'
        : ', Error: Unhandled function error';
  }
}
