import { byText, list, map, number, oneOf, plain, value, yesNo, type Shape } from '../shape.ts';

/*
 * Events of `AWS::Serverless::Function` (aws/serverless-application-model, `schema_source/aws_serverless_function.py`;
 * quotas: Lambda developer guide, "Event source mapping").
 */

const schedule = (about: string, snippet: string): Shape => value(about, { topic: 'schedule', snippet });
const state = oneOf(
  'Whether it fires.',
  ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'],
  { usual: 'ENABLED' },
);
const method = oneOf('HTTP method.', ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'any'], {
  more: true,
});
const startingPosition = oneOf('Where reading begins.', ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP']);
const responseTypes = list('What the function may answer.', oneOf('', ['ReportBatchItemFailures']), {
  snippet: ' [ReportBatchItemFailures]',
});

const polled: Record<string, Shape> = {
  Enabled: yesNo('Whether messages are brought.', { usual: 'true' }),
  FilterCriteria: { about: 'Only events that fit a pattern.' },
  MaximumBatchingWindowInSeconds: number('How long a batch that is not full waits.', 0, 300, { unit: 's' }),
  FunctionResponseTypes: responseTypes,
  ...plain([
    'KmsKeyArn',
    'MetricsConfig',
    'LoggingConfig',
    'SourceAccessConfigurations',
    'DestinationConfig',
    'ProvisionedPollerConfig',
    'SchemaRegistryConfig',
  ]),
};

const stream: Record<string, Shape> = {
  ...polled,
  Stream: value('ARN of the stream.'),
  StartingPosition: startingPosition,
  StartingPositionTimestamp: {},
  BatchSize: number('Most records of an event.', 1, 10_000, { usual: '100' }),
  BisectBatchOnFunctionError: yesNo('Halve a batch that failed.'),
  MaximumRecordAgeInSeconds: number('Older records are given up; -1: none is.', -1, 604_800, { unit: 's' }),
  MaximumRetryAttempts: number('How often a batch is repeated; -1: without end.', -1, 10_000),
  ParallelizationFactor: number('Batches of a shard at a time.', 1, 10, { usual: '1' }),
  TumblingWindowInSeconds: number('Length of windows that are counted over.', 0, 900, { unit: 's' }),
};

const kafka: Record<string, Shape> = {
  ...polled,
  ...plain([
    'ConsumerGroupId',
    'StartingPositionTimestamp',
    'Topics',
    'BisectBatchOnFunctionError',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
  ]),
  StartingPosition: startingPosition,
  BatchSize: number('Most records of an event.', 1, 10_000, { usual: '100' }),
};

const timer = {
  ...plain(['DeadLetterConfig', 'Description', 'Name', 'RetryPolicy']),
  Input: value('Event that is sent, as JSON text.'),
  State: state,
};

const properties: Record<string, Shape> = {
  Api: map(
    'A route of a REST API (payload 1.0).',
    {
      Path: value('Path, e.g. /hello or /{proxy+}.'),
      Method: method,
      TimeoutInMillis: number('Longest time the API waits.', 50, 900_000, { unit: 'ms', usual: '29000' }),
      ...plain(['Auth', 'RequestModel', 'RequestParameters', 'RestApiId', 'ResponseTransferMode']),
    },
    { snippet: '\n  Path: ${1:/hello}\n  Method: ${2:get}' },
  ),
  HttpApi: map(
    'A route of an HTTP API (payload 2.0).',
    {
      Path: value('Path, e.g. /hello or /{proxy+}; every path when absent.'),
      Method: method,
      PayloadFormatVersion: oneOf('Form of the event.', ['2.0', '1.0'], { usual: '2.0' }),
      TimeoutInMillis: number('Longest time the API waits.', 50, 30_000, { unit: 'ms', usual: '30000' }),
      ...plain(['ApiId', 'Auth', 'RouteSettings']),
    },
    { snippet: '\n  Path: ${1:/hello}\n  Method: ${2:get}' },
  ),
  Schedule: map(
    'A rule of EventBridge, in UTC.',
    {
      Schedule: schedule(
        '`rate(5 minutes)` or `cron(0 10 * * ? *)`: minutes, hours, day of month, month, day of week, year.',
        ' ${1:rate(5 minutes)}',
      ),
      Enabled: yesNo('Whether it fires.', { usual: 'true' }),
      ...timer,
    },
    { snippet: '\n  Schedule: ${1:rate(5 minutes)}' },
  ),
  ScheduleV2: map(
    'A schedule of EventBridge Scheduler, with time zones.',
    {
      ScheduleExpression: schedule(
        '`rate(5 minutes)`, `cron(0 10 * * ? *)` or `at(2026-11-26T10:00:00)`.',
        ' ${1:rate(5 minutes)}',
      ),
      ScheduleExpressionTimezone: value('Time zone, e.g. Asia/Shanghai.', { usual: 'UTC' }),
      FlexibleTimeWindow: map('Window in which it may fire.', {
        Mode: oneOf('', ['OFF', 'FLEXIBLE']),
        MaximumWindowInMinutes: {},
      }),
      OmitName: yesNo('Leave the name to CloudFormation.'),
      ...plain(['EndDate', 'GroupName', 'KmsKeyArn', 'PermissionsBoundary', 'RoleArn', 'StartDate']),
      ...timer,
    },
    { snippet: '\n  ScheduleExpression: ${1:rate(5 minutes)}' },
  ),
  S3: map(
    'Objects of a bucket of the same template.',
    {
      Bucket: value('The bucket: `!Ref` of one in this template.'),
      Events: {
        ...oneOf(
          'What it hears of.',
          [
            's3:ObjectCreated:*',
            's3:ObjectCreated:Put',
            's3:ObjectCreated:Post',
            's3:ObjectCreated:Copy',
            's3:ObjectCreated:CompleteMultipartUpload',
            's3:ObjectRemoved:*',
            's3:ObjectRemoved:Delete',
            's3:ObjectRemoved:DeleteMarkerCreated',
            's3:ObjectRestore:*',
            's3:ObjectTagging:*',
          ],
          { more: true },
        ),
        items: { more: true },
      },
      Filter: { about: 'Only keys with a prefix or suffix.' },
    },
    { snippet: '\n  Bucket: !Ref ${1:Uploads}\n  Events: s3:ObjectCreated:*' },
  ),
  SQS: map(
    'Messages of a queue.',
    {
      ...polled,
      Queue: value('ARN of the queue, e.g. `!GetAtt Orders.Arn`.'),
      BatchSize: number('Most messages of an event; 10 of a FIFO queue.', 1, 10_000, { usual: '10' }),
      ScalingConfig: map('How many events are under way.', {
        MaximumConcurrency: number('Most events at a time.', 2, 1000),
      }),
    },
    { snippet: '\n  Queue: !GetAtt ${1:Orders}.Arn\n  BatchSize: ${2:10}' },
  ),
  SNS: map(
    'Messages of a topic.',
    {
      Topic: value('ARN of the topic.'),
      FilterPolicyScope: oneOf('What the policy looks at.', ['MessageAttributes', 'MessageBody'], {
        usual: 'MessageAttributes',
      }),
      ...plain(['FilterPolicy', 'Region', 'SqsSubscription']),
    },
    { snippet: '\n  Topic: !Ref ${1:Topic}' },
  ),
  Kinesis: map('Records of a Kinesis stream.', stream),
  DynamoDB: map('Changes of a table.', stream, {
    snippet: '\n  Stream: !GetAtt ${1:Table}.StreamArn\n  StartingPosition: TRIM_HORIZON',
  }),
  DocumentDB: map('Changes of a DocumentDB cluster.', {
    ...polled,
    ...plain([
      'Cluster',
      'CollectionName',
      'DatabaseName',
      'FullDocument',
      'SecretsManagerKmsKeyId',
      'StartingPositionTimestamp',
      'BatchSize',
    ]),
    StartingPosition: startingPosition,
  }),
  MSK: map('Records of a Kafka cluster of AWS.', { ...kafka, Stream: value('ARN of the cluster.') }),
  MQ: map('Messages of a broker.', {
    ...polled,
    ...plain(['Broker', 'DynamicPolicyName', 'Queues', 'SecretsManagerKmsKeyId', 'BatchSize']),
  }),
  SelfManagedKafka: map('Records of another Kafka cluster.', { ...kafka, KafkaBootstrapServers: {} }),
  EventBridgeRule: map(
    'Events of an event bus that fit a pattern.',
    {
      Pattern: value('Pattern that events have to fit.'),
      State: state,
      ...plain([
        'DeadLetterConfig',
        'EventBusName',
        'Input',
        'InputPath',
        'InputTransformer',
        'RetryPolicy',
        'RuleName',
        'Target',
      ]),
    },
    { snippet: '\n  Pattern:\n    source: [${1:aws.s3}]' },
  ),
  CloudWatchEvent: map('Events that fit a pattern (older name of EventBridgeRule).', {
    Enabled: yesNo('Whether it fires.'),
    State: state,
    ...plain(['EventBusName', 'Input', 'InputPath', 'Pattern']),
  }),
  CloudWatchLogs: map('Lines of a log group.', { LogGroupName: {}, FilterPattern: {} }),
  Cognito: map('Triggers of a user pool.', {
    UserPool: value('The user pool: `!Ref` of one in this template.'),
    Trigger: { about: 'Which trigger.', items: {} },
  }),
  IoTRule: map('Messages that fit an IoT rule.', { Sql: {}, AwsIotSqlVersion: {} }),
  AlexaSkill: map('Requests of an Alexa skill.', { SkillId: {} }),
};

const eventTypes = Object.entries(properties).map(([type, { about = '' }]): [string, string] => [
  type,
  about,
]);

const withProperties = Object.fromEntries(
  Object.entries(properties).map(([type, shape]) => [
    type,
    map(shape.about ?? '', { Type: oneOf('What sends the events.', eventTypes), Properties: shape }),
  ]),
);

const anyEvent = map('An event source.', {
  Type: oneOf('What sends the events.', eventTypes, {
    snippet: ' ${1|' + eventTypes.map(([type]) => type).join(',') + '|}',
  }),
  Properties: {},
});

/** One event source of a SAM function. */
export const samEvent: Shape = { ...anyEvent, choose: byText('Type', withProperties, anyEvent) };
