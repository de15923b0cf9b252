import { idOfHandle, QueueFull } from '../embeddedQueue.ts';
import type { LiveQueue } from '../liveQueue.ts';
import { attributesMd5, bodyMd5, messageBytes, type Message } from '../../../model/queues/message.ts';
import { readMessage } from './sendRules.ts';
import { queueOf, type SqsAction, type SqsOutput } from './sqsContext.ts';
import { invalidValue, SqsError } from './sqsError.ts';
import type { SqsInput } from './sqsInput.ts';
import {
  shownSequence,
  systemAttributes,
  systemAttributeNames,
} from '../../../model/queues/systemAttributes.ts';
import { receiveWaiting } from './receiveWaiting.ts';

/* Actions on messages, single and in batches. */

const mostEntries = 10;
/** Bytes of all messages of a batch (SQS quotas; 1 MiB since August 2025). */
const batchBytes = 1_048_576;
const visibility = { min: 0, max: 43_200 };

function send(input: SqsInput, live: LiveQueue, now: number): SqsOutput {
  const message = readMessage(input, live.definition.settings);
  const sent = sendTo(live, now, message);
  const attributes = attributesMd5(message.attributes ?? {});
  const system =
    message.traceHeader === undefined
      ? undefined
      : attributesMd5({ AWSTraceHeader: { dataType: 'String', stringValue: message.traceHeader } });
  return {
    MessageId: sent.id,
    MD5OfMessageBody: bodyMd5(message.body),
    ...(attributes !== undefined && { MD5OfMessageAttributes: attributes }),
    ...(system !== undefined && { MD5OfMessageSystemAttributes: system }),
    ...(live.definition.settings.fifo && { SequenceNumber: shownSequence(sent.sequence) }),
  };
}

function sendTo(live: LiveQueue, now: number, message: Parameters<LiveQueue['queue']['send']>[1]) {
  try {
    return live.queue.send(now, message);
  } catch (error) {
    if (error instanceof QueueFull) throw new SqsError('OverLimit', error.message);
    throw error;
  }
}

const sendMessage: SqsAction = (input, context) =>
  send(input, queueOf(input, context), context.clock.epochMs());

const sendMessageBatch: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  const entries = entriesOf(input, 'SendMessageBatchRequestEntry');
  const bytes = entries.reduce((sum, [, entry]) => sum + sizeOf(entry), 0);
  if (bytes > batchBytes) {
    throw new SqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${batchBytes} bytes. You have sent ${bytes} bytes.`,
    );
  }
  return batch(entries, (entry) => send(entry, live, context.clock.epochMs()));
};

function sizeOf(entry: SqsInput): number {
  const attributes = entry.inputs('MessageAttributes').map(([name, value]) => {
    const binaryValue = value.optionalText('BinaryValue');
    const stringValue = value.optionalText('StringValue');
    const dataType = value.optionalText('DataType') ?? '';
    return [name, { dataType, ...(binaryValue ? { binaryValue } : { stringValue: stringValue ?? '' }) }];
  });
  const body = entry.optionalText('MessageBody') ?? '';
  return messageBytes({ body, attributes: Object.fromEntries(attributes) as Message['attributes'] });
}

const receiveMessage: SqsAction = async (input, context) => {
  const live = queueOf(input, context);
  const max = input.optionalWhole(
    'MaxNumberOfMessages',
    { min: 1, max: 10 },
    'Must be between 1 and 10, if provided.',
  );
  const timeoutS = input.optionalWhole(
    'VisibilityTimeout',
    visibility,
    'Must be between 0 and 43200, if provided.',
  );
  const waitS = input.optionalWhole(
    'WaitTimeSeconds',
    { min: 0, max: 20 },
    'Must be >= 0 and <= 20, if provided.',
  );
  const system = [...input.texts('AttributeNames'), ...input.texts('MessageSystemAttributeNames')];
  const unknown = system.find((name) => name !== 'All' && !systemAttributeNames.includes(name));
  if (unknown !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const wanted = input.texts('MessageAttributeNames');
  const messages = await receiveWaiting(live, {
    clock: context.clock,
    signal: context.signal,
    waitMs: waitS === undefined ? live.definition.settings.receiveWaitMs : waitS * 1000,
    receive: {
      max: max ?? 1,
      ...(timeoutS !== undefined && { visibilityTimeoutMs: timeoutS * 1000 }),
    },
  });
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => shown(message, live, system, wanted)) };
};

function shown(message: Message, live: LiveQueue, system: string[], wanted: string[]): SqsOutput {
  const all = systemAttributes(message, live.definition);
  const names = system.includes('All') ? systemAttributeNames : system;
  const Attributes = Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name]!]] : [])));
  const chosen = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => wanted.some((pattern) => isWanted(name, pattern))),
  );
  const md5 = attributesMd5(chosen);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: bodyMd5(message.body),
    Body: message.body,
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(md5 !== undefined && {
      MD5OfMessageAttributes: md5,
      MessageAttributes: Object.fromEntries(
        Object.entries(chosen).map(([name, { dataType, stringValue, binaryValue }]) => [
          name,
          {
            ...(stringValue !== undefined && { StringValue: stringValue }),
            ...(binaryValue !== undefined && { BinaryValue: binaryValue }),
            DataType: dataType,
          },
        ]),
      ),
    }),
  };
}

/** `All`, a name, or the beginning of names: `prefix.*`. */
function isWanted(name: string, pattern: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : name === pattern;
}

function handleOf(input: SqsInput): string {
  const handle = input.text('ReceiptHandle');
  if (idOfHandle(handle) === undefined) {
    throw new SqsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle.slice(0, 200)}" is not a valid receipt handle.`,
    );
  }
  return handle;
}

function remove(input: SqsInput, live: LiveQueue, now: number): SqsOutput {
  const handle = handleOf(input);
  const message = live.queue.byHandle(handle);
  // In a FIFO queue a handle ends with its visibility time-out: what comes next may have begun.
  if (message && live.definition.settings.fifo && live.queue.stateOf(message, now) !== 'inFlight')
    throw invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  live.queue.delete(handle);
  return {};
}

const deleteMessage: SqsAction = (input, context) =>
  remove(input, queueOf(input, context), context.clock.epochMs());

const deleteMessageBatch: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  const entries = entriesOf(input, 'DeleteMessageBatchRequestEntry');
  return batch(entries, (entry) => remove(entry, live, context.clock.epochMs()));
};

function changeVisibility(input: SqsInput, live: LiveQueue, now: number): SqsOutput {
  const handle = handleOf(input);
  const reason = 'VisibilityTimeout must be an integer between 0 and 43200';
  const seconds = input.optionalWhole('VisibilityTimeout', visibility, reason);
  if (seconds === undefined)
    throw new SqsError(
      'MissingRequiredParameterException',
      'The request must contain the parameter VisibilityTimeout.',
    );
  if (live.queue.changeVisibility(now, handle, seconds * 1000)) return {};
  if (live.queue.byHandle(handle))
    throw new SqsError('MessageNotInflight', `The specified message isn't in flight.`);
  throw invalidValue(
    handle,
    'ReceiptHandle',
    'Message does not exist or is not available for visibility timeout change.',
  );
}

const changeMessageVisibility: SqsAction = (input, context) =>
  changeVisibility(input, queueOf(input, context), context.clock.epochMs());

const changeMessageVisibilityBatch: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  const entries = entriesOf(input, 'ChangeMessageVisibilityBatchRequestEntry');
  return batch(entries, (entry) => changeVisibility(entry, live, context.clock.epochMs()));
};

function entriesOf(input: SqsInput, kind: string): [id: string, entry: SqsInput][] {
  const entries = input.items('Entries');
  if (entries.length === 0)
    throw new SqsError('EmptyBatchRequest', `There should be at least one ${kind} in the request.`);
  if (entries.length > mostEntries) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${mostEntries}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  return entries.map((entry) => {
    const id = entry.text('Id');
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) {
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
    return [id, entry];
  });
}

/** Each entry for itself: one that fails is told, the others are carried out. */
function batch(entries: [string, SqsInput][], carryOut: (entry: SqsInput) => SqsOutput): SqsOutput {
  const Successful: SqsOutput[] = [];
  const Failed: SqsOutput[] = [];
  for (const [id, entry] of entries) {
    try {
      Successful.push({ Id: id, ...carryOut(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      const SenderFault = error.fault === 'Sender';
      Failed.push({ Id: id, SenderFault, Code: error.queryCode, Message: error.message });
    }
  }
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

/** By the name of the action. */
export const messageActions: Record<string, SqsAction> = {
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  ReceiveMessage: receiveMessage,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
};
