import type { InvocationRecord } from '../../model/invocationRecord.ts';
import { logTail } from '../logTail.ts';

/** The end of an invocation's log as Function Compute writes it (`x-fc-log-result`); console calls as its runtimes from Node 18 on. */
export function tailLog(record: InvocationRecord): string {
  return logTail(record, ({ time, requestId, level, text }) => {
    const shown = time.toISOString().replace('T', ' ').replace('Z', '');
    return `${shown} ${requestId} [${level}] ${text}`;
  });
}
