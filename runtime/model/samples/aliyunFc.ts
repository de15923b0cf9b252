import { createHash } from 'node:crypto';
import { sample, seconds, type Sample } from './sample.ts';

/* Events of Function Compute's triggers (its documentation, "Event formats of triggers"; contract §3 and §6). */

const platform = 'aliyun-fc';

function ossSample(kind: string, title: string, eventName: string): Sample {
  return sample({
    kind,
    platform,
    title,
    words: 'storage bucket object',
    types: kind === 'oss' ? ['oss'] : [],
    fields: { bucket: ['bucket', 'photos'], key: ['key', 'in/cat.png'] },
    make: ({ bucket, key }, { at, region, accountId }) => ({
      events: [
        {
          eventName,
          eventSource: 'acs:oss',
          eventTime: at.toISOString(),
          eventVersion: '1.0',
          oss: {
            bucket: {
              arn: `acs:oss:${region}:${accountId}:${bucket}`,
              name: bucket,
              ownerIdentity: accountId,
              virtualBucket: '',
            },
            object: {
              deltaSize: eventName.startsWith('ObjectCreated') ? 122_539 : -122_539,
              eTag: '688A7BF4F233DC9C88A80BF985AB7329',
              key,
              objectMeta: { mimeType: 'image/png' },
              size: eventName.startsWith('ObjectCreated') ? 122_539 : 0,
            },
            ossSchemaVersion: '1.0',
            ruleId: '9adac8e253828f4f7c0466d941fa3db81161e853',
          },
          region,
          requestParameters: { sourceIPAddress: '203.0.113.7' },
          responseElements: { requestId: '58F9FF2D3DF792092E12044C' },
          userIdentity: { principalId: accountId },
        },
      ],
    }),
  });
}

/** Samples of Alibaba Cloud Function Compute. */
export const aliyunFcSamples: readonly Sample[] = [
  sample({
    kind: 'http',
    platform,
    title: 'HTTP trigger',
    words: 'request web',
    fields: {
      method: ['method', 'POST'],
      path: ['path', '/orders'],
      body: ['body', '{"item":"lamp","count":2}'],
    },
    make({ method, path, body }, { id, at, region, accountId }) {
      const domainPrefix = 'demo-abcdefghij';
      const domainName = `${domainPrefix}.${region}.fcapp.run`;
      const userAgent = 'curl/8.5.0';
      return {
        version: 'v1',
        rawPath: path,
        body,
        isBase64Encoded: false,
        headers: {
          Accept: '*/*',
          'Content-Type': 'application/json',
          Host: domainName,
          'User-Agent': userAgent,
        },
        queryParameters: { page: '1' },
        requestContext: {
          accountId,
          domainName,
          domainPrefix,
          http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent },
          requestId: `1-${id}`,
          time: seconds(at),
          timeEpoch: String(at.getTime()),
        },
      };
    },
  }),
  sample({
    kind: 'timer',
    platform,
    title: 'Timer',
    words: 'cron schedule',
    types: ['timer'],
    fields: { name: ['trigger', 'nightly'], payload: ['payload', 'hello'] },
    valuesOf: ({ payload }) => ({ payload: typeof payload === 'string' ? payload : '' }),
    make: ({ name, payload }, { at }) => ({ triggerTime: seconds(at), triggerName: name, payload }),
  }),
  ossSample('oss', 'OSS object created', 'ObjectCreated:PutObject'),
  ossSample('oss-delete', 'OSS object removed', 'ObjectRemoved:DeleteObject'),
  sample({
    kind: 'log',
    platform,
    title: 'Log Service (SLS)',
    words: 'sls logstore',
    types: ['log'],
    fields: { project: ['project', 'demo-project'], logstore: ['logstore', 'access-log'] },
    make: ({ project, logstore }, { id, at, region }) => ({
      parameter: {},
      source: {
        endpoint: `http://${region}-intranet.log.aliyuncs.com`,
        projectName: project,
        logstoreName: logstore,
        shardId: 0,
        beginCursor: 'MTUyOTQ4MDIwOTY1NTk3ODQ2Mw==',
        endCursor: 'MTUyOTQ4MDIwOTY1NTk3ODQ2NA==',
      },
      jobName: '1f7043ced683de1a4e3d8d70b5a412843d817a39',
      taskId: id,
      cursorTime: Math.floor(at.getTime() / 1000),
    }),
  }),
  sample({
    kind: 'cdn',
    platform,
    title: 'CDN: files were refreshed',
    words: 'cdn_events cache',
    types: ['cdn_events'],
    fields: { domain: ['domain', 'example.com'], name: ['event', 'CachedObjectsRefreshed'] },
    valuesOf: ({ eventName }) => ({ name: typeof eventName === 'string' ? eventName : undefined }),
    make: ({ domain, name }, { id, at, region, accountId }) => ({
      events: [
        {
          eventName: name,
          eventVersion: '1.0.0',
          eventSource: 'cdn',
          region,
          eventTime: seconds(at),
          traceId: id,
          resource: { domain },
          eventParameter: {
            objectPath: ['/2026/11/26/index.html'],
            createTime: Math.floor(at.getTime() / 1000) - 60,
            domain,
            completeTime: Math.floor(at.getTime() / 1000),
            objectType: 'File',
            taskId: 2_089_687_230,
          },
          userIdentity: { aliUid: accountId },
        },
      ],
    }),
  }),
  sample({
    kind: 'tablestore',
    platform,
    title: 'Tablestore records (as JSON)',
    words: 'ots table row',
    types: ['tablestore'],
    fields: { key: ['primary key', '17'], column: ['column', 'status'], value: ['value', 'paid'] },
    make: ({ key, column, value }, { at }) => ({
      Version: 'Sync-v1',
      Records: [
        {
          Type: 'PutRow',
          Info: { Timestamp: at.getTime() * 1000 },
          PrimaryKey: [{ ColumnName: 'id', Value: key }],
          Columns: [{ Type: 'Put', ColumnName: column, Value: value, Timestamp: at.getTime() }],
        },
      ],
    }),
  }),
  sample({
    kind: 'mns-topic',
    platform,
    title: 'MNS topic, notification as JSON',
    words: 'mns_topic message smq',
    types: ['mns_topic'],
    fields: { topic: ['topic', 'alerts'], message: ['message', '{"order":17}'] },
    make: ({ topic, message }, { id, at, accountId }) => ({
      TopicOwner: accountId,
      Message: message,
      Subscriber: accountId,
      PublishTime: at.getTime(),
      SubscriptionName: 'demo-subscription',
      MessageMD5: createHash('md5').update(message).digest('hex').toUpperCase(),
      TopicName: topic,
      MessageId: id.replaceAll('-', '').slice(0, 16).toUpperCase(),
    }),
  }),
  sample({
    kind: 'mns-topic-stream',
    platform,
    title: 'MNS topic, notification as a stream, with attributes',
    words: 'mns_topic message smq',
    fields: { message: ['message', '{"order":17}'], attribute: ['attribute "kind"', 'test'] },
    make: ({ message, attribute }) => ({ body: message, attrs: { kind: attribute } }),
  }),
  sample({
    kind: 'api-gateway',
    platform,
    title: 'API Gateway',
    words: 'http request',
    fields: {
      method: ['method', 'POST'],
      path: ['path', '/orders'],
      body: ['body', '{"item":"lamp","count":2}'],
    },
    make: ({ method, path, body }) => ({
      path,
      httpMethod: method,
      headers: { 'Content-Type': 'application/json; charset=UTF-8', 'X-Ca-Api-Gateway': 'demo' },
      queryParameters: { page: '1' },
      pathParameters: {},
      body,
      isBase64Encoded: false,
    }),
  }),
];
