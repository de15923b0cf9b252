import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { requestIdOf, type InvocationSummary, type Phase } from '../../model/invocationRecord.ts';

/** Stages that are reported as init. Booting the interpreter is left out: here it says nothing of the cloud. */
const initStages: readonly Phase['name'][] = ['load', 'init'];

/** The line before a handler runs. */
export function startLines(_definition: FunctionDefinition, summary: InvocationSummary): string[] {
  return [`START RequestId: ${requestIdOf(summary)} Version: $LATEST`];
}

/** END and REPORT (developer guide "Logging"), and behind them what ended the invocation, as Lambda orders it. */
export function endLines(definition: FunctionDefinition, summary: InvocationSummary): string[] {
  const report = [
    `REPORT RequestId: ${requestIdOf(summary)}`,
    `Duration: ${summary.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${summary.billedMs} ms`,
    `Memory Size: ${definition.memoryMB} MB`,
    `Max Memory Used: ${Math.ceil(summary.maxMemoryMB)} MB`,
    ...(summary.startKind === 'warm' ? [] : [`Init Duration: ${initMs(summary).toFixed(2)} ms`]),
    '',
  ];
  return [`END RequestId: ${requestIdOf(summary)}`, report.join('\t'), ...endedBy(summary)];
}

function initMs(summary: InvocationSummary): number {
  const stages = summary.phases.filter((phase) => initStages.includes(phase.name));
  return stages.reduce((sum, phase) => sum + phase.durationUs, 0) / 1000;
}

function endedBy(summary: InvocationSummary): string[] {
  const { status, error } = summary;
  if (!error || !['timeout', 'crashed', 'oom'].includes(status)) {
    return [];
  }
  if (status === 'timeout') {
    const at = new Date(summary.receivedAt + summary.wallMs).toISOString();
    return [`${at} ${requestIdOf(summary)} ${error.message.replace(/^RequestId: \S+ Error: /, '')}`];
  }
  return [error.message, error.type];
}
