import type { FunctionDefinition, OtherTrigger } from '../../model/functionDefinition.ts';
import { checkPattern, matchesPattern } from '../../model/queues/eventPattern.ts';
import { attributesMd5, bodyMd5, type Message } from '../../model/queues/message.ts';
import type { QueueContract, QueueEventFacts, QueueTrigger } from '../../model/queues/queueContract.ts';
import {
  queueArn,
  queueDefaults,
  queueNameOf,
  type QueueDefinition,
} from '../../model/queues/queueDefinition.ts';
import { parseDuration } from '../../model/units.ts';
import { systemAttributes } from '../../model/queues/systemAttributes.ts';
import type { SourceProblem } from '../../model/sourceContracts.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/*
 * Amazon SQS as an event source (developer guide "Using Lambda with Amazon SQS"), as SAM templates (`Queue`, …), the
 * Serverless Framework (its own words where they are not SAM's but for the first letter) and `porchlight.yaml` (`queue`, …)
 * state it.
 */

/** Most bytes of an event. */
const payloadBytes = 6 * 1024 * 1024;
/** What a record has beside the message's body, generously. */
const recordBytes = 1024;

interface Stated {
  queue: unknown;
  batchSize: unknown;
  windowMs: unknown;
  maxConcurrency: unknown;
  reportsItemFailures: boolean;
  enabled: boolean;
  keys: { queue: string; batchSize: string; window: string; maxConcurrency: string };
}

const keysOfSam: Stated['keys'] = {
  queue: 'Queue',
  batchSize: 'BatchSize',
  window: 'MaximumBatchingWindowInSeconds',
  maxConcurrency: 'ScalingConfig',
};

/** What the project file says, whichever it is. */
function stated({ config }: OtherTrigger): Stated {
  if (typeof config['type'] === 'string') {
    const types = [config['FunctionResponseTypes'] ?? config['FunctionResponseType']].flat();
    const scaling = config['ScalingConfig'] as { MaximumConcurrency?: unknown } | null | undefined;
    const windowKey = 'MaximumBatchingWindow' in config ? 'MaximumBatchingWindow' : keysOfSam.window;
    const window = config[windowKey];
    const stated = scaling?.MaximumConcurrency;
    return {
      queue: config['Queue'],
      batchSize: config['BatchSize'],
      windowMs: window === undefined ? undefined : Number(window) * 1000,
      maxConcurrency: stated ?? config['MaximumConcurrency'],
      reportsItemFailures: types.includes('ReportBatchItemFailures'),
      enabled: config['Enabled'] !== false && config['Enabled'] !== 'false',
      keys: {
        ...keysOfSam,
        window: windowKey,
        ...('MaximumConcurrency' in config && { maxConcurrency: 'MaximumConcurrency' }),
      },
    };
  }
  return {
    queue: config['queue'],
    batchSize: config['batchSize'],
    windowMs: config['window'] === undefined ? undefined : parseDuration(config['window'] as string | number),
    maxConcurrency: config['maxConcurrency'],
    reportsItemFailures: config['partialFailures'] === true,
    enabled: config['enabled'] !== false,
    keys: { queue: 'queue', batchSize: 'batchSize', window: 'window', maxConcurrency: 'maxConcurrency' },
  };
}

/** Queues of Amazon SQS as triggers. */
export const sqsTrigger: QueueContract = {
  read(trigger, definition, queues) {
    const problems: SourceProblem[] = [];
    const given = stated(trigger);
    const { keys } = given;
    const error = (key: string, detail: string | Phrase) =>
      void problems.push({ severity: 'error', key, detail });
    const expression = trigger.unresolved?.[keys.queue];
    const name = typeof given.queue === 'string' ? queueNameOf(given.queue) : undefined;
    if (expression !== undefined) {
      error(
        keys.queue,
        phrase('{expression} is known in the cloud alone; name a queue of this file or an ARN.', {
          expression,
        }),
      );
    } else if (name === undefined) {
      const example = keys.queue === 'Queue' ? '!GetAtt Orders.Arn' : 'orders';
      error(keys.queue, phrase('expected a queue, e.g. {example}.', { example }));
    }
    const fifo = name?.endsWith('.fifo') === true;
    const batchSize = whole(given.batchSize, 10, { min: 1, max: fifo ? 10 : 10_000 }, (detail) =>
      error(keys.batchSize, fifo ? phrase('{detail} (a FIFO queue)', { detail }) : detail),
    );
    const windowMs = whole(given.windowMs, 0, { min: 0, max: 300_000 }, () =>
      error(keys.window, phrase('expected 0 to 300 seconds.')),
    );
    if (fifo && windowMs > 0) error(keys.window, phrase('a FIFO queue takes no batching window.'));
    if (batchSize > 10 && windowMs < 1000)
      error(
        keys.batchSize,
        phrase('batches of more than 10 need {window} of at least one second.', { window: keys.window }),
      );
    const maxConcurrency = whole(given.maxConcurrency, NaN, { min: 2, max: 1000 }, (detail) =>
      error(keys.maxConcurrency, detail),
    );
    const filterKey = 'FilterPatterns' in trigger.config ? 'FilterPatterns' : 'FilterCriteria';
    const accepts = readFilters(patternsOf(trigger), (detail) => error(filterKey, detail));
    if (problems.length > 0 || name === undefined) return { problems };
    problems.push(...visibilityProblem(name, definition, queues, keys.queue));
    const read: QueueTrigger = {
      queue: name,
      summary: `queue ${name}${batchSize === 1 ? '' : `, batches of ${batchSize}`}`,
      enabled: given.enabled,
      batchSize,
      batchBytes:
        payloadBytes - batchSize * recordBytes > 1
          ? payloadBytes - Math.min(batchSize, 1000) * recordBytes
          : 1,
      windowMs,
      ...(!Number.isNaN(maxConcurrency) && { maxConcurrency }),
      reportsItemFailures: given.reportsItemFailures,
      ...(accepts && { accepts }),
      settings: {
        fifo,
        // Lambda refuses a queue with less than the function's own time.
        visibilityTimeoutMs: Math.max(queueDefaults.visibilityTimeoutMs, definition.timeoutMs),
      },
      event: sqsEvent,
    };
    return { trigger: read, problems };
  },
};

function whole(
  value: unknown,
  otherwise: number,
  { min, max }: { min: number; max: number },
  refuse: (detail: Phrase) => void,
): number {
  if (value === undefined || value === null) return otherwise;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number;
  refuse(phrase('expected a whole number from {min} to {max}.', { min, max }));
  return otherwise;
}

/** `CreateEventSourceMapping` refuses a queue whose visibility time-out is shorter than the function's time-out. */
function visibilityProblem(
  name: string,
  definition: FunctionDefinition,
  queues: readonly QueueDefinition[],
  key: string,
): SourceProblem[] {
  const declared = queues.find((queue) => queue.name === name);
  const visibilityMs = declared?.settings.visibilityTimeoutMs ?? Infinity;
  if (visibilityMs >= definition.timeoutMs) return [];
  const detail = phrase(
    "the visibility time-out of {name} ({visibility} s) is shorter than the function's time-out ({timeout} s), which Lambda refuses. Raise it, best to six times the latter.",
    { name, visibility: visibilityMs / 1000, timeout: definition.timeoutMs / 1000 },
  );
  return [{ severity: 'warning', key, detail }];
}

/** The patterns of a trigger, each as JSON text or as what that says. */
function patternsOf({ config }: OtherTrigger): unknown[] {
  const own = config['FilterPatterns'];
  if (own !== undefined) return [own].flat();
  const criteria = config['FilterCriteria'] as { Filters?: unknown } | null | undefined;
  const filters = Array.isArray(criteria?.Filters) ? (criteria.Filters as unknown[]) : [];
  return filters.map((filter) => (filter as { Pattern?: unknown } | null)?.Pattern);
}

function readFilters(
  stated: readonly unknown[],
  refuse: (detail: Phrase) => void,
): QueueTrigger['accepts'] | undefined {
  const patterns: Record<string, unknown>[] = [];
  for (const each of stated) {
    try {
      const pattern: unknown = typeof each === 'string' ? JSON.parse(each) : each;
      const wrong = checkPattern(pattern);
      if (wrong === undefined) patterns.push(pattern as Record<string, unknown>);
      else refuse(wrong);
    } catch {
      refuse(phrase('the pattern {pattern} is no JSON.', { pattern: String(each).slice(0, 80) }));
    }
  }
  if (patterns.length === 0) return undefined;
  return (message) => {
    const record = filtered(message);
    return patterns.some((pattern) => matchesPattern(pattern, record));
  };
}

/** A message as patterns see it: its body is read as JSON where it is some. */
function filtered(message: Message): unknown {
  let body: unknown = message.body;
  try {
    body = JSON.parse(message.body);
  } catch {
    // Plain text is compared as it is.
  }
  const messageAttributes = Object.fromEntries(
    Object.entries(message.attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      { dataType, stringValue, binaryValue },
    ]),
  );
  return { messageId: message.id, body, messageAttributes };
}

/** The event of a batch (contract: developer guide, @types/aws-lambda `SQSEvent`). */
function sqsEvent(batch: readonly Message[], { queue }: QueueEventFacts): Uint8Array {
  const Records = batch.map((message) => {
    const md5OfMessageAttributes = attributesMd5(message.attributes);
    return {
      messageId: message.id,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: systemAttributes(message, queue),
      messageAttributes: Object.fromEntries(
        Object.entries(message.attributes).map(([name, { dataType, stringValue, binaryValue }]) => [
          name,
          {
            ...(stringValue !== undefined && { stringValue }),
            ...(binaryValue !== undefined && { binaryValue }),
            stringListValues: [],
            binaryListValues: [],
            dataType,
          },
        ]),
      ),
      ...(md5OfMessageAttributes !== undefined && { md5OfMessageAttributes }),
      md5OfBody: bodyMd5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn(queue),
      awsRegion: queue.region,
    };
  });
  return Buffer.from(JSON.stringify({ Records }));
}
