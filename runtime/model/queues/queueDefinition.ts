import type { PlatformId, SourcePosition } from '../words.ts';

/** Where messages go that were handed out in vain too often. */
export interface RedrivePolicy {
  /** Name of the dead-letter queue. */
  target: string;
  /** A message that has been handed out this often is moved instead of being handed out again. */
  maxReceiveCount: number;
}

/** What a queue does with its messages. Times in milliseconds. */
export interface QueueSettings {
  /** Keeps the order of each message group and drops repetitions. */
  fifo: boolean;
  /** For how long nobody else gets a message that was handed out. */
  visibilityTimeoutMs: number;
  /** For how long a new message waits before it may be handed out. */
  delayMs: number;
  /** A message older than this is removed. */
  retentionMs: number;
  /** How long a receive call waits for a message unless it says otherwise. */
  receiveWaitMs: number;
  /** Most bytes of one message, attributes included. */
  maxMessageBytes: number;
  /** Messages of a FIFO queue without a deduplication id are told apart by their body. */
  contentBasedDeduplication: boolean;
  /** Whether repetitions are looked for in the whole queue or in a message's group. */
  deduplicationScope: 'queue' | 'messageGroup';
  redrive?: RedrivePolicy;
}

/** A queue (or what stands for a topic's subscription) that a project declares. */
export interface QueueDefinition {
  /** Unique within the project and the name in the cloud; those of FIFO queues end with `.fifo`. */
  name: string;
  platform: PlatformId;
  region: string;
  accountId: string;
  settings: QueueSettings;
  /** It holds what a subscription of this topic has still to get; who sends to the topic sends to all of them. */
  topic?: string;
  /** Where it is declared; absent for one that a program made. */
  declaredAt?: SourcePosition;
}

/**
 * Defaults and bounds of Amazon SQS (API reference "CreateQueue"; a message may have 1 MiB since August 2025). Queues of
 * other clouds that are stood in for here are near enough: MNS has the same defaults for visibility and retention.
 */
export const queueDefaults: QueueSettings = {
  fifo: false,
  visibilityTimeoutMs: 30_000,
  delayMs: 0,
  retentionMs: 345_600_000,
  receiveWaitMs: 0,
  maxMessageBytes: 1_048_576,
  contentBasedDeduplication: false,
  deduplicationScope: 'queue',
};

/** Bounds of numeric settings, in the units the cloud's API states them: seconds, bytes, times. */
export const queueBounds = {
  VisibilityTimeout: { min: 0, max: 43_200 },
  DelaySeconds: { min: 0, max: 900 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20 },
  MaximumMessageSize: { min: 1024, max: 1_048_576 },
  maxReceiveCount: { min: 1, max: 1000 },
} as const;

/** Bounds of what one queue holds here, so that a forgotten loop fills neither memory nor disk. */
export const queueCapacity = { messages: 10_000, bytes: 64 * 1024 * 1024, queues: 200 } as const;

/** Whether a name is one of SQS: at most 80 letters, digits, `-` and `_`, of which `.fifo` may be the end. */
export function isQueueName(name: string): boolean {
  return name.length <= 80 && /^[A-Za-z0-9_-]+(\.fifo)?$/.test(name);
}

/** The ARN of a queue, as functions and policies name it. */
export function queueArn({
  name,
  region,
  accountId,
}: Pick<QueueDefinition, 'name' | 'region' | 'accountId'>): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws';
  return `arn:${partition}:sqs:${region}:${accountId}:${name}`;
}

/** The queue an ARN, a URL or a plain name means; undefined when it is none of these. */
export function queueNameOf(text: string): string | undefined {
  const arn = /^arn:[a-z-]+:sqs:[a-z0-9-]*:\d*:([^:/]+)$/.exec(text);
  if (arn) return isQueueName(arn[1]!) ? arn[1] : undefined;
  const last = /^https?:\/\//.test(text) ? text.split(/[?#]/, 1)[0]!.split('/').filter(Boolean).at(-1) : text;
  return last !== undefined && isQueueName(last) ? last : undefined;
}

/** The address a queue has in the cloud; instances are given the one on the gateway in its place. */
export function cloudQueueUrl({
  name,
  region,
  accountId,
}: Pick<QueueDefinition, 'name' | 'region' | 'accountId'>): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://sqs.${region}.${suffix}/${accountId}/${name}`;
}
