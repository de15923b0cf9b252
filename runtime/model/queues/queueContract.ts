import type { FunctionDefinition, OtherTrigger } from '../functionDefinition.ts';
import type { SourceProblem } from '../sourceContracts.ts';
import type { Message } from './message.ts';
import type { QueueDefinition, QueueSettings } from './queueDefinition.ts';

/** How a platform brings the messages of a queue to a function. Times in milliseconds. */
export interface QueueTrigger {
  /** Name of the queue. */
  queue: string;
  /** The topic a subscription of which the queue is. */
  topic?: string;
  /** What it is, in a few words: `queue orders, batches of 10`. */
  summary: string;
  enabled: boolean;
  /** Most messages of an event, and most bytes of their bodies. */
  batchSize: number;
  batchBytes: number;
  /** How long a batch that is not full waits for more messages. */
  windowMs: number;
  /** Most events under way at a time; as many as the function has instances when absent. */
  maxConcurrency?: number;
  /** The function says which messages of a batch failed. */
  reportsItemFailures: boolean;
  /** Messages that are none of the function's: they are removed, as in the cloud. */
  accepts?(message: Message): boolean;
  /**
   * Waits before a message is brought again, by the number of its attempts so far; after the queue's visibility time-out
   * when absent.
   */
  retryAfterMs?(attempts: number): number;
  /** Of a queue that no project file declares. */
  settings?: Partial<QueueSettings>;
  /** The event of a batch. */
  event(batch: readonly Message[], facts: QueueEventFacts): Uint8Array;
}

/** What an event says besides its messages. */
export interface QueueEventFacts {
  queue: QueueDefinition;
  trigger: OtherTrigger;
  definition: FunctionDefinition;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A platform's queues: how a trigger of its project files is read. Pure. */
export interface QueueContract {
  /** `queues`: those the project declares. */
  read(
    trigger: OtherTrigger,
    definition: FunctionDefinition,
    queues: readonly QueueDefinition[],
  ): { trigger?: QueueTrigger; problems: SourceProblem[] };
}
