import type { OtherTrigger } from '../../functionDefinition.ts';
import { entriesOf, getIn, textOf, toPlain, type Tree } from '../tree.ts';

/*
 * Events of the Serverless Framework that are no requests. Their settings are given in the words of SAM templates, whatever
 * file they come from: what fires them knows one vocabulary per platform.
 */

type Source = (settings: Tree | undefined) => OtherTrigger[];
type Kind = OtherTrigger['kind'];

/** Settings in the framework's spelling that only begin with another letter in SAM's. */
function capitalized(settings: Tree | undefined, except: readonly string[]): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const [name, value] of entriesOf(settings)) {
    const plain = toPlain(value, true);
    if (except.includes(name) || plain === undefined) continue;
    config[name[0]!.toUpperCase() + name.slice(1)] = plain;
  }
  return config;
}

/** A source that is named by one setting: its ARN or name, which may also stand alone. */
function named(kind: Kind, name: string, type: string, from: readonly string[], to: string): Source {
  return (settings) => {
    const source = from.map((key) => plainAt(settings, key)).find((value) => value !== undefined);
    const value = settings?.kind === 'map' ? source : toPlain(settings, true);
    const config = { type, ...(value !== undefined && { [to]: value }), ...capitalized(settings, from) };
    return [{ kind, name, config }];
  };
}

function plainAt(settings: Tree | undefined, key: string): unknown {
  return toPlain(getIn(settings, key), true);
}

/** `schedule: rate(…)`, or with settings; one that has several rates is several timers. */
const schedule: Source = (settings) => {
  const rate = settings?.kind === 'map' ? getIn(settings, 'rate') : settings;
  const rates = rate?.kind === 'list' ? rate.items.map(textOf) : [textOf(rate)];
  const name = textOf(getIn(settings, 'name')) ?? 'schedule';
  const isScheduler = textOf(getIn(settings, 'method')) === 'scheduler';
  return rates.map((expression) => ({
    kind: 'timer',
    name,
    config: {
      type: isScheduler ? 'ScheduleV2' : 'Schedule',
      ...(expression !== undefined &&
        (isScheduler ? { ScheduleExpression: expression } : { Schedule: expression })),
      ...(isScheduler && plainAt(settings, 'timezone') !== undefined
        ? { ScheduleExpressionTimezone: plainAt(settings, 'timezone') }
        : {}),
      // Several rules cannot have one name.
      ...(rates.length === 1 && textOf(getIn(settings, 'name')) !== undefined ? { Name: name } : {}),
      ...inputOf(settings),
      ...capitalized(settings, ['rate', 'name', 'method', 'timezone', ...inputs]),
    },
  }));
};

const inputs = ['input', 'inputTransformer'];

/** What a rule sends instead of the event, as SAM has it: a text, or a template with paths into the event. */
function inputOf(settings: Tree | undefined): Record<string, unknown> {
  const input = plainAt(settings, 'input');
  const transformer = capitalized(getIn(settings, 'inputTransformer'), []);
  return {
    ...(input !== undefined &&
      input !== null && { Input: typeof input === 'string' ? input : JSON.stringify(input) }),
    ...(Object.keys(transformer).length > 0 && { InputTransformer: transformer }),
  };
}

const s3: Source = (settings) => {
  const rules = getIn(settings, 'rules');
  const given = (rules?.kind === 'list' ? rules.items : []).flatMap((rule) => entriesOf(rule));
  const filters = given.map(([name, value]) => ({ Name: name, Value: textOf(value) ?? '' }));
  const bucket = settings?.kind === 'map' ? plainAt(settings, 'bucket') : toPlain(settings, true);
  const config = {
    type: 'S3',
    ...(bucket !== undefined && { Bucket: bucket }),
    Events: plainAt(settings, 'event') ?? 's3:ObjectCreated:*',
    ...(filters.length > 0 && { Filter: { S3Key: { Rules: filters } } }),
  };
  return [{ kind: 'storage', name: 's3', config }];
};

const stream: Source = (settings) => {
  const arn = settings?.kind === 'map' ? plainAt(settings, 'arn') : toPlain(settings, true);
  const stated = textOf(getIn(settings, 'type'));
  const isKinesis = stated === 'kinesis' || (typeof arn === 'string' && arn.includes(':kinesis:'));
  const config = {
    type: isKinesis ? 'Kinesis' : 'DynamoDB',
    ...(arn !== undefined && { Stream: arn }),
    ...capitalized(settings, ['arn', 'type']),
  };
  return [{ kind: 'event', name: 'stream', config }];
};

const eventBridge: Source = (settings) => {
  const timer = getIn(settings, 'schedule');
  const rest = capitalized(settings, ['schedule', 'eventBus', 'pattern', ...inputs]);
  const bus = plainAt(settings, 'eventBus');
  const pattern = plainAt(settings, 'pattern');
  const rules: OtherTrigger[] = [];
  if (timer) {
    const config = { type: 'Schedule', Schedule: toPlain(timer, true), ...inputOf(settings), ...rest };
    rules.push({ kind: 'timer', name: 'eventBridge', config });
  }
  if (pattern !== undefined || !timer) {
    const config = {
      type: 'EventBridgeRule',
      ...(pattern !== undefined && { Pattern: pattern }),
      ...(bus !== undefined && { EventBusName: bus }),
      ...inputOf(settings),
      ...rest,
    };
    rules.push({ kind: 'event', name: 'eventBridge', config });
  }
  return rules;
};

const cloudwatchEvent: Source = (settings) => {
  const pattern = plainAt(settings, 'event');
  const config = {
    type: 'CloudWatchEvent',
    ...(pattern !== undefined && { Pattern: pattern }),
    ...inputOf(settings),
    ...capitalized(settings, ['event', ...inputs]),
  };
  return [{ kind: 'event', name: 'cloudwatchEvent', config }];
};

/** Sources that have a word of SAM's for them, by the framework's. */
export const eventSources: Record<string, Source> = {
  schedule,
  s3,
  stream,
  eventBridge,
  sqs: named('queue', 'sqs', 'SQS', ['arn'], 'Queue'),
  sns: named('queue', 'sns', 'SNS', ['arn', 'topicName'], 'Topic'),
  msk: named('queue', 'msk', 'MSK', ['arn'], 'Stream'),
  kafka: named('queue', 'kafka', 'SelfManagedKafka', ['bootstrapServers'], 'KafkaBootstrapServers'),
  activemq: named('queue', 'activemq', 'MQ', ['arn'], 'Broker'),
  rabbitmq: named('queue', 'rabbitmq', 'MQ', ['arn'], 'Broker'),
  cloudwatchEvent,
  cloudwatchLog: named('event', 'cloudwatchLog', 'CloudWatchLogs', ['logGroup'], 'LogGroupName'),
  cognitoUserPool: named('event', 'cognitoUserPool', 'Cognito', ['pool'], 'UserPool'),
  iot: named('event', 'iot', 'IoTRule', ['sql'], 'Sql'),
  alexaSkill: named('event', 'alexaSkill', 'AlexaSkill', ['appId'], 'SkillId'),
};

/** The framework's other events. They are called by hand here. */
export const otherEvents = ['alb', 'alexaSmartHome', 'cloudFront', 'iotFleetProvisioning', 'websocket'];
