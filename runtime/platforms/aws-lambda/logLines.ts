import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import {
  requestIdOf,
  type InvocationError,
  type InvocationSummary,
  type Phase,
} from '../../model/invocationRecord.ts';
import type { FailureFacts, LifeCycleEvent } from '../../model/platform.ts';
import { withinTimeout } from '../../model/withinTimeout.ts';
import { pythonFailureLine } from './pythonErrors.ts';

/** Stages that are reported as init. Booting the interpreter is left out: here it says nothing of the cloud. */
const initStages: readonly Phase['name'][] = ['load', 'init'];

/** The line before a handler runs. */
export function startLines(_definition: FunctionDefinition, summary: InvocationSummary): string[] {
  return [`START RequestId: ${requestIdOf(summary)} Version: $LATEST`];
}

/** What is written about an instance: an initialization that failed (developer guide "Execution environment lifecycle"). */
export function lifeCycleLines(_definition: FunctionDefinition, event: LifeCycleEvent): string[] {
  if (event.kind !== 'initFailed') return [];
  const { phase, status, durationMs, errorType } = event;
  const parts = [
    `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms`,
    `Phase: ${phase}`,
    `Status: ${status}`,
    ...(status === 'error' ? [`Error Type: ${errorType}`] : []),
  ];
  return [parts.join('\t')];
}

/** What the Node.js runtime interface client writes for an error: a line with the error as JSON. */
export function failureLines(error: InvocationError, facts: FailureFacts): string[] {
  if (facts.language === 'python') return [pythonFailureLine(error)];
  // Programs write what their own client writes.
  if (facts.language === 'custom') return [];
  const rejected = error.type === 'Runtime.UnhandledPromiseRejection';
  const title =
    facts.from === 'handler'
      ? 'Invoke Error'
      : rejected
        ? 'Unhandled Promise Rejection'
        : 'Uncaught Exception';
  const json = JSON.stringify({ errorType: error.type, errorMessage: error.message, stack: error.stack });
  // Before an event is there the client knows no request.
  const id = facts.from === 'init' ? 'undefined' : facts.requestId;
  return [`${facts.at.toISOString()}\t${id}\tERROR\t${title} \t${json}`];
}

/** END and REPORT (developer guide "Logging"), and behind them what ended the invocation, as Lambda orders it. */
export function endLines(definition: FunctionDefinition, summary: InvocationSummary): string[] {
  const report = [
    `REPORT RequestId: ${requestIdOf(summary)}`,
    `Duration: ${withinTimeout(summary, definition).toFixed(2)} ms`,
    `Billed Duration: ${summary.billedMs} ms`,
    `Memory Size: ${definition.memoryMB} MB`,
    `Max Memory Used: ${Math.ceil(summary.maxMemoryMB)} MB`,
    ...(hasOwnInit(summary) ? [`Init Duration: ${initMs(summary).toFixed(2)} ms`] : []),
    '',
  ];
  return [`END RequestId: ${requestIdOf(summary)}`, report.join('\t'), ...endedBy(summary)];
}

/** An initialization that was repeated within the invocation is part of its duration. */
function hasOwnInit({ startKind, phases }: InvocationSummary): boolean {
  return startKind !== 'warm' && phases.filter(({ name }) => name === 'load').length < 2;
}

function initMs(summary: InvocationSummary): number {
  const stages = summary.phases.filter((phase) => initStages.includes(phase.name));
  return stages.reduce((sum, phase) => sum + phase.durationUs - (phase.pausedUs ?? 0), 0) / 1000;
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
