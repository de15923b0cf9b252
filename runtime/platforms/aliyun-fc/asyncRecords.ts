import type { AsyncCondition } from '../../model/asyncInvoke.ts';
import type { AsyncEnd } from '../../model/invokeApi.ts';
import { arnOf } from './cloudName.ts';
import { errorTypeOf } from './errorType.ts';

/** Words for the conditions; those of failures are unverified and taken from Lambda, whose record it resembles. */
const conditions: Record<AsyncCondition, string> = {
  success: 'Success',
  retriesExhausted: 'RetriesExhausted',
  eventAgeExceeded: 'EventAgeExceeded',
};

/** What a destination gets (FC documentation, "Result callback"): payloads are text. */
export function destinationRecord(end: AsyncEnd): object {
  const { requestId, definition, condition, attempts, event, last, now } = end;
  return {
    timestamp: Math.floor(now),
    requestContext: {
      requestId,
      functionArn: arnOf(definition),
      condition: conditions[condition],
      approximateInvokeCount: attempts,
    },
    requestPayload: Buffer.from(event).toString('utf8'),
    responseContext: {
      statusCode: 200,
      functionError: last?.outcome.kind === 'error' ? errorTypeOf(last.outcome) : '',
    },
    responsePayload: last ? Buffer.from(last.outcome.body).toString('utf8') : '',
  };
}
