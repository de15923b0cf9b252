import type { QueueSettings } from '../../../model/queues/queueDefinition.ts';
import { messageBytes, type MessageAttribute, type NewMessage } from '../../../model/queues/message.ts';
import { invalidValue, SqsError } from './sqsError.ts';
import type { SqsInput } from './sqsInput.ts';

/** Attributes a message may have (SQS quotas "Message attributes"). */
const mostAttributes = 10;

/** Characters a body may have: those of XML 1.0 (API reference "SendMessage"); a lone surrogate is none. */
const allowed = /^(?:[\t\n\r\x20-\uD7FF\uE000-\uFFFD]|[\uD800-\uDBFF][\uDC00-\uDFFF])*$/;

/** A message as a request or an entry of a batch states it, checked by the service's rules. */
export function readMessage(input: SqsInput, settings: QueueSettings): NewMessage {
  const body = input.text('MessageBody');
  const attributes = readAttributes(input, 'MessageAttributes');
  const message: NewMessage = { body, ...(attributes && { attributes }) };
  const bytes = messageBytes(message);
  if (bytes > settings.maxMessageBytes) {
    throw new SqsError(
      'InvalidParameterValueException',
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.maxMessageBytes} bytes.`,
    );
  }
  if (!allowed.test(body))
    throw new SqsError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
  const delayS = input.optionalWhole(
    'DelaySeconds',
    { min: 0, max: 900 },
    'DelaySeconds must be >= 0 and <= 900.',
  );
  if (delayS !== undefined) {
    if (settings.fifo && delayS > 0) throw invalidValue(delayS, 'DelaySeconds', notForThisType);
    if (!settings.fifo) message.delayMs = delayS * 1000;
  }
  Object.assign(message, readGroup(input, settings));
  const trace = readTrace(input);
  if (trace !== undefined) message.traceHeader = trace;
  return message;
}

const notForThisType = 'The request include parameter that is not valid for this queue type.';

function readGroup(
  input: SqsInput,
  settings: QueueSettings,
): Pick<NewMessage, 'groupId' | 'deduplicationId'> {
  const groupId = settings.fifo ? input.text('MessageGroupId') : input.optionalText('MessageGroupId');
  const deduplicationId = input.optionalText('MessageDeduplicationId');
  for (const [name, value] of [
    ['MessageGroupId', groupId],
    ['MessageDeduplicationId', deduplicationId],
  ] as const) {
    if (value !== undefined && !/^[\x21-\x7e]{1,128}$/.test(value)) {
      const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
      throw invalidValue(value, name, reason);
    }
  }
  if (deduplicationId !== undefined && !settings.fifo)
    throw invalidValue(deduplicationId, 'MessageDeduplicationId', notForThisType);
  if (settings.fifo && deduplicationId === undefined && !settings.contentBasedDeduplication) {
    throw new SqsError(
      'InvalidParameterValueException',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return {
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
  };
}

function readTrace(input: SqsInput): string | undefined {
  const system = readAttributes(input, 'MessageSystemAttributes');
  const other = Object.keys(system ?? {}).find((name) => name !== 'AWSTraceHeader');
  if (other !== undefined) {
    throw new SqsError(
      'InvalidParameterValueException',
      `Message system attribute name '${other}' is invalid. Only AWSTraceHeader is supported.`,
    );
  }
  return system?.['AWSTraceHeader']?.stringValue;
}

function readAttributes(input: SqsInput, parameter: string): Record<string, MessageAttribute> | undefined {
  const given = input.inputs(parameter);
  if (given.length === 0) return undefined;
  if (given.length > mostAttributes) {
    throw new SqsError(
      'InvalidParameterValueException',
      `Number of message attributes [${given.length}] exceeds the allowed maximum [${mostAttributes}].`,
    );
  }
  return Object.fromEntries(given.map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, input: SqsInput): MessageAttribute {
  const refuse = (message: string) => new SqsError('InvalidParameterValueException', message);
  if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name) || /^\.|\.\.|\.$/.test(name) || /^(aws|amazon)\./i.test(name))
    throw refuse(`The message attribute name '${name.slice(0, 256)}' is invalid.`);
  const dataType = input.optionalText('DataType') ?? '';
  if (dataType === '')
    throw refuse(`The message attribute '${name}' must contain non-empty message attribute type.`);
  if (!/^(String|Number|Binary)(\.[A-Za-z0-9_.-]+)?$/.test(dataType) || dataType.length > 256) {
    throw refuse(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const binary = dataType.startsWith('Binary');
  const value = input.optionalText(binary ? 'BinaryValue' : 'StringValue');
  if (value === undefined || value === '') {
    throw refuse(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  }
  if (!binary && !allowed.test(value))
    throw refuse(`The message attribute '${name}' contains characters outside the allowed set.`);
  if (dataType.startsWith('Number') && !/^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(value))
    throw refuse(`Can't cast the value of message attribute '${name}' to a number.`);
  return binary ? { dataType, binaryValue: value } : { dataType, stringValue: value };
}
