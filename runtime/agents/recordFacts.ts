import type { InvocationRecord, InvocationSummary, LogEntry, StoredBody } from '../model/invocationRecord.ts';

/** Characters of a body, log lines, and characters of a line that an answer holds. */
export const answerLimits = { body: 8000, logLines: 200, logLine: 1000 } as const;

const ms = (microseconds: number): number => Math.round(microseconds / 10) / 100;

/** What lists tell of an invocation. */
export function summaryFacts(summary: InvocationSummary): Record<string, unknown> {
  const {
    id,
    function: name,
    status,
    startKind,
    receivedAt,
    wallMs,
    durationMs,
    error,
    label,
    parent,
  } = summary;
  return {
    id,
    function: name,
    status,
    ...(startKind && { startKind }),
    receivedAt: new Date(receivedAt).toISOString(),
    wallMs,
    handlerMs: durationMs,
    ...(label !== undefined && { label }),
    ...(parent !== undefined && { calledBy: parent }),
    ...(error && { error: `${error.type}: ${error.message}`.slice(0, 500) }),
    logLines: summary.logCount,
  };
}

/** Everything an answer tells of one invocation; its log by the first lines. */
export function recordFacts(record: InvocationRecord, logLines = 50): Record<string, unknown> {
  const { phases, billedMs, memoryMB, maxMemoryMB, error, notes, warnings = [], debugged, pausedMs } = record;
  return {
    ...summaryFacts(record),
    platform: record.platform,
    trigger: record.trigger,
    phases: phases.map(({ name, durationUs }) => ({ name, ms: ms(durationUs) })),
    billedMs,
    memoryMB,
    maxMemoryMB,
    ...(debugged && { debugged, pausedMs }),
    ...(error && {
      error: {
        type: error.type,
        message: error.message,
        ...(error.at && { at: error.at }),
        stack: error.stack,
      },
    }),
    ...(notes.length > 0 && { notes }),
    ...(warnings.length > 0 && { warnings: warnings.map(({ text, at }) => ({ text, ...(at && { at }) })) }),
    event: bodyFacts(record.event),
    ...(record.result && { result: bodyFacts(record.result) }),
    logs: record.logs.slice(0, logLines).map(logFacts),
    ...(record.logs.length > logLines && { moreLogLines: record.logs.length - logLines }),
  };
}

/** A line of a log with the place that printed it. */
export function logFacts({ level, text, at, stream }: LogEntry): Record<string, unknown> {
  return {
    level,
    ...(stream === 'platform' && { stream }),
    text: cut(text, answerLimits.logLine),
    ...(at && { at: `${at.file}:${at.line}` }),
  };
}

function bodyFacts({ encoding, data, size }: StoredBody): Record<string, unknown> {
  if (encoding !== 'utf8') return { bytes: size, note: 'not text' };
  return { bytes: size, text: cut(data, answerLimits.body) };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length - length} more characters)`;
}
