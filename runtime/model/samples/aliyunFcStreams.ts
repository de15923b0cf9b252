import { jsonOr, sample, type Sample, type SampleFacts } from './sample.ts';

/* Events of Function Compute's triggers that come by EventBridge: lists of CloudEvents, or of what is in them. */

const platform = 'aliyun-fc';

/** One element of EventBridge's family of triggers, which send lists of CloudEvents. */
function element(
  { id, at, region, accountId }: SampleFacts,
  { type, source, subject, data }: { type: string; source: string; subject: string; data: unknown },
): object {
  return {
    id,
    source,
    specversion: '1.0',
    type,
    datacontenttype: 'application/json; charset=utf-8',
    subject,
    time: at.toISOString(),
    aliyunaccountid: accountId,
    aliyunpublishtime: at.toISOString(),
    aliyunoriginalaccountid: accountId,
    aliyuneventbusname: 'default',
    aliyunregionid: region,
    aliyunpublishaddr: '203.0.113.7',
    data,
  };
}

/** Samples of queues and streams of Alibaba Cloud. */
export const aliyunFcStreamSamples: readonly Sample[] = [
  sample({
    kind: 'mns-queue',
    platform,
    title: 'MNS queue',
    words: 'message smq eventbridge',
    fields: { queue: ['queue', 'orders'], message: ['message', '{"order":17}'] },
    make: ({ queue, message }, facts) => [
      element(facts, {
        type: 'mns:Queue:SendMessage',
        source: 'acs:mns',
        subject: `acs:mns:${facts.region}:${facts.accountId}:queues/${queue}`,
        data: { requestId: facts.id, messageId: '5F1BB4C5DB1B7A1A', messageBody: jsonOr(message) },
      }),
    ],
  }),
  sample({
    kind: 'rocketmq',
    platform,
    title: 'RocketMQ messages',
    words: 'ons topic queue eventbridge',
    fields: { topic: ['topic', 'orders'], body: ['message', '{"order":17}'], tag: ['tag', 'paid'] },
    make: ({ topic, body, tag }, facts) => [
      element(facts, {
        type: 'mq:Topic:SendMessage',
        source: 'RocketMQ.trigger',
        subject: `acs:mq:${facts.region}:${facts.accountId}:instance/demo/topic/${topic}`,
        data: {
          topic,
          systemProperties: {
            MIN_OFFSET: '0',
            TRACE_ON: 'true',
            MAX_OFFSET: '8',
            KEYS: 'key-1',
            TAGS: tag,
            CLUSTER: 'DefaultCluster',
          },
          userProperties: { kind: 'test' },
          body: jsonOr(body),
        },
      }),
    ],
  }),
  sample({
    kind: 'rocketmq-self-hosted',
    platform,
    title: 'RocketMQ messages of an own cluster',
    words: 'topic queue',
    fields: { topic: ['topic', 'orders'], body: ['message', '{"order":17}'] },
    make: ({ topic, body }, { id }) => [
      {
        msgId: id.replaceAll('-', '').toUpperCase(),
        topic,
        systemProperties: {
          UNIQ_KEY: id.replaceAll('-', '').toUpperCase(),
          CLUSTER: 'DefaultCluster',
          MIN_OFFSET: '0',
          MAX_OFFSET: '8',
        },
        userProperties: {},
        body: jsonOr(body),
      },
    ],
  }),
  sample({
    kind: 'rabbitmq',
    platform,
    title: 'RabbitMQ messages',
    words: 'amqp queue eventbridge',
    fields: { queue: ['queue', 'orders'], body: ['message', '{"order":17}'] },
    make: ({ queue, body }, facts) => [
      element(facts, {
        type: 'amqp:Queue:SendMessage',
        source: 'RabbitMQ.trigger',
        subject: `acs:amqp:${facts.region}:${facts.accountId}:instance/demo/vhosts/demo/queues/${queue}`,
        data: {
          envelope: { deliveryTag: 98, exchange: '', redeliver: false, routingKey: queue },
          body: jsonOr(body),
          props: { contentEncoding: 'UTF-8', messageId: facts.id },
        },
      }),
    ],
  }),
  sample({
    kind: 'kafka',
    platform,
    title: 'Kafka messages',
    words: 'alikafka topic eventbridge',
    fields: { topic: ['topic', 'clicks'], value: ['value', '{"page":"/home"}'] },
    make: ({ topic, value }, facts) => [
      element(facts, {
        type: 'alikafka:Topic:Message',
        source: 'acs:alikafka',
        subject: `acs:alikafka:${facts.region}:${facts.accountId}:instance/demo/topic/${topic}`,
        data: {
          topic,
          partition: 7,
          offset: 25,
          timestamp: facts.at.getTime(),
          headers: { headers: [], isReadOnly: false },
          key: 'visitor-1',
          value,
        },
      }),
    ],
  }),
  sample({
    kind: 'dts',
    platform,
    title: 'Data Transmission Service (DTS)',
    words: 'database binlog eventbridge',
    fields: { table: ['table', 'orders'], id: ['key', '17'] },
    make: ({ table, id }, facts) => [
      element(facts, {
        type: 'dts:ConsumeMessage',
        source: 'acs:dts',
        subject: `acs:dts:${facts.region}:${facts.accountId}:demo`,
        data: {
          id: 321_146,
          topicPartition: { hash: 0, partition: 0, topic: 'demo' },
          offset: 3_218_099,
          sourceTimestamp: Math.floor(facts.at.getTime() / 1000),
          operationType: 'UPDATE',
          schema: {
            recordFields: [
              {
                fieldName: 'id',
                rawDataTypeNum: 8,
                isPrimaryKey: true,
                isUniqueKey: false,
                fieldPosition: 0,
              },
            ],
            nameIndex: {},
            schemaId: '(demo-db,demo-db,orders)',
            databaseName: 'demo-db',
            tableName: table,
            primaryIndexInfo: {
              indexType: 'PrimaryKey',
              indexFields: [],
              cardinality: 0,
              nullable: true,
              isFirstUniqueIndex: false,
            },
            uniqueIndexInfo: [],
            foreignIndexInfo: [],
            normalIndexInfo: [],
            databaseInfo: { databaseType: 'MySQL', version: '5.7.35-log' },
            totalRows: 0,
          },
          beforeImage: { recordSchema: {}, values: [{ data: Number(id) || 0 }], size: 45 },
          afterImage: { recordSchema: {}, values: [{ data: Number(id) || 0 }], size: 47 },
        },
      }),
    ],
  }),
  sample({
    kind: 'mqtt',
    platform,
    title: 'MQTT messages',
    words: 'iot device',
    fields: {
      topic: ['first topic', 'devices'],
      client: ['client', 'GID_demo@@@1'],
      body: ['message', '{"temperature":21.5}'],
    },
    make: ({ topic, client, body }) => [
      { props: { firstTopic: topic, secondTopic: '/thermometer', clientId: client }, body: jsonOr(body) },
    ],
  }),
  sample({
    kind: 'eventbridge',
    platform,
    title: 'EventBridge events',
    words: 'bus cloudevents rule',
    types: ['eventbridge'],
    fields: {
      type: ['type', 'order:Placed'],
      source: ['source', 'com.example.orders'],
      data: ['data', '{"order":17}'],
    },
    make: ({ type, source, data }, facts) => [
      element(facts, {
        type,
        source,
        subject: `acs:eventbridge:${facts.region}:${facts.accountId}:eventbus/default`,
        data: jsonOr(data),
      }),
    ],
  }),
];
