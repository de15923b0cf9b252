import type { InvocationRecord } from '../../model/invocationRecord.ts';
import { logTail } from '../logTail.ts';

/** The end of an invocation's log as Lambda writes it (`X-Amz-Log-Result`); console calls in its runtime's text format. */
export function tailLog(record: InvocationRecord): string {
  return logTail(
    record,
    ({ time, requestId, level, text }) =>
      `${time.toISOString()}\t${requestId}\t${level.toUpperCase()}\t${text.replaceAll('\n', '\r')}`,
  );
}
