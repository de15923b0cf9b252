import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { PlatformId, SourcePosition } from '../../model/words.ts';
import type { ControlErrorData } from './messages.ts';

/* Queues of a host: what they hold, and what can be done with it. Times in milliseconds since the epoch. */

/** A queue as clients see it. */
export interface QueueState {
  /** Unique within the host. */
  name: string;
  /** The topic a subscription of which it is; who sends to the topic sends to all its subscriptions. */
  topic?: string;
  platform: PlatformId;
  fifo: boolean;
  /** Messages that may be handed out, that are being handled, and that are delayed. */
  waiting: number;
  inFlight: number;
  delayed: number;
  bytes: number;
  /** Where messages go that were handed out this often in vain. */
  deadLetters?: { queue: string; afterReceives: number };
  /** Queues whose dead letters come here. */
  deadLettersOf: string[];
  /** Triggers that bring its messages to functions. */
  consumers: { function: string; trigger: string }[];
  /** Absent for a queue that a program made. */
  declaredAt?: SourcePosition;
  /** Its address for clients of Amazon SQS; absent for what is none of its queues. */
  url?: string;
}

/** All queues, in the order of the project; then those that programs made. */
export const ListQueues = new RequestType<void, QueueState[], ControlErrorData>('queues/list');

/** Queues came or went, or hold something else. Sent at most every 100 ms. */
export const QueuesChanged = new NotificationType<{ queues: QueueState[] }>('queues/changed');

export interface SendMessageParams {
  /** Name, ARN or address of a queue, or name of a topic. */
  queue: string;
  body: string;
  /** Text attributes by name. */
  attributes?: Record<string, string>;
  /** Message group; of FIFO queues one is taken when none is given. */
  group?: string;
  deduplicationId?: string;
  delaySeconds?: number;
  /** The tag by which subscriptions of a topic choose. */
  tag?: string;
}

/** Sends a message; one for each subscription of a topic. `repeated`: a FIFO queue knew it already. */
export const SendMessage = new RequestType<
  SendMessageParams,
  { messages: { queue: string; id: string; repeated: boolean }[] },
  ControlErrorData
>('queues/send');

/** A message as people look at it. */
export interface MessageState {
  id: string;
  state: 'waiting' | 'inFlight' | 'delayed';
  /** Cut after 64 KB. */
  body: string;
  /** Of the whole body, in bytes. */
  size: number;
  attributes: Record<string, string>;
  group?: string;
  tag?: string;
  sentAt: number;
  receiveCount: number;
  /** When it may be handed out (again). */
  visibleAt: number;
  /** ARN of the queue it died in. */
  diedIn?: string;
}

/** The first messages of a queue, in the order they would be handed out in; nobody receives them by that. */
export const ListMessages = new RequestType<
  { queue: string; limit: number },
  MessageState[],
  ControlErrorData
>('queues/messages');

/** Removes everything a queue holds. */
export const PurgeQueue = new RequestType<{ queue: string }, { removed: number }, ControlErrorData>(
  'queues/purge',
);

/** Moves dead letters back to the queues they died in: all that wait there, or those of `ids`. */
export const RedriveQueue = new RequestType<
  { queue: string; ids?: string[] },
  { moved: number },
  ControlErrorData
>('queues/redrive');
