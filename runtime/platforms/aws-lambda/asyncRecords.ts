import type { AsyncCondition } from '../../model/asyncInvoke.ts';
import type { AsyncDeadLetter, AsyncEnd } from '../../model/invokeApi.ts';

const conditions: Record<AsyncCondition, string> = {
  success: 'Success',
  retriesExhausted: 'RetriesExhausted',
  eventAgeExceeded: 'EventAgeExceeded',
};

/** What a destination gets (developer guide "Capturing records of Lambda asynchronous invocations"). */
export function destinationRecord(end: AsyncEnd): object {
  const { requestId, definition, condition, attempts, event, last, now } = end;
  const { region, accountId, name } = definition;
  const failed = last?.outcome.kind === 'error';
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId,
      functionArn: `arn:aws:lambda:${region}:${accountId}:function:${name}:$LATEST`,
      condition: conditions[condition],
      approximateInvokeCount: attempts,
    },
    requestPayload: parsed(event),
    ...(last && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(failed && { functionError: 'Unhandled' }),
      },
      responsePayload: parsed(last.outcome.body),
    }),
  };
}

/** Bytes of an error's message that go along. */
const messageBytes = 1024;

/** What a dead-letter queue gets: the event itself, and why (developer guide "Dead-letter queues"). */
export function deadLetter({ requestId, event, last }: AsyncEnd): AsyncDeadLetter {
  const message =
    last?.outcome.kind === 'error' ? last.outcome.error.message : 'The event was not handled in time.';
  const attributes: AsyncDeadLetter['attributes'] = {
    RequestID: { dataType: 'String', stringValue: requestId },
    ErrorCode: { dataType: 'Number', stringValue: '200' },
    ErrorMessage: {
      dataType: 'String',
      stringValue: Buffer.from(message).subarray(0, messageBytes).toString('utf8') || '-',
    },
  };
  return { body: Buffer.from(event).toString('utf8'), attributes };
}

function parsed(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
