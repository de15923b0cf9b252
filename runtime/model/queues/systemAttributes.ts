import type { QueueDefinition } from './queueDefinition.ts';
import type { Message } from './message.ts';

/** What a queue says about a message (API reference "ReceiveMessage"). */
export const systemAttributeNames: readonly string[] = [
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
];

/** Sequence numbers of FIFO queues have 20 digits and grow, not one by one. */
export function shownSequence(sequence: number): string {
  return String(18_849_496_460_467_696_128n + BigInt(sequence) * 256n);
}

/** All a queue says about a message; times are milliseconds since the epoch. */
export function systemAttributes(
  message: Message,
  { accountId, settings }: Pick<QueueDefinition, 'accountId' | 'settings'>,
): Record<string, string> {
  const { groupId, deduplicationId, traceHeader, diedIn, firstReceivedAt } = message;
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(Math.floor(message.sentAt)),
    ...(settings.fifo && { SequenceNumber: shownSequence(message.sequence) }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
    // Here anybody may send: nobody has an identity.
    SenderId: accountId,
    ...(settings.fifo && deduplicationId !== undefined && { MessageDeduplicationId: deduplicationId }),
    ...(firstReceivedAt !== undefined && {
      ApproximateFirstReceiveTimestamp: String(Math.floor(firstReceivedAt)),
    }),
    ...(traceHeader !== undefined && { AWSTraceHeader: traceHeader }),
    ...(diedIn !== undefined && { DeadLetterQueueSourceArn: diedIn }),
  };
}
