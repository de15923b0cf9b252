import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sample, seconds, type Sample, type SampleFacts } from './sample.ts';

/* Events of AWS services that send messages and streams (developer guide, chapters of the services; contract §10). */

const platform = 'aws-lambda';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function sqsRecord(
  body: string,
  queue: string,
  { id, at, region, accountId }: SampleFacts,
  more: object = {},
): object {
  return {
    messageId: id,
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(at.getTime() - 50),
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: String(at.getTime()),
      ...more,
    },
    messageAttributes: {},
    md5OfBody: md5(body),
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${region}:${accountId}:${queue}`,
    awsRegion: region,
  };
}

/** Samples of queues, topics, streams and logs. */
export const awsMessageSamples: readonly Sample[] = [
  sample({
    kind: 'sqs',
    platform,
    title: 'SQS messages',
    words: 'queue',
    types: ['SQS'],
    fields: { queue: ['queue', 'orders'], body: ['message', '{"order":17}'] },
    make: ({ queue, body }, facts) => ({ Records: [sqsRecord(body, queue, facts)] }),
  }),
  sample({
    kind: 'sqs-fifo',
    platform,
    title: 'SQS messages of a FIFO queue',
    words: 'queue',
    fields: {
      queue: ['queue', 'orders.fifo'],
      body: ['message', '{"order":17}'],
      group: ['message group', 'customer-1'],
    },
    make: ({ queue, body, group }, facts) => ({
      Records: [
        sqsRecord(body, queue, facts, {
          SequenceNumber: '18849496460467696128',
          MessageGroupId: group,
          MessageDeduplicationId: md5(body),
        }),
      ],
    }),
  }),
  sample({
    kind: 'sns',
    platform,
    title: 'SNS notification',
    words: 'topic message',
    types: ['SNS'],
    fields: {
      topic: ['topic', 'alerts'],
      subject: ['subject', 'Hello'],
      message: ['message', '{"order":17}'],
    },
    make({ topic, subject, message }, { id, at, region, accountId }) {
      const arn = `arn:aws:sns:${region}:${accountId}:${topic}`;
      return {
        Records: [
          {
            EventVersion: '1.0',
            EventSubscriptionArn: `${arn}:21be56ed-a058-49f5-8c98-aedd2564c486`,
            EventSource: 'aws:sns',
            Sns: {
              Type: 'Notification',
              MessageId: id,
              TopicArn: arn,
              Subject: subject,
              Message: message,
              Timestamp: at.toISOString(),
              SignatureVersion: '1',
              Signature: 'EXAMPLE',
              SigningCertUrl: `https://sns.${region}.amazonaws.com/SimpleNotificationService.pem`,
              UnsubscribeUrl: `https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}`,
              MessageAttributes: { kind: { Type: 'String', Value: 'test' } },
            },
          },
        ],
      };
    },
  }),
  sample({
    kind: 'kinesis',
    platform,
    title: 'Kinesis stream records',
    words: 'data stream',
    types: ['Kinesis'],
    fields: {
      stream: ['stream', 'clicks'],
      data: ['data', '{"page":"/home"}'],
      key: ['partition key', 'visitor-1'],
    },
    make({ stream, data, key }, { at, region, accountId }) {
      const sequenceNumber = '49590338271490256608559692538361571095921575989136588898';
      return {
        Records: [
          {
            kinesis: {
              kinesisSchemaVersion: '1.0',
              partitionKey: key,
              sequenceNumber,
              data: base64(data),
              approximateArrivalTimestamp: at.getTime() / 1000,
            },
            eventSource: 'aws:kinesis',
            eventVersion: '1.0',
            eventID: `shardId-000000000006:${sequenceNumber}`,
            eventName: 'aws:kinesis:record',
            invokeIdentityArn: `arn:aws:iam::${accountId}:role/lambda-role`,
            awsRegion: region,
            eventSourceARN: `arn:aws:kinesis:${region}:${accountId}:stream/${stream}`,
          },
        ],
      };
    },
  }),
  sample({
    kind: 'firehose',
    platform,
    title: 'Data Firehose transformation',
    words: 'kinesis delivery',
    fields: { stream: ['delivery stream', 'clicks'], data: ['data', '{"page":"/home"}'] },
    make: ({ stream, data }, { id, at, region, accountId }) => ({
      invocationId: id,
      deliveryStreamArn: `arn:aws:firehose:${region}:${accountId}:deliverystream/${stream}`,
      region,
      records: [
        {
          recordId: '49546986683135544286507457936321625675700192471156785154',
          approximateArrivalTimestamp: at.getTime(),
          data: base64(data),
        },
      ],
    }),
  }),
  sample({
    kind: 'dynamodb',
    platform,
    title: 'DynamoDB stream records',
    words: 'table insert modify remove',
    types: ['DynamoDB'],
    fields: { table: ['table', 'orders'], id: ['key', '17'], status: ['new value', 'paid'] },
    make({ table, id, status }, { at, region, accountId }) {
      const arn = `arn:aws:dynamodb:${region}:${accountId}:table/${table}/stream/2026-01-01T00:00:00.000`;
      const Keys = { id: { S: id } };
      const record = (eventID: string, eventName: string, sequence: string, images: object): object => ({
        eventID,
        eventName,
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: region,
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(at.getTime() / 1000),
          Keys,
          ...images,
          SequenceNumber: sequence,
          SizeBytes: 59,
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
        eventSourceARN: arn,
      });
      const image = (value: string): object => ({ ...Keys, status: { S: value } });
      return {
        Records: [
          record('c4ca4238a0b923820dcc509a6f75849b', 'INSERT', '4421584500000000017450439091', {
            NewImage: image('new'),
          }),
          record('c81e728d9d4c2f636f067f89cc14862c', 'MODIFY', '4421584500000000017450439092', {
            NewImage: image(status),
            OldImage: image('new'),
          }),
          record('eccbc87e4b5ce2fe28308fd9f2a7baf3', 'REMOVE', '4421584500000000017450439093', {
            OldImage: image(status),
          }),
        ],
      };
    },
  }),
  sample({
    kind: 'msk',
    platform,
    title: 'MSK (Kafka) records',
    words: 'kafka topic stream',
    types: ['MSK', 'SelfManagedKafka'],
    fields: { topic: ['topic', 'clicks'], value: ['value', '{"page":"/home"}'] },
    make: ({ topic, value }, { at, region, accountId }) => ({
      eventSource: 'aws:kafka',
      eventSourceArn: `arn:aws:kafka:${region}:${accountId}:cluster/demo/751d2973-a626-431c-9d4e-d7975eb44dd7-2`,
      bootstrapServers: `b-1.demo.kafka.${region}.amazonaws.com:9092`,
      records: {
        [`${topic}-0`]: [
          {
            topic,
            partition: 0,
            offset: 15,
            timestamp: at.getTime(),
            timestampType: 'CREATE_TIME',
            key: base64('visitor-1'),
            value: base64(value),
            headers: [{ source: [...Buffer.from('web')] }],
          },
        ],
      },
    }),
  }),
  sample({
    kind: 'mq',
    platform,
    title: 'Amazon MQ (RabbitMQ) messages',
    words: 'rabbitmq queue amqp',
    types: ['MQ'],
    fields: { queue: ['queue', 'orders'], data: ['message', '{"order":17}'] },
    make: ({ queue, data }, { at, region, accountId }) => ({
      eventSource: 'aws:rmq',
      eventSourceArn: `arn:aws:mq:${region}:${accountId}:broker:demo:b-9bcfa592-423a-4942-879d-eb284b418fc8`,
      rmqMessagesByQueue: {
        [`${queue}::/`]: [
          {
            basicProperties: {
              contentType: 'application/json',
              contentEncoding: null,
              headers: {},
              deliveryMode: 1,
              priority: null,
              correlationId: null,
              replyTo: null,
              expiration: null,
              messageId: null,
              timestamp: seconds(at),
              type: null,
              userId: null,
              appId: null,
              clusterId: null,
              bodySize: Buffer.byteLength(data),
            },
            redelivered: false,
            data: base64(data),
          },
        ],
      },
    }),
  }),
  sample({
    kind: 'cloudwatch-logs',
    platform,
    title: 'CloudWatch Logs subscription',
    words: 'log group filter',
    types: ['CloudWatchLogs'],
    fields: { group: ['log group', '/aws/lambda/demo'], message: ['log line', '[ERROR] something failed'] },
    make({ group, message }, { at, accountId }) {
      const content = {
        messageType: 'DATA_MESSAGE',
        owner: accountId,
        logGroup: group,
        logStream: '2026/11/26/[$LATEST]abcdef',
        subscriptionFilters: ['demo'],
        logEvents: [
          {
            id: '37199773595581154154810589279545129148442535997644275712',
            timestamp: at.getTime(),
            message,
          },
        ],
      };
      return { awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } };
    },
  }),
];
