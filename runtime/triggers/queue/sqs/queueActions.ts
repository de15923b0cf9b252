import {
  isQueueName,
  queueArn,
  queueNameOf,
  type QueueSettings,
} from '../../../model/queues/queueDefinition.ts';
import type { LiveQueue } from '../liveQueue.ts';
import { differingAttribute, readAttributes, writeAttributes } from './queueAttributes.ts';
import { queueOf, urlOf, type SqsAction, type SqsContext } from './sqsContext.ts';
import { invalidValue, SqsError } from './sqsError.ts';
import type { SqsInput } from './sqsInput.ts';

/* Actions on queues as a whole. */

const badName = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
const badFifoName =
  'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.';

/** Between two purges of a queue. */
const purgeEveryMs = 60_000;

const createQueue: SqsAction = (input, context) => {
  const { hub, owner } = context;
  const name = input.text('QueueName');
  const attributes = input.map('Attributes');
  const { settings, kept } = readAttributes(attributes);
  const fifoName = name.endsWith('.fifo');
  if (settings.fifo ? !fifoName || !isQueueName(name) : fifoName)
    throw new SqsError('InvalidParameterValueException', badFifoName);
  if (!isQueueName(name)) throw new SqsError('InvalidParameterValueException', badName);
  if (attributes['FifoQueue'] === 'false')
    throw new SqsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
  if (!settings.fifo) refuseFifoAttributes(attributes);
  const known = hub.find(name);
  if (known) {
    const different = differingAttribute(known, attributes);
    if (different !== undefined) {
      throw new SqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${different}`,
      );
    }
    return { QueueUrl: urlOf(known, context) };
  }
  checkRedrive(settings, name, attributes['RedrivePolicy'], context);
  const live = hub.make({ name, ...owner, settings }, { tags: input.map('tags'), attributes: kept });
  return { QueueUrl: urlOf(live, context) };
};

function refuseFifoAttributes(attributes: Record<string, string>): void {
  const names = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];
  const other = names.find((name) => name in attributes);
  if (other !== undefined) throw new SqsError('InvalidAttributeName', `Unknown Attribute ${other}.`);
}

function checkRedrive(
  { redrive, fifo }: QueueSettings,
  name: string,
  policy: string | undefined,
  { hub }: SqsContext,
): void {
  if (policy === undefined || !redrive) return;
  const target = hub.find(redrive.target);
  if (!target || redrive.target === name)
    throw invalidValue(policy, 'RedrivePolicy', 'Dead letter target does not exist.');
  if (target.definition.settings.fifo !== fifo)
    throw invalidValue(
      policy,
      'RedrivePolicy',
      'Dead-letter queue must be same type of queue as the source.',
    );
}

const getQueueUrl: SqsAction = (input, context) => {
  const live = context.hub.find(input.text('QueueName'));
  if (!live) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return { QueueUrl: urlOf(live, context) };
};

const listQueues: SqsAction = (input, context) => {
  const prefix = input.optionalText('QueueNamePrefix') ?? '';
  const found = context.hub.all.filter(
    ({ name, definition }) => name.startsWith(prefix) && context.isOffered(definition),
  );
  return page(input, found, context, 'QueueUrls');
};

const listDeadLetterSourceQueues: SqsAction = (input, context) => {
  const sources = context.hub.sourcesOf(queueOf(input, context).name);
  // The one list whose name begins with a small letter (API reference).
  return { queueUrls: [], ...page(input, sources, context, 'queueUrls') };
};

function page(input: SqsInput, all: LiveQueue[], context: SqsContext, key: string): Record<string, unknown> {
  const max = input.optionalWhole(
    'MaxResults',
    { min: 1, max: 1000 },
    'Must be between 1 and 1000, if provided.',
  );
  const token = input.optionalText('NextToken');
  const after = token === undefined ? undefined : Buffer.from(token, 'base64').toString('utf8');
  const sorted = all.sort((a, b) => (a.name < b.name ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter(({ name }) => name > after);
  const shown = rest.slice(0, max ?? 1000);
  const more = max !== undefined && rest.length > shown.length;
  return {
    ...(shown.length > 0 && { [key]: shown.map((live) => urlOf(live, context)) }),
    ...(more && { NextToken: Buffer.from(shown.at(-1)!.name).toString('base64') }),
  };
}

const getQueueAttributes: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  const attributes = writeAttributes(live, input.texts('AttributeNames'), context.clock.epochMs());
  return Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
};

const setQueueAttributes: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  const given = input.map('Attributes');
  if (Object.keys(given).length === 0)
    throw new SqsError(
      'MissingRequiredParameterException',
      'The request must contain the parameter Attribute.Name.',
    );
  const before = live.definition.settings;
  const { settings, kept } = readAttributes(given, before);
  if (settings.fifo !== before.fifo)
    throw new SqsError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
  if (!settings.fifo) refuseFifoAttributes(given);
  checkRedrive(settings, live.name, given['RedrivePolicy'] || undefined, context);
  const attributes = { ...live.extra.attributes, ...kept };
  live.redefine({ ...live.definition, settings }, { ...live.extra, attributes });
  return {};
};

const purgeQueue: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  const now = context.clock.epochMs();
  if (now - live.purgedAt < purgeEveryMs) {
    throw new SqsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${live.name} is allowed every 60 seconds.`,
    );
  }
  live.purgedAt = now;
  live.queue.purge();
  return {};
};

const deleteQueue: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  if (!context.hub.remove(live)) {
    const place = live.definition.declaredAt?.file.replace(/^.*[\\/]/, '') ?? 'the project';
    throw new SqsError(
      'UnsupportedOperation',
      `The queue ${live.name} is declared in ${place}. Take it out there, or purge it.`,
    );
  }
  return {};
};

const listQueueTags: SqsAction = (input, context) => {
  const { tags } = queueOf(input, context).extra;
  return Object.keys(tags).length > 0 ? { Tags: tags } : {};
};

const tagQueue: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  live.redefine(live.definition, { ...live.extra, tags: { ...live.extra.tags, ...input.map('Tags') } });
  return {};
};

const untagQueue: SqsAction = (input, context) => {
  const live = queueOf(input, context);
  const gone = input.texts('TagKeys');
  const kept = Object.entries(live.extra.tags).filter(([key]) => !gone.includes(key));
  live.redefine(live.definition, { ...live.extra, tags: Object.fromEntries(kept) });
  return {};
};

interface MoveTask {
  Status: 'COMPLETED';
  SourceArn: string;
  DestinationArn?: string;
  ApproximateNumberOfMessagesMoved: number;
  ApproximateNumberOfMessagesToMove: number;
  StartedTimestamp: number;
}

/** Moves that were made, newest first, by the queue's name; here a move is over when it is answered. */
const moves = new WeakMap<LiveQueue, MoveTask[]>();

function queueOfArn(input: SqsInput, parameter: string, { hub }: SqsContext): LiveQueue {
  const arn = input.text(parameter);
  const name = arn.startsWith('arn:') ? queueNameOf(arn) : undefined;
  const found = name === undefined ? undefined : hub.find(name);
  if (!found) {
    throw new SqsError(
      'ResourceNotFoundException',
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    );
  }
  return found;
}

const startMessageMoveTask: SqsAction = (input, context) => {
  const source = queueOfArn(input, 'SourceArn', context);
  if (context.hub.sourcesOf(source.name).length === 0)
    throw new SqsError(
      'InvalidParameterValueException',
      'Source queue must be configured as a Dead Letter Queue.',
    );
  const target = input.has('DestinationArn') ? queueOfArn(input, 'DestinationArn', context) : undefined;
  if (target && target.definition.settings.fifo !== source.definition.settings.fifo)
    throw new SqsError(
      'InvalidParameterValueException',
      'Source and destination must be queues of the same type.',
    );
  const before = source.queue.messages.length;
  const moved = context.hub.redrive(source, target);
  const task: MoveTask = {
    Status: 'COMPLETED',
    SourceArn: queueArn(source.definition),
    ...(target && { DestinationArn: queueArn(target.definition) }),
    ApproximateNumberOfMessagesMoved: moved,
    ApproximateNumberOfMessagesToMove: before,
    StartedTimestamp: context.clock.epochMs(),
  };
  moves.set(source, [task, ...(moves.get(source) ?? [])].slice(0, 10));
  const handle = JSON.stringify({ taskId: String(task.StartedTimestamp), sourceArn: task.SourceArn });
  return { TaskHandle: Buffer.from(handle).toString('base64') };
};

const listMessageMoveTasks: SqsAction = (input, context) => {
  const source = queueOfArn(input, 'SourceArn', context);
  const max = input.optionalWhole(
    'MaxResults',
    { min: 1, max: 10 },
    'Must be between 1 and 10, if provided.',
  );
  return { Results: (moves.get(source) ?? []).slice(0, max ?? 1) };
};

const cancelMessageMoveTask: SqsAction = () => {
  throw new SqsError('ResourceNotFoundException', 'The task is over: messages are moved at once here.');
};

const permissions: SqsAction = () => {
  throw new SqsError(
    'UnsupportedOperation',
    'Permissions have no meaning on this machine: whoever reaches the gateway may use its queues.',
  );
};

/** By the name of the action. */
export const queueActions: Record<string, SqsAction> = {
  CreateQueue: createQueue,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  GetQueueAttributes: getQueueAttributes,
  SetQueueAttributes: setQueueAttributes,
  PurgeQueue: purgeQueue,
  DeleteQueue: deleteQueue,
  ListQueueTags: listQueueTags,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
  StartMessageMoveTask: startMessageMoveTask,
  ListMessageMoveTasks: listMessageMoveTasks,
  CancelMessageMoveTask: cancelMessageMoveTask,
  AddPermission: permissions,
  RemovePermission: permissions,
};
