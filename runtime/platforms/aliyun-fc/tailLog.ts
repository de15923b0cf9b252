import { requestIdOf, type InvocationRecord, type LogEntry } from '../../model/invocationRecord.ts';

/** What `x-fc-log-result` holds at most, before base64. */
const tailBytes = 4096;

/** The end of an invocation's log as Function Compute writes it, as base64. */
export function tailLog(record: InvocationRecord): string {
  const requestId = requestIdOf(record);
  const text = record.logs.map((entry) => `${lineOf(entry, record.receivedAt, requestId)}\n`).join('');
  return Buffer.from(text, 'utf8').subarray(-tailBytes).toString('base64');
}

/**
 * Console calls as the runtimes from Node 18 on write them; what was written to the streams directly stands as it is.
 * Records know console calls by their place in the source.
 */
function lineOf(entry: LogEntry, receivedAt: number, requestId: string): string {
  if (entry.stream === 'platform' || !entry.at) return entry.text;
  const time = new Date(receivedAt + entry.t / 1000).toISOString().replace('T', ' ').replace('Z', '');
  return `${time} ${requestId} [${entry.level}] ${entry.text}`;
}
