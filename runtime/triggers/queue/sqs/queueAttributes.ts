import {
  queueArn,
  queueBounds,
  queueDefaults,
  queueNameOf,
  type QueueSettings,
} from '../../../model/queues/queueDefinition.ts';
import type { LiveQueue } from '../liveQueue.ts';
import { invalidValue, SqsError } from './sqsError.ts';

/*
 * A queue's attributes as the API states them: texts by name (API reference "CreateQueue", "SetQueueAttributes",
 * "GetQueueAttributes").
 */

const numbers = {
  VisibilityTimeout: { setting: 'visibilityTimeoutMs', unit: 1000 },
  DelaySeconds: { setting: 'delayMs', unit: 1000 },
  MessageRetentionPeriod: { setting: 'retentionMs', unit: 1000 },
  ReceiveMessageWaitTimeSeconds: { setting: 'receiveWaitMs', unit: 1000 },
  MaximumMessageSize: { setting: 'maxMessageBytes', unit: 1 },
} as const;

type NumberName = keyof typeof numbers;

/** Kept and given back, without an effect on this machine. */
const kept = new Set([
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'FifoThroughputLimit',
]);

const counted = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
] as const;

/** Settings with the given attributes over them, and the attributes that are only kept. */
export function readAttributes(
  given: Record<string, string>,
  before: QueueSettings = queueDefaults,
): { settings: QueueSettings; kept: Record<string, string> } {
  const settings = { ...before };
  const others: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(numbers, name)) {
      const { setting, unit } = numbers[name as NumberName];
      settings[setting] = readNumber(name as NumberName, value) * unit;
    } else if (name === 'FifoQueue') settings.fifo = readTruth(name, value);
    else if (name === 'ContentBasedDeduplication')
      settings.contentBasedDeduplication = readTruth(name, value);
    else if (name === 'DeduplicationScope') {
      if (value !== 'queue' && value !== 'messageGroup') throw wrongValue(name);
      settings.deduplicationScope = value;
    } else if (name === 'RedrivePolicy') {
      if (value === '') delete settings.redrive;
      else settings.redrive = readRedrivePolicy(value);
    } else if (kept.has(name)) others[name] = value;
    else throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  return { settings, kept: others };
}

function wrongValue(name: string): SqsError {
  return new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

function readNumber(name: NumberName, value: string): number {
  const { min, max } = queueBounds[name];
  const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
  if (!(number >= min && number <= max)) throw wrongValue(name);
  return number;
}

function readTruth(name: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') throw wrongValue(name);
  return value === 'true';
}

function readRedrivePolicy(text: string): NonNullable<QueueSettings['redrive']> {
  const refuse = (reason: string) => invalidValue(text, 'RedrivePolicy', reason);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse('Redrive policy is not a valid JSON map.');
  }
  if (typeof value !== 'object' || value === null) throw refuse('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount } = value as Record<string, unknown>;
  if (typeof deadLetterTargetArn !== 'string')
    throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (maxReceiveCount === undefined)
    throw refuse('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const { min, max } = queueBounds.maxReceiveCount;
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < min || count > max)
    throw refuse(
      `Invalid value for maxReceiveCount: ${JSON.stringify(maxReceiveCount)}, valid values are from ${min} to ${max} both inclusive.`,
    );
  const target = deadLetterTargetArn.startsWith('arn:') ? queueNameOf(deadLetterTargetArn) : undefined;
  if (target === undefined) throw refuse('Invalid value for deadLetterTargetArn.');
  return { target, maxReceiveCount: count };
}

/** The attributes of a queue that are asked for; `All` for all of them. */
export function writeAttributes(
  live: LiveQueue,
  names: readonly string[],
  now: number,
): Record<string, string> {
  const { settings } = live.definition;
  const counts = live.queue.counts(now);
  const values: Record<string, string> = {
    QueueArn: queueArn(live.definition),
    ApproximateNumberOfMessages: String(counts.waiting),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(live.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(live.modifiedAt / 1000)),
    ...Object.fromEntries(
      Object.entries(numbers).map(([name, { setting, unit }]) => [name, String(settings[setting] / unit)]),
    ),
    SqsManagedSseEnabled: 'true',
    ...live.extra.attributes,
  };
  if (settings.redrive) {
    const { target, maxReceiveCount } = settings.redrive;
    const deadLetterTargetArn = queueArn({ ...live.definition, name: target });
    values['RedrivePolicy'] = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  }
  if (settings.fifo) {
    values['FifoQueue'] = 'true';
    values['ContentBasedDeduplication'] = String(settings.contentBasedDeduplication);
    values['DeduplicationScope'] = settings.deduplicationScope;
    values['FifoThroughputLimit'] ??= 'perQueue';
  }
  for (const name of names) checkAttributeName(name);
  if (names.includes('All')) return values;
  return Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]!]] : [])));
}

function checkAttributeName(name: string): void {
  const known =
    name === 'All' ||
    Object.hasOwn(numbers, name) ||
    kept.has(name) ||
    (counted as readonly string[]).includes(name) ||
    ['RedrivePolicy', 'FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope'].includes(name);
  if (!known) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
}

/** The first attribute whose stated value is another than the queue's. */
export function differingAttribute(live: LiveQueue, given: Record<string, string>): string | undefined {
  const { settings, kept: others } = readAttributes(given, live.definition.settings);
  const now = writeAttributes(live, ['All'], 0);
  for (const name of Object.keys(given)) {
    if (name in others && others[name] !== (now[name] ?? '')) return name;
  }
  const pairs = Object.entries(settings) as [keyof QueueSettings, unknown][];
  const other = pairs.find(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(live.definition.settings[name]),
  );
  if (!other) return undefined;
  return Object.keys(given).find((name) => {
    const one = readAttributes({ [name]: given[name]! }, live.definition.settings).settings;
    return JSON.stringify(one) !== JSON.stringify(live.definition.settings);
  });
}
