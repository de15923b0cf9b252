import {
  eventSources,
  otherEvents,
} from '../../../../../runtime/model/projectFiles/serverlessFramework/eventSources.ts';
import { map, number, oneOf, plain, value, yesNo, type Shape } from '../shape.ts';

/* Events of the Serverless Framework ("Serverless.yml Reference"); which ones there are has their reader's list. */

const enabled = yesNo('Whether it works.', { usual: 'true' });
const method = oneOf('HTTP method.', ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'any'], {
  more: true,
});
const polled = {
  enabled,
  filterPatterns: {},
  functionResponseType: oneOf('What the function may answer.', ['ReportBatchItemFailures']),
};

/** Settings of events of which more is known than their name; all of them take others, too. */
const known: Record<string, Shape> = {
  httpApi: map(
    'A route of an HTTP API (payload 2.0): `GET /hello`, or settings.',
    { method, path: value('Path, e.g. /hello or /{proxy+}.'), ...plain(['authorizer', 'timeout']) },
    { snippet: '\n  method: ${1:get}\n  path: ${2:/hello}' },
  ),
  http: map(
    'A route of a REST API (payload 1.0): `GET hello`, or settings.',
    {
      method,
      path: value('Path, e.g. hello or {proxy+}.'),
      cors: yesNo('Answers pages of other origins.', { more: true }),
      private: yesNo('Only with an API key.'),
      integration: oneOf(
        'How the request becomes the event.',
        ['lambda-proxy', 'lambda', 'aws', 'aws-proxy', 'http', 'http-proxy', 'mock'],
        { usual: 'lambda-proxy', more: true },
      ),
      ...plain([
        'async',
        'authorizer',
        'connectionId',
        'connectionType',
        'documentation',
        'operationId',
        'operation',
        'request',
        'response',
        'timeoutInMillis',
        'cacheKeyParameters',
        'caching',
      ]),
    },
    { snippet: '\n  method: ${1:get}\n  path: ${2:hello}' },
  ),
  schedule: map(
    'A schedule: `rate(5 minutes)`, `cron(0 10 * * ? *)`, or settings.',
    {
      rate: value('One schedule, or a list.', { topic: 'schedule', items: { topic: 'schedule' } }),
      enabled,
      method: oneOf('Which service fires it.', ['eventBus', 'scheduler'], { usual: 'eventBus' }),
      timezone: value('Time zone, for `method: scheduler`.'),
      ...plain(['name', 'description', 'input', 'inputPath', 'inputTransformer']),
    },
    { topic: 'schedule', snippet: ' ${1:rate(5 minutes)}' },
  ),
  sqs: map(
    'Messages of a queue.',
    {
      arn: value('ARN of the queue.'),
      batchSize: number('Most messages of an event.', 1, 10_000, { usual: '10' }),
      maximumBatchingWindow: number('How long a batch that is not full waits.', 0, 300, { unit: 's' }),
      maximumConcurrency: number('Most events at a time.', 2, 1000),
      ...polled,
    },
    { snippet: '\n  arn: ${1:arn:aws:sqs:region:account:queue}' },
  ),
  stream: map('Records of a Kinesis stream or changes of a table.', {
    arn: value('ARN of the stream.'),
    type: oneOf('Kind of stream.', ['dynamodb', 'kinesis']),
    batchSize: number('Most records of an event.', 1, 10_000, { usual: '10' }),
    batchWindow: number('How long a batch that is not full waits.', 0, 300, { unit: 's' }),
    startingPosition: oneOf('Where reading begins.', ['LATEST', 'TRIM_HORIZON', 'AT_TIMESTAMP']),
    parallelizationFactor: number('Batches of a shard at a time.', 1, 10),
    tumblingWindowInSeconds: number('Length of windows.', 0, 900, { unit: 's' }),
    ...plain([
      'startingPositionTimestamp',
      'consumer',
      'maximumRetryAttempts',
      'bisectBatchOnFunctionError',
      'maximumRecordAgeInSeconds',
      'destinations',
    ]),
    ...polled,
  }),
  s3: map(
    'Objects of a bucket.',
    {
      bucket: value('Name of the bucket.'),
      event: value('What it hears of.', {
        values: [
          's3:ObjectCreated:*',
          's3:ObjectCreated:Put',
          's3:ObjectRemoved:*',
          's3:ObjectRemoved:Delete',
          's3:ObjectRestore:*',
        ].map((each) => ({ value: each })),
        more: true,
      }),
      existing: yesNo('The bucket is there already.'),
      forceDeploy: yesNo('Set it up at every deploy.'),
      rules: {},
    },
    { snippet: '\n  bucket: ${1:uploads}\n  event: s3:ObjectCreated:*' },
  ),
  sns: map(
    'Messages of a topic.',
    plain([
      'arn',
      'topicName',
      'displayName',
      'filterPolicy',
      'filterPolicyScope',
      'redrivePolicy',
      'kmsMasterKeyId',
    ]),
  ),
  eventBridge: map(
    'Events of an event bus.',
    {
      schedule: value('A schedule.', { topic: 'schedule' }),
      enabled,
      retryPolicy: map('Repetitions.', plain(['maximumEventAge', 'maximumRetryAttempts'])),
      ...plain([
        'eventBus',
        'name',
        'description',
        'pattern',
        'input',
        'inputPath',
        'inputTransformer',
        'deadLetterQueueArn',
      ]),
    },
    { snippet: '\n  pattern:\n    source: [${1:aws.s3}]' },
  ),
  websocket: map(
    'A route of a WebSocket API.',
    plain(['route', 'routeResponseSelectionExpression', 'authorizer']),
  ),
};

/** One item of `events` of a function on AWS. */
export const awsEvent: Shape = {
  about: 'What calls the function.',
  open: true,
  keys: {
    ...plain([...Object.keys(eventSources), ...otherEvents]),
    ...Object.fromEntries(
      Object.entries(known).map(([name, shape]) => [name, { ...shape, open: true as const }]),
    ),
  },
};

/** One item of `events` of a function of the plugin for Function Compute, which tells unknown ones by its reader. */
export const aliyunEvent: Shape = {
  about: 'What calls the function.',
  open: true,
  keys: plain(['http', 'https', 'oss', 'timer']),
};
