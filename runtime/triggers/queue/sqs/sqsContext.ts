import { queueNameOf, type QueueDefinition } from '../../../model/queues/queueDefinition.ts';
import type { Clock } from '../../../support/clock.ts';
import type { LiveQueue } from '../liveQueue.ts';
import type { QueueHub } from '../queueHub.ts';
import { SqsError } from './sqsError.ts';
import type { SqsInput } from './sqsInput.ts';

/** What an action has around it. */
export interface SqsContext {
  hub: QueueHub;
  clock: Clock;
  /** Whose queues a client makes here. */
  owner: { platform: string; region: string; accountId: string };
  /** Whether clients see a queue. */
  isOffered(definition: QueueDefinition): boolean;
  /** Address of the gateway as the client wrote it, e.g. `http://127.0.0.1:4711`. */
  base: string;
  /** The queue the request's path names, for clients that send to a queue's address. */
  pathQueue?: string;
  /** The client went away or the host ends: whoever waits for messages is answered. */
  signal: AbortSignal;
}

/** What an action answers with, in the form of the JSON protocol. */
export type SqsOutput = Record<string, unknown>;

/** An action of the service. */
export type SqsAction = (input: SqsInput, context: SqsContext) => SqsOutput | Promise<SqsOutput>;

/** The queue a request is for: by its address, whatever the host in it, so that addresses of the cloud work as well. */
export function queueOf(input: SqsInput, { hub, pathQueue }: SqsContext): LiveQueue {
  const url = input.optionalText('QueueUrl') ?? pathQueue;
  if (url === undefined || url === '')
    throw new SqsError(
      'MissingRequiredParameterException',
      'The request must contain the parameter QueueUrl.',
    );
  const name = queueNameOf(url);
  const found = name === undefined ? undefined : hub.find(name);
  if (!found) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return found;
}

/** The address of a queue on this gateway. */
export function urlOf({ definition }: LiveQueue, { base }: Pick<SqsContext, 'base'>): string {
  return `${base}/${definition.accountId}/${definition.name}`;
}
