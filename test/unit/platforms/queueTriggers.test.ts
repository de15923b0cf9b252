import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OtherTrigger } from '../../../runtime/model/functionDefinition.ts';
import type { Message } from '../../../runtime/model/queues/message.ts';
import { queueDefaults, type QueueDefinition } from '../../../runtime/model/queues/queueDefinition.ts';
import { serverlessYaml } from '../../../runtime/model/projectFiles/serverlessFramework/index.ts';
import { aliyunFc } from '../../../runtime/platforms/aliyun-fc/index.ts';
import { awsLambda } from '../../../runtime/platforms/aws-lambda/index.ts';
import { say } from '../../../runtime/support/l10n.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const definition = functionDefinition('/p', {
  name: 'worker',
  region: 'cn-hangzhou',
  accountId: '1234567890123456',
  timeoutMs: 20_000,
});

const queue: QueueDefinition = {
  name: 'orders',
  platform: 'x',
  region: 'us-east-1',
  accountId: '123456789012',
  settings: { ...queueDefaults, visibilityTimeoutMs: 10_000 },
};

const message: Message = {
  id: '0a1b2c3d-0000-4000-8000-000000000000',
  body: '{"kind":"paid"}',
  attributes: { n: { dataType: 'Number', stringValue: '7' } },
  sequence: 3,
  sentAt: 1_700_000_000_000,
  firstReceivedAt: 1_700_000_000_500,
  receiveCount: 2,
  visibleAt: 0,
  receiptHandle: 'handle',
};

const triggerOf = (config: Record<string, unknown>, more: Partial<OtherTrigger> = {}): OtherTrigger => ({
  kind: 'queue',
  name: 'incoming',
  config,
  ...more,
});

function eventOf(platform: typeof awsLambda, config: Record<string, unknown>, batch = [message]): string {
  const trigger = triggerOf(config);
  const { trigger: read, problems } = platform.sources!.queue!.read(trigger, definition, []);
  assert.deepEqual(problems, []);
  const now = 1_700_000_001_000;
  return Buffer.from(read!.event(batch, { queue, trigger, definition, now })).toString();
}

const details = (platform: typeof awsLambda, trigger: OtherTrigger) =>
  platform
    .sources!.queue!.read(trigger, definition, [queue])
    .problems.map(({ severity, key, detail }) => `${severity} ${key}: ${say(detail)}`);

test('SQS: the event of Lambda', () => {
  assert.deepEqual(JSON.parse(eventOf(awsLambda, { type: 'SQS', Queue: 'arn:aws:sqs:us-east-1:1:orders' })), {
    Records: [
      {
        messageId: message.id,
        receiptHandle: 'handle',
        body: '{"kind":"paid"}',
        attributes: {
          ApproximateReceiveCount: '2',
          SentTimestamp: '1700000000000',
          SenderId: '123456789012',
          ApproximateFirstReceiveTimestamp: '1700000000500',
        },
        messageAttributes: {
          n: { stringValue: '7', stringListValues: [], binaryListValues: [], dataType: 'Number' },
        },
        md5OfMessageAttributes: '3a734e6fc44468814b287b503a526bff',
        md5OfBody: 'e687a8e5b2ea84a2c576875ee6f48960',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
        awsRegion: 'us-east-1',
      },
    ],
  });
});

test('SQS: what a template says of batches, concurrency and filters', () => {
  const { trigger } = awsLambda.sources!.queue!.read(
    triggerOf({
      type: 'SQS',
      Queue: 'arn:aws:sqs:us-east-1:1:orders',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 3 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      Enabled: false,
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["paid"]}}' }] },
    }),
    definition,
    [],
  );
  assert.deepEqual(
    [trigger?.batchSize, trigger?.windowMs, trigger?.maxConcurrency, trigger?.reportsItemFailures],
    [100, 5000, 3, true],
  );
  assert.equal(trigger?.enabled, false);
  assert.equal(trigger?.accepts?.(message), true);
  assert.equal(trigger?.accepts?.({ ...message, body: '{"kind":"open"}' }), false);
  assert.equal(trigger?.accepts?.({ ...message, body: 'text' }), false);
});

test('SQS: the same in the words of the Serverless Framework', () => {
  const text = `service: shop
provider: { name: aws, runtime: nodejs20.x }
functions:
  worker:
    handler: index.handler
    events:
      - sqs:
          arn: arn:aws:sqs:us-east-1:1:orders
          batchSize: 100
          maximumBatchingWindow: 5
          maximumConcurrency: 3
          functionResponseType: ReportBatchItemFailures
          enabled: false
          filterPatterns:
            - body: { kind: [paid] }
            - body: { kind: [sent] }
`;
  const { functions } = serverlessYaml.parse(text, {
    file: '/p/serverless.yml',
    variable: () => undefined,
  });
  const [stated] = functions[0]!.definition.triggers;
  assert.equal(stated?.kind, 'queue');
  const { trigger, problems } = awsLambda.sources!.queue!.read(stated as OtherTrigger, definition, []);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [trigger?.batchSize, trigger?.windowMs, trigger?.maxConcurrency, trigger?.reportsItemFailures],
    [100, 5000, 3, true],
  );
  assert.equal(trigger?.enabled, false);
  assert.deepEqual(
    ['paid', 'sent', 'open'].map((kind) =>
      trigger?.accepts?.({ ...message, body: JSON.stringify({ kind }) }),
    ),
    [true, true, false],
  );
});

test('SQS: what is wrong in the words of the Serverless Framework is told by them', () => {
  const wrong = {
    MaximumBatchingWindow: 301,
    MaximumConcurrency: 1,
    FilterPatterns: [{ body: 'paid' }, '{'],
  };
  const told = details(awsLambda, triggerOf({ type: 'SQS', Queue: 'arn:aws:sqs:us-east-1:1:x', ...wrong }));
  assert.deepEqual(
    told.map((line) => line.split(':')[0]),
    [
      'error MaximumBatchingWindow',
      'error MaximumConcurrency',
      'error FilterPatterns',
      'error FilterPatterns',
    ],
  );
});

test('SQS: what is wrong is told by its key', () => {
  const arn = 'arn:aws:sqs:us-east-1:1:steps.fifo';
  assert.deepEqual(details(awsLambda, triggerOf({ type: 'SQS', Queue: arn, BatchSize: 11 })), [
    'error BatchSize: expected a whole number from 1 to 10. (a FIFO queue)',
  ]);
  assert.deepEqual(
    details(awsLambda, triggerOf({ type: 'SQS' }, { unresolved: { Queue: '!ImportValue X' } })),
    ['error Queue: !ImportValue X is known in the cloud alone; name a queue of this file or an ARN.'],
  );
  assert.deepEqual(details(awsLambda, triggerOf({ queue: 'orders', batchSize: 20 })), [
    'error batchSize: batches of more than 10 need window of at least one second.',
  ]);
  assert.match(
    details(awsLambda, triggerOf({ queue: 'orders' })).join(),
    /^warning queue: the visibility time-out of orders \(10 s\) is shorter than the function's time-out \(20 s\)/,
  );
});

const streaming = (type: string, parameters: object, more: object = {}) => ({
  type: 'eventbridge',
  triggerEnable: true,
  asyncInvocationType: false,
  eventRuleFilterPattern: '{}',
  eventSinkConfig: { deliveryOption: { eventSchema: 'CloudEvents' } },
  eventSourceConfig: { eventSourceType: type, eventSourceParameters: parameters },
  runOptions: { mode: 'event-streaming', batchWindow: { CountBasedWindow: 2, TimeBasedWindow: 3 } },
  ...more,
});

const mns = streaming('MNS', { sourceMNSParameters: { QueueName: 'orders', IsBase64Decode: true } });

test('MNS queue: a list of CloudEvents', () => {
  const [element] = JSON.parse(eventOf(aliyunFc, mns)) as Record<string, unknown>[];
  assert.deepEqual(element, {
    id: message.id,
    source: 'MNS-Function-incoming',
    specversion: '1.0',
    type: 'mns:Queue:SendMessage',
    datacontenttype: 'application/json; charset=utf-8',
    subject: 'acs:mns:cn-hangzhou:1234567890123456:queues/orders',
    time: '2023-11-14T22:13:20.000Z',
    aliyunaccountid: '1234567890123456',
    aliyunpublishtime: '2023-11-14T22:13:21.000Z',
    aliyunoriginalaccountid: '1234567890123456',
    aliyuneventbusname: 'MNS-Function-incoming',
    aliyunregionid: 'cn-hangzhou',
    aliyunpublishaddr: '127.0.0.1',
    data: {
      requestId: (element!['data'] as { requestId: string }).requestId,
      messageId: '0A1B2C3D000040008000000000000000',
      messageBody: '{"kind":"paid"}',
    },
  });
});

test('MNS queue: one element when it is event-driven, and its data alone when that is asked for', () => {
  const driven = { ...mns, runOptions: { mode: 'event-driven' } };
  assert.equal((JSON.parse(eventOf(aliyunFc, driven)) as { type: string }).type, 'mns:Queue:SendMessage');
  const raw = { ...mns, eventSinkConfig: { deliveryOption: { eventSchema: 'RawData' } } };
  const [data] = JSON.parse(eventOf(aliyunFc, raw)) as object[];
  assert.deepEqual(Object.keys(data!), ['requestId', 'messageId', 'messageBody']);
});

test('RocketMQ: a topic with its properties, and only the tag that is subscribed to', () => {
  const config = streaming('RocketMQ', {
    sourceRocketMQParameters: { Topic: 'orders', GroupID: 'g', InstanceId: 'MQ_INST_1', Tag: 'paid||sent' },
  });
  const [element] = JSON.parse(eventOf(aliyunFc, config, [{ ...message, tag: 'paid' }])) as [
    { type: string; subject: string; data: Record<string, unknown> },
  ];
  assert.equal(element.type, 'mq:Topic:SendMessage');
  assert.equal(element.subject, 'acs:mq:cn-hangzhou:1234567890123456:MQ_INST_1%orders');
  assert.deepEqual(Object.keys(element.data), ['topic', 'systemProperties', 'userProperties', 'body']);
  assert.deepEqual(element.data['userProperties'], { n: '7' });
  const { trigger } = aliyunFc.sources!.queue!.read(triggerOf(config), definition, []);
  assert.deepEqual([trigger?.topic, trigger?.batchSize, trigger?.windowMs], ['orders', 2, 3000]);
  assert.equal(trigger?.accepts?.({ ...message, tag: 'sent' }), true);
  assert.equal(trigger?.accepts?.({ ...message, tag: 'open' }), false);
  assert.equal(trigger?.accepts?.(message), false);
  assert.deepEqual(trigger?.settings?.redrive, { target: 'orders-dead', maxReceiveCount: 4 });
  const wait = trigger!.retryAfterMs!(1);
  assert.ok(wait >= 10_000 && wait <= 20_000);
});

test('MNS topic: the message as it is, with its attributes, or as JSON', () => {
  const stream = { type: 'mns_topic', topic: 'news', notifyContentFormat: 'STREAM' };
  assert.equal(eventOf(aliyunFc, stream, [{ ...message, attributes: {} }]), '{"kind":"paid"}');
  assert.deepEqual(JSON.parse(eventOf(aliyunFc, stream)), { body: '{"kind":"paid"}', attrs: { n: '7' } });
  const json = JSON.parse(eventOf(aliyunFc, { ...stream, notifyContentFormat: 'JSON' })) as object;
  assert.deepEqual(Object.keys(json), [
    'TopicOwner',
    'Message',
    'Subscriber',
    'PublishTime',
    'SubscriptionName',
    'MessageMD5',
    'TopicName',
    'MessageId',
    'MessageAttributes',
  ]);
});

test('message services: what is wrong is told by its key', () => {
  assert.deepEqual(details(aliyunFc, triggerOf({ type: 'mns_topic', notifyStrategy: 'NEVER' })), [
    'error sourceArn: expected the name of an MNS topic.',
    'error notifyStrategy: expected BACKOFF_RETRY or EXPONENTIAL_DECAY_RETRY as the retry strategy.',
  ]);
  const wrong = { ...mns, eventRuleFilterPattern: '{"a":' };
  assert.deepEqual(details(aliyunFc, triggerOf(wrong)), [
    'error eventRuleFilterPattern: the pattern is no JSON.',
  ]);
});

test('destinations get a record of what came of an event', () => {
  const end = {
    requestId: 'id',
    definition,
    condition: 'success' as const,
    attempts: 1,
    event: Buffer.from('{"a":1}'),
    now: 1_700_000_000_000,
    last: { record: {} as never, outcome: { kind: 'result' as const, body: Buffer.from('"done"') } },
  };
  assert.deepEqual(aliyunFc.invokeApi!.destinationRecord!(end), {
    timestamp: 1_700_000_000_000,
    requestContext: {
      requestId: 'id',
      functionArn: 'acs:fc:cn-hangzhou:1234567890123456:functions/worker/LATEST',
      condition: 'Success',
      approximateInvokeCount: 1,
    },
    requestPayload: '{"a":1}',
    responseContext: { statusCode: 200, functionError: '' },
    responsePayload: '"done"',
  });
  const record = awsLambda.invokeApi!.destinationRecord!(end) as Record<string, unknown>;
  assert.deepEqual(
    [record['version'], record['timestamp'], record['requestPayload'], record['responsePayload']],
    ['1.0', '2023-11-14T22:13:20.000Z', { a: 1 }, 'done'],
  );
});
