import { requestIdOf, type InvocationRecord } from '../model/invocationRecord.ts';

/** What an answer carries of a log at most, before base64: the same on every platform that carries one. */
const tailBytes = 4096;

/** A console call as a platform's runtime writes it; `time` is when it was made. */
export type ConsoleLine = (line: { time: Date; requestId: string; level: string; text: string }) => string;

/**
 * The end of an invocation's log as base64. What was written to the streams directly stands as it is; records know
 * console calls by their place in the source.
 */
export function logTail(record: InvocationRecord, consoleLine: ConsoleLine): string {
  const requestId = requestIdOf(record);
  const lines = record.logs.map(({ t, level, text, stream, at }) => {
    if (stream === 'platform' || !at) return `${text}\n`;
    return `${consoleLine({ time: new Date(record.receivedAt + t / 1000), requestId, level, text })}\n`;
  });
  return Buffer.from(lines.join(''), 'utf8').subarray(-tailBytes).toString('base64');
}
