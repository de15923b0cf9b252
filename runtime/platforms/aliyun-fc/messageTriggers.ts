import type { OtherTrigger } from '../../model/functionDefinition.ts';
import { checkPattern, matchesPattern } from '../../model/queues/eventPattern.ts';
import type { Message } from '../../model/queues/message.ts';
import type { QueueContract, QueueTrigger } from '../../model/queues/queueContract.ts';
import { parseDuration } from '../../model/units.ts';
import { mnsQueueElement, mnsTopicEvent, rocketMqElement, type ElementFacts } from './messageEvents.ts';
import type { SourceProblem } from '../../model/sourceContracts.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/*
 * Message services as triggers of Function Compute: MNS topics (`mns_topic`), and MNS queues and RocketMQ topics, which come
 * through EventBridge (`eventbridge` with `eventSourceType: MNS` or `RocketMQ`).
 */

/** What is common to all forms in which a trigger can be stated. */
interface Stated {
  service: 'mns-queue' | 'mns-topic' | 'rocketmq';
  source: unknown;
  /** The key that names the queue or topic. */
  sourceKey: string;
  enabled: boolean;
  batchSize?: unknown;
  windowMs?: unknown;
  maxConcurrency?: unknown;
  /** Elements come in a list, several at a time; otherwise an event is one element. */
  streaming: boolean;
  rawData: boolean;
  content: 'STREAM' | 'JSON';
  strategy: unknown;
  strategyKey: string;
  tag?: unknown;
  pattern?: unknown;
  deadLetters?: unknown;
  instanceId?: unknown;
  keepsBase64: boolean;
}

type Settings = Record<string, unknown>;

/** Structures that the API's documents spell with a small and the component's with a capital letter. */
function field(value: unknown, ...path: string[]): unknown {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    const settings = current as Settings;
    const capital = name[0]!.toUpperCase() + name.slice(1);
    current = settings[name] ?? settings[capital];
  }
  return current;
}

function statedIn({ config }: OtherTrigger): Stated | undefined {
  if (config['type'] === 'mns_topic') {
    return {
      service: 'mns-topic',
      source: config['topic'],
      sourceKey: 'sourceArn',
      enabled: true,
      streaming: false,
      rawData: false,
      content: config['notifyContentFormat'] === 'JSON' ? 'JSON' : 'STREAM',
      strategy: config['notifyStrategy'],
      strategyKey: 'notifyStrategy',
      tag: config['filterTag'],
      keepsBase64: false,
    };
  }
  return config['type'] === undefined ? statedHere(config) : statedByEventBridge(config);
}

function statedByEventBridge(config: Settings): Stated | undefined {
  const type = field(config, 'eventSourceConfig', 'eventSourceType');
  const parameters = field(config, 'eventSourceConfig', 'eventSourceParameters');
  const mns = field(parameters, 'sourceMNSParameters');
  const rocket = field(parameters, 'sourceRocketMQParameters');
  if (type !== 'MNS' && type !== 'RocketMQ') return undefined;
  const run = field(config, 'runOptions');
  const option = field(config, 'eventSinkConfig', 'deliveryOption');
  const streaming = (field(run, 'mode') ?? field(option, 'mode')) !== 'event-driven';
  const seconds = field(run, 'batchWindow', 'timeBasedWindow');
  return {
    service: type === 'MNS' ? 'mns-queue' : 'rocketmq',
    source: type === 'MNS' ? field(mns, 'queueName') : field(rocket, 'topic'),
    sourceKey: 'eventSourceConfig',
    enabled: config['triggerEnable'] !== false,
    // What is said about running counts for streams alone.
    ...(streaming && {
      batchSize: field(run, 'batchWindow', 'countBasedWindow'),
      windowMs: seconds === undefined ? undefined : Number(seconds) * 1000,
      deadLetters: field(run, 'deadLetterQueue', 'arn'),
    }),
    strategy: streaming ? field(run, 'retryStrategy', 'pushRetryStrategy') : undefined,
    strategyKey: 'runOptions',
    streaming,
    rawData: field(option, 'eventSchema') === 'RawData',
    content: 'STREAM',
    tag: field(rocket, 'tag'),
    pattern: config['eventRuleFilterPattern'],
    instanceId: field(rocket, 'instanceId'),
    keepsBase64: field(mns, 'isBase64Decode') === false,
  };
}

/** As `porchlight.yaml` states it: `{ queue }` or `{ topic }`, with `service: rocketmq` for the other kind of topics. */
function statedHere(config: Settings): Stated {
  const topic = config['topic'];
  const service =
    config['service'] === 'rocketmq' ? 'rocketmq' : topic === undefined ? 'mns-queue' : 'mns-topic';
  const window = config['window'];
  return {
    service,
    source: topic ?? config['queue'],
    sourceKey: topic === undefined ? 'queue' : 'topic',
    enabled: config['enabled'] !== false,
    batchSize: config['batchSize'],
    windowMs: window === undefined ? undefined : parseDuration(window as string | number),
    maxConcurrency: config['maxConcurrency'],
    streaming: service !== 'mns-topic',
    rawData: config['rawData'] === true,
    content: config['content'] === 'JSON' ? 'JSON' : 'STREAM',
    strategy: config['retry'],
    strategyKey: 'retry',
    tag: config['tag'],
    keepsBase64: false,
  };
}

interface Strategy {
  attempts: number;
  afterMs(attempts: number): number;
}

/** Retry strategies and their bounds (FC documentation "Retry policies"). */
const strategies: Record<string, Strategy> = {
  // Three times, 10 to 20 seconds apart.
  BACKOFF_RETRY: { attempts: 4, afterMs: () => 10_000 + Math.random() * 10_000 },
  // 176 times within a day: 1, 2, 4 … 512 seconds apart.
  EXPONENTIAL_DECAY_RETRY: {
    attempts: 177,
    afterMs: (attempts) => 1000 * 2 ** Math.min(attempts - 1, 9),
  },
};

const words = { 'mns-queue': 'MNS queue', 'mns-topic': 'MNS topic', rocketmq: 'RocketMQ topic' } as const;

/** Message services as triggers. */
export const messageTriggers: QueueContract = {
  read(trigger, definition) {
    const problems: SourceProblem[] = [];
    const error = (key: string, detail: Phrase) => void problems.push({ severity: 'error', key, detail });
    const given = statedIn(trigger);
    if (!given) {
      error(
        'eventSourceConfig',
        phrase('its source is none that is stood in for here: send it events by hand.'),
      );
      return { problems };
    }
    const { service, streaming, source: named } = given;
    const what = words[service];
    const source = typeof named === 'string' ? lastPart(named) : '';
    const expression = trigger.unresolved?.[given.sourceKey];
    if (expression !== undefined)
      error(
        given.sourceKey,
        phrase('{expression} is known in the cloud alone; write the name here.', { expression }),
      );
    else if (!/^[A-Za-z0-9][A-Za-z0-9_%-]{0,254}$/.test(source))
      error(
        given.sourceKey,
        service === 'rocketmq'
          ? phrase('expected the name of a {what}.', { what })
          : phrase('expected the name of an {what}.', { what }),
      );
    const batchSize = whole(given.batchSize, 1, 1, 10_000);
    const windowMs = whole(given.windowMs, 0, 0, 15_000);
    if (batchSize === undefined)
      error(
        given.strategyKey === 'retry' ? 'batchSize' : 'runOptions',
        phrase('expected batches of 1 to 10000 messages.'),
      );
    if (windowMs === undefined)
      error(
        given.strategyKey === 'retry' ? 'window' : 'runOptions',
        phrase('expected a batch window of 0 to 15 seconds.'),
      );
    const strategy = strategies[given.strategy === undefined ? 'BACKOFF_RETRY' : String(given.strategy)];
    if (!strategy)
      error(
        given.strategyKey,
        phrase('expected {strategies} as the retry strategy.', {
          strategies: Object.keys(strategies).join(' or '),
        }),
      );
    const accepts = readSelection(given, (detail) => error('eventRuleFilterPattern', detail));
    if (problems.length > 0 || batchSize === undefined || windowMs === undefined || !strategy)
      return { problems };
    const isTopic = service !== 'mns-queue';
    const queue = isTopic ? `${source}/${definition.name}/${trigger.name}` : source;
    const grave = typeof given.deadLetters === 'string' ? lastPart(given.deadLetters) : `${source}-dead`;
    const maxConcurrency = whole(given.maxConcurrency, undefined, 1, 1000);
    const elementFacts = (now: number): ElementFacts => ({
      trigger,
      definition,
      now,
      source,
      keepsBase64: given.keepsBase64,
      ...(typeof given.instanceId === 'string' && { instanceId: given.instanceId }),
    });
    const element = (message: Message, now: number): unknown => {
      const make = service === 'rocketmq' ? rocketMqElement : mnsQueueElement;
      const whole = make(message, elementFacts(now)) as { data: unknown };
      return given.rawData ? whole.data : whole;
    };
    const read: QueueTrigger = {
      queue,
      ...(isTopic && { topic: source }),
      summary: `${what} ${source}${batchSize > 1 ? `, batches of ${batchSize}` : ''}`,
      enabled: given.enabled,
      batchSize: streaming ? batchSize : 1,
      // Of a synchronous push (FC documentation, limits of event streams).
      batchBytes: 31 * 1024 * 1024,
      windowMs: streaming ? windowMs : 0,
      ...(maxConcurrency !== undefined && { maxConcurrency }),
      reportsItemFailures: false,
      ...(accepts && {
        accepts: (message) => accepts(message, (each) => element(each, each.sentAt)),
      }),
      retryAfterMs: (attempts) => strategy.afterMs(attempts),
      settings: {
        visibilityTimeoutMs: Math.max(30_000, definition.timeoutMs),
        redrive: { target: grave, maxReceiveCount: strategy.attempts },
      },
      event(batch, { now }) {
        if (service === 'mns-topic') return mnsTopicEvent(batch[0]!, given.content, elementFacts(now));
        const elements = batch.map((message) => element(message, now));
        return Buffer.from(JSON.stringify(streaming ? elements : elements[0]));
      },
    };
    return { trigger: read, problems };
  },
};

/** Names stand at the end of ARNs: `acs:mns:<region>:<account>:/topics/<name>[/messages]`. */
function lastPart(text: string): string {
  return text
    .replace(/\/messages$/, '')
    .split(/[/:]/)
    .at(-1)!;
}

function whole<T extends number | undefined>(
  value: unknown,
  otherwise: T,
  min: number,
  max: number,
): number | T | undefined {
  if (value === undefined || value === null) return otherwise;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const fits = typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
  return fits ? number : undefined;
}

/** Which messages the subscription gets: by their tag, or by the rule's pattern over the element. */
function readSelection(
  { tag, pattern }: Stated,
  refuse: (detail: Phrase) => void,
): ((message: Message, element: (message: Message) => unknown) => boolean) | undefined {
  // RocketMQ takes several tags, and `*` for all of them.
  const tags =
    typeof tag === 'string' && tag.trim() !== '' && tag.trim() !== '*' ? tag.split('||') : undefined;
  const wanted = tags?.map((each) => each.trim());
  let rule: Record<string, unknown> | undefined;
  try {
    const parsed: unknown =
      typeof pattern === 'string' && pattern.trim() !== '' ? JSON.parse(pattern) : (pattern ?? {});
    const wrong = checkPattern(parsed);
    if (wrong !== undefined) refuse(wrong);
    else if (Object.keys(parsed as object).length > 0) rule = parsed as Record<string, unknown>;
  } catch {
    refuse(phrase('the pattern is no JSON.'));
  }
  if (!wanted && !rule) return undefined;
  return (message, element) =>
    (!wanted || (message.tag !== undefined && wanted.includes(message.tag))) &&
    (!rule || matchesPattern(rule, element(message)));
}
