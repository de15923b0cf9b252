import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { requestIdOf, type InvocationError, type InvocationSummary } from '../../model/invocationRecord.ts';
import { shownRuntime } from '../../model/usualRuntimes.ts';
import type { FailureFacts, HookName, LifeCycleEvent } from '../../model/platform.ts';
import { offers } from './environment.ts';
import { pythonErrorBody } from './pythonErrors.ts';

/** Lines Function Compute writes before a handler runs (FC documentation "Logs", published Node.js runtime). */
export function startLines(definition: FunctionDefinition, summary: InvocationSummary): string[] {
  const load = summary.startKind === 'warm' ? [] : loadLines(definition, definition.handler);
  return [`FC Invoke Start RequestId: ${requestIdOf(summary)}`, ...load];
}

/** What the Node.js runtime writes when a handler is called for the first time, as the first of its own lines. */
function loadLines({ language }: FunctionDefinition, handler: string | undefined): string[] {
  return language === 'nodejs' && handler !== undefined ? [`load code for handler:${handler}`] : [];
}

const hookWords: Record<HookName, string> = {
  initializer: 'Initialize',
  preFreeze: 'PreFreeze',
  preStop: 'PreStop',
};

/** What is written about an instance: that it runs, and when its hooks begin and end. */
export function lifeCycleLines(definition: FunctionDefinition, event: LifeCycleEvent): string[] {
  if (event.kind === 'booted') {
    const runtime = shownRuntime(definition, {
      version: event.version,
      offers: offers[definition.language],
    });
    return [`FunctionCompute ${runtime} runtime inited.`];
  }
  if (event.kind !== 'hook') return [];
  const edge = event.edge === 'start' ? 'Start' : 'End';
  const suffix = event.failed ? ', Error: Unhandled function error' : '';
  const line = `FC ${hookWords[event.hook]} ${edge} RequestId: ${event.requestId}${suffix}`;
  // The other hooks are written of beside an invocation that loaded their module.
  const loads = event.hook === 'initializer' && event.edge === 'start';
  return [line, ...(loads ? loadLines(definition, definition.initializer?.handler) : [])];
}

/**
 * What the Python runtime's logger writes for an error. That of Node.js writes nothing: what failed stands in the answer
 * and in the suffix of the end line.
 */
export function failureLines(error: InvocationError, facts: FailureFacts): string[] {
  if (facts.language !== 'python') return [];
  return [`${facts.at.toISOString()} ${facts.requestId} [ERROR] ${pythonErrorBody(error)}`];
}

/** The end of an invocation and its summary. A handler that was never called has no end. */
export function endLines(
  definition: FunctionDefinition,
  summary: InvocationSummary,
  started = true,
): string[] {
  const memory = summary.maxMemoryMB.toFixed(2);
  return [
    ...(started ? [`FC Invoke End RequestId: ${requestIdOf(summary)}${suffixOf(summary)}`] : []),
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
