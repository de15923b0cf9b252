/*
 * Errors of Amazon SQS: the shape of the JSON protocol, and the code of the query protocol that clients of both compare
 * (API reference "Common errors" and the errors of each action; names of shapes by @aws-sdk/client-sqs 3.1175).
 */

const queryCodes = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
  OverLimit: 'OverLimit',
  ReceiptHandleIsInvalid: 'ReceiptHandleIsInvalid',
  InvalidMessageContents: 'InvalidMessageContents',
  InvalidAttributeName: 'InvalidAttributeName',
  InvalidAttributeValue: 'InvalidAttributeValue',
  ResourceNotFoundException: 'ResourceNotFoundException',
  InvalidParameterValueException: 'InvalidParameterValue',
  MissingRequiredParameterException: 'MissingParameter',
  UnknownOperationException: 'InvalidAction',
  SerializationException: 'MalformedInput',
  AccessDeniedException: 'AccessDenied',
  InternalFailure: 'InternalFailure',
} as const;

/** Name of an error's shape. */
export type SqsErrorType = keyof typeof queryCodes;

/** What is not carried out, and why, in the service's own words. */
export class SqsError extends Error {
  override readonly name = 'SqsError';
  readonly type: SqsErrorType;

  constructor(type: SqsErrorType, message: string) {
    super(message);
    this.type = type;
  }

  get queryCode(): string {
    return queryCodes[this.type];
  }

  /** Whose fault it is. */
  get fault(): 'Sender' | 'Receiver' {
    return this.type === 'InternalFailure' ? 'Receiver' : 'Sender';
  }

  get status(): number {
    if (this.type === 'InternalFailure') return 500;
    return this.type === 'AccessDeniedException' ? 403 : 400;
  }

  /** Namespace of the shape: the service's own, or the one that all services share. */
  get shape(): string {
    const shared = /Exception$|^Internal/.test(this.type) && this.type !== 'ResourceNotFoundException';
    return `${shared ? 'com.amazon.coral.service' : 'com.amazonaws.sqs'}#${this.type}`;
  }
}

/** A parameter's value that is refused. */
export function invalidValue(value: unknown, parameter: string, reason: string): SqsError {
  const shown = typeof value === 'string' ? value.slice(0, 200) : JSON.stringify(value);
  return new SqsError(
    'InvalidParameterValueException',
    `Value ${shown} for parameter ${parameter} is invalid. Reason: ${reason}`,
  );
}
