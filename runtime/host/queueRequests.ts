import { PorchlightError } from '../model/errors.ts';
import { queueNameOf } from '../model/queues/queueDefinition.ts';
import {
  ListMessages,
  ListQueues,
  PurgeQueue,
  RedriveQueue,
  SendMessage,
  type MessageState,
  type QueueState,
  type SendMessageParams,
} from '../protocol/control/queues.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import type { Clock } from '../support/clock.ts';
import { QueueFull } from '../triggers/queue/embeddedQueue.ts';
import type { LiveQueue } from '../triggers/queue/liveQueue.ts';
import type { Message } from '../model/queues/message.ts';
import { checkedMessage } from '../triggers/queue/sqs/checkedMessage.ts';
import { isForSqs, localUrl, type HostQueues } from './queues.ts';

const shownBytes = 64 * 1024;
const mostMessages = 1000;

/** Answers what clients ask about queues. */
export function serveQueueRequests(
  connection: RpcConnection,
  queues: HostQueues,
  { clock, gateway }: { clock: Clock; gateway(): string },
): void {
  connection.onRequest(ListQueues, () => queueStates(queues, clock, gateway()));
  connection.onRequest(SendMessage, (params) => send(queues, clock, params));
  connection.onRequest(ListMessages, ({ queue, limit }) => {
    const live = find(queues, queue);
    const now = clock.epochMs();
    const count = Math.min(Math.max(0, limit), mostMessages);
    return live.queue.messages.slice(0, count).map((message) => messageState(live, message, now));
  });
  connection.onRequest(PurgeQueue, ({ queue }) => {
    const live = find(queues, queue);
    const removed = live.queue.messages.length;
    live.queue.purge();
    return { removed };
  });
  connection.onRequest(RedriveQueue, ({ queue, ids }) => {
    const live = find(queues, queue);
    if (queues.hub.sourcesOf(live.name).length === 0)
      throw new PorchlightError('QUEUE_NO_DEAD_LETTERS', { queue: live.name, known: graves(queues) });
    return { moved: queues.hub.redrive(live, undefined, ids) };
  });
}

/** All queues as clients see them. */
export function queueStates(queues: HostQueues, clock: Clock, gateway: string): QueueState[] {
  const now = clock.epochMs();
  return queues.hub.all.map((live): QueueState => {
    const { definition, queue } = live;
    const { redrive, fifo } = definition.settings;
    return {
      name: definition.name,
      ...(definition.topic !== undefined && { topic: definition.topic }),
      platform: definition.platform,
      fifo,
      ...queue.counts(now),
      bytes: queue.bytes,
      ...(redrive && { deadLetters: { queue: redrive.target, afterReceives: redrive.maxReceiveCount } }),
      deadLettersOf: queues.hub.sourcesOf(definition.name).map(({ name }) => name),
      consumers: queues.consumersOf(definition.name),
      ...(definition.declaredAt && { declaredAt: definition.declaredAt }),
      ...(isForSqs(definition) && { url: localUrl(definition, gateway) }),
    };
  });
}

function send(
  queues: HostQueues,
  clock: Clock,
  params: SendMessageParams,
): { messages: { queue: string; id: string; repeated: boolean }[] } {
  const targets = destinations(queues, params.queue);
  const messages = targets.map((live) => {
    const message = checkedMessage(params, live.definition.settings);
    try {
      const { id, repeated } = live.queue.send(clock.epochMs(), message);
      return { queue: live.name, id, repeated };
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      throw new PorchlightError('MESSAGE_REFUSED', { queue: live.name, detail: error.message });
    }
  });
  return { messages };
}

/** A queue, or all subscriptions of a topic. */
function destinations(queues: HostQueues, name: string): LiveQueue[] {
  const subscriptions = queues.hub.all.filter(({ definition }) => definition.topic === name);
  return subscriptions.length > 0 ? subscriptions : [find(queues, name)];
}

function find({ hub }: HostQueues, text: string): LiveQueue {
  const named = queueNameOf(text);
  const found = hub.find(text) ?? (named === undefined ? undefined : hub.find(named));
  if (found) return found;
  const known = new Set(hub.all.map(({ name, definition }) => definition.topic ?? name));
  throw new PorchlightError('QUEUE_UNKNOWN', { queue: text, known: [...known].join(', ') });
}

function graves({ hub }: HostQueues): string {
  return hub.all
    .filter(({ name }) => hub.sourcesOf(name).length > 0)
    .map(({ name }) => name)
    .join(', ');
}

function messageState(live: LiveQueue, message: Message, now: number): MessageState {
  const { id, body, groupId, tag, sentAt, receiveCount, visibleAt, diedIn } = message;
  const attributes = Object.entries(message.attributes).map(([name, { stringValue, binaryValue }]) => [
    name,
    stringValue ?? binaryValue ?? '',
  ]);
  return {
    id,
    state: live.queue.stateOf(message, now),
    body: body.slice(0, shownBytes),
    size: Buffer.byteLength(body),
    attributes: Object.fromEntries(attributes) as Record<string, string>,
    ...(groupId !== undefined && { group: groupId }),
    ...(tag !== undefined && { tag }),
    sentAt,
    receiveCount,
    visibleAt,
    ...(diedIn !== undefined && { diedIn }),
  };
}
