import { requestIdOf, type InvocationRecord, type LogEntry } from '../model/invocationRecord.ts';

/** What an answer carries of a log at most, before base64: the same on every platform that carries one. */
const tailBytes = 4096;

/** A console call or an entry of a logger; `time` is when it was made. */
export interface LoggedLine extends Pick<LogEntry, 'level' | 'text' | 'stream'> {
  time: Date;
  requestId: string;
}

/** How the runtime of a language writes such a line. */
export type ConsoleLine = (line: LoggedLine) => string;

/**
 * The end of an invocation's log as base64. What was written to the streams directly stands as it is; records know
 * console calls by their place in the source.
 */
export function logTail(record: InvocationRecord, consoleLine: ConsoleLine): string {
  const requestId = requestIdOf(record);
  const lines = record.logs.map(({ t, level, text, stream, at }) => {
    if (stream === 'platform' || !at) return `${text}\n`;
    const time = new Date(record.receivedAt + t / 1000);
    return `${consoleLine({ time, requestId, level, text, stream })}\n`;
  });
  return Buffer.from(lines.join(''), 'utf8').subarray(-tailBytes).toString('base64');
}

const pythonLevels: Partial<Record<string, string>> = { warn: 'WARNING', fatal: 'CRITICAL' };

/** The name of a level in Python's `logging`. */
export function pythonLevel(level: string): string {
  return pythonLevels[level] ?? level.toUpperCase();
}

/** Whether it is of `print`, which writes its text alone; loggers write to the other stream. */
export function isPrinted({ stream }: LoggedLine): boolean {
  return stream === 'stdout';
}
