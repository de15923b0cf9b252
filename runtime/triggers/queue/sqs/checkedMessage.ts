import { randomUUID } from 'node:crypto';
import { PorchlightError } from '../../../model/errors.ts';
import type { NewMessage } from '../../../model/queues/message.ts';
import type { QueueSettings } from '../../../model/queues/queueDefinition.ts';
import { readMessage } from './sendRules.ts';
import { SqsError } from './sqsError.ts';
import { SqsInput } from './sqsInput.ts';

/** A message as people send it by hand: text attributes, and what a FIFO queue needs may be left out. */
export interface MessageByHand {
  queue: string;
  body: string;
  attributes?: Record<string, string> | undefined;
  group?: string | undefined;
  deduplicationId?: string | undefined;
  delaySeconds?: number | undefined;
  tag?: string | undefined;
}

/** Checks it by the same rules as a message of a client. Throws `MESSAGE_REFUSED`. */
export function checkedMessage(given: MessageByHand, settings: QueueSettings): NewMessage {
  const { fifo, contentBasedDeduplication } = settings;
  const group = given.group ?? (fifo ? 'by-hand' : undefined);
  // Who sends the same by hand once more means it.
  const deduplicationId =
    given.deduplicationId ?? (fifo && !contentBasedDeduplication ? randomUUID() : undefined);
  const attributes = Object.entries(given.attributes ?? {}).map(([name, StringValue]) => [
    name,
    { DataType: 'String', StringValue },
  ]);
  const input = new SqsInput({
    MessageBody: given.body,
    MessageAttributes: Object.fromEntries(attributes) as object,
    ...(group !== undefined && { MessageGroupId: group }),
    ...(deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(given.delaySeconds !== undefined && { DelaySeconds: given.delaySeconds }),
  });
  try {
    const message = readMessage(input, settings);
    return given.tag === undefined ? message : { ...message, tag: given.tag };
  } catch (error) {
    if (!(error instanceof SqsError)) throw error;
    throw new PorchlightError('MESSAGE_REFUSED', { queue: given.queue, detail: error.message });
  }
}
