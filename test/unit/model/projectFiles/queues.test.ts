import assert from 'node:assert/strict';
import { test } from 'node:test';
import { porchlightYaml } from '../../../../runtime/model/projectFiles/porchlightYaml.ts';
import { samTemplate } from '../../../../runtime/model/projectFiles/samTemplate.ts';
import { serverlessDevsYaml } from '../../../../runtime/model/projectFiles/serverlessDevs/index.ts';
import type { ParsedProjectFile } from '../../../../runtime/model/projectFiles/projectFile.ts';

const context = { file: '/p/file.yaml', variable: () => undefined };

const told = ({ problems }: ParsedProjectFile) =>
  problems.map(({ line, severity, message }) => `${line} ${severity} ${message}`);

test('queues of a SAM template: names, settings, dead letters, and what refers to them', () => {
  const parsed = samTemplate.parse(
    `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      VisibilityTimeout: 60
      DelaySeconds: '5'
      RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3 }
  Dead: { Type: AWS::SQS::Queue }
  Steps:
    Type: AWS::SQS::Queue
    Properties: { FifoQueue: true, ContentBasedDeduplication: true }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: nodejs20.x
      Environment: { Variables: { URL: !Ref Orders, NAME: !GetAtt Steps.QueueName } }
      EventInvokeConfig:
        MaximumRetryAttempts: 1
        MaximumEventAgeInSeconds: 60
        DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Dead.Arn } }
      Events:
        In: { Type: SQS, Properties: { Queue: !GetAtt Orders.Arn } }
`,
    context,
  );
  assert.deepEqual(told(parsed), []);
  assert.deepEqual(
    parsed.queues?.map(({ name, settings, declaredAt }) => [
      name,
      settings.fifo,
      settings.visibilityTimeoutMs,
      settings.delayMs,
      settings.redrive,
      declaredAt?.line,
    ]),
    [
      ['orders', false, 60_000, 5000, { target: 'Dead', maxReceiveCount: 3 }, 3],
      ['Dead', false, 30_000, 0, undefined, 10],
      ['Steps.fifo', true, 30_000, 0, undefined, 11],
    ],
  );
  const { definition } = parsed.functions[0]!;
  assert.deepEqual(definition.env, {
    URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders',
    NAME: 'Steps.fifo',
  });
  assert.deepEqual(definition.triggers[0], {
    kind: 'queue',
    name: 'In',
    config: { type: 'SQS', Queue: 'arn:aws:sqs:us-east-1:123456789012:orders' },
    at: { file: '/p/file.yaml', line: 25, column: 9 },
    configAt: { Queue: { file: '/p/file.yaml', line: 25, column: 55 } },
  });
  assert.deepEqual(definition.asyncInvoke, {
    attempts: 2,
    maxAgeMs: 60_000,
    onFailure: { kind: 'queue', name: 'Dead', stated: 'arn:aws:sqs:us-east-1:123456789012:Dead' },
  });
});

test('queues of a SAM template: what is wrong is told at its place, and the rest holds', () => {
  const parsed = samTemplate.parse(
    `Transform: AWS::Serverless-2016-10-31
Resources:
  Long:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 99999
      RedrivePolicy: { deadLetterTargetArn: !ImportValue Dead, maxReceiveCount: 3 }
  Odd:
    Type: AWS::SQS::Queue
    Properties: { QueueName: odd.fifo }
`,
    context,
  );
  assert.deepEqual(
    parsed.queues?.map(({ name, settings }) => [name, settings.visibilityTimeoutMs, settings.redrive]),
    [['Long', 30_000, undefined]],
  );
  const lines = told(parsed).map((text) => text.slice(0, 70));
  assert.equal(lines.length, 3, lines.join('\n'));
  assert.match(lines[0]!, /^6 error .*Long\.VisibilityTimeout/);
  assert.match(lines[1]!, /^7 warning .*Long\.RedrivePolicy/);
  assert.match(lines[2]!, /^10 error .*Odd\.QueueName/);
});

test('queues of porchlight.yaml', () => {
  const parsed = porchlightYaml.parse(
    `queues:
  orders: { visibilityTimeout: 1m, deadLetters: { queue: dead, afterReceives: 3 } }
  dead:
  steps.fifo: { contentBasedDeduplication: true, delay: 20m }
  "bad name": {}
functions:
  worker:
    handler: a.b
    triggers: [{ queue: { queue: orders, batchSize: 5, window: 2s, partialFailures: true } }]
`,
    context,
  );
  assert.deepEqual(
    parsed.queues?.map(({ name, settings }) => [
      name,
      settings.visibilityTimeoutMs,
      settings.redrive?.target,
    ]),
    [
      ['orders', 60_000, 'dead'],
      ['dead', 30_000, undefined],
      ['steps.fifo', 30_000, undefined],
    ],
  );
  assert.equal(told(parsed).length, 2);
  assert.match(told(parsed)[0]!, /^4 error .*queues\.steps\.fifo\.delay.*0 to 900 seconds/);
  assert.match(told(parsed)[1]!, /^5 error .*queues\.bad name/);
});

test('message services of s.yaml: topics by their ARN, queues and topics through EventBridge', () => {
  const parsed = serverlessDevsYaml.parse(
    `edition: 3.0.0
resources:
  worker:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: worker
      runtime: nodejs20
      handler: index.handler
      code: ./
      asyncInvokeConfig:
        maxAsyncRetryAttempts: 9
        destinationConfig:
          onSuccess: { destination: "acs:mns:cn-hangzhou:1:/queues/done/messages" }
      triggers:
        - triggerName: news
          triggerType: mns_topic
          sourceArn: acs:mns:cn-hangzhou:1:/topics/news
          triggerConfig: { notifyContentFormat: JSON }
        - triggerName: orders
          triggerType: eventbridge
          triggerConfig: { eventSourceConfig: { eventSourceType: MNS } }
        - triggerName: other
          triggerType: eventbridge
          triggerConfig: { eventSourceConfig: { eventSourceType: Kafka } }
`,
    context,
  );
  const { definition } = parsed.functions[0]!;
  assert.deepEqual(
    definition.triggers.map((trigger) => [trigger.kind, trigger.name]),
    [
      ['queue', 'news'],
      ['queue', 'orders'],
      ['event', 'other'],
    ],
  );
  const [news] = definition.triggers;
  assert.equal(news?.kind === 'queue' && news.config['topic'], 'news');
  assert.deepEqual(definition.asyncInvoke?.onSuccess, {
    kind: 'queue',
    name: 'done',
    stated: 'acs:mns:cn-hangzhou:1:/queues/done/messages',
  });
  assert.match(told(parsed).join('\n'), /12 error .*maxAsyncRetryAttempts.*0 to 8/);
});
