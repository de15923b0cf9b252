import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { OtherTrigger } from '../../../../runtime/model/functionDefinition.ts';
import {
  findSample,
  sampleOf,
  samples,
  samplesFor,
  sampleText,
  triggerEventText,
} from '../../../../runtime/model/samples/index.ts';
import { findPlatform } from '../../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

const facts = {
  function: 'hello',
  region: 'eu-west-1',
  accountId: '123456789012',
  at: new Date('2026-11-26T10:05:00.123Z'),
  id: '0f8fad5b-d9cb-469f-a165-70867728950e',
};

const eventOf = (kind: string, platform: string, values = {}): unknown =>
  JSON.parse(sampleText(findSample(kind, platform), facts, values));

/** Every path of an event, lists as `[]`. */
function pathsOf(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, at ? `${at}.${key}` : key))];
}

/** Written as `head{a,b{c}} other`: every leaf with what stands before it. */
function expand(text: string): string[] {
  const found: string[] = [];
  const stack: string[] = [];
  let word = '';
  const end = (): void => {
    if (word) found.push(stack.join('') + word);
    word = '';
  };
  for (const character of text) {
    if (character === '{') {
      const open = word;
      end();
      stack.push(`${open}.`);
    } else if (character === '}') {
      end();
      stack.pop();
    } else if (character === ',' || /\s/.test(character)) end();
    else word += character;
  }
  end();
  return found;
}

const element =
  '[]{id,source,specversion,type,datacontenttype,subject,time,aliyunaccountid,aliyunpublishtime,aliyunoriginalaccountid,aliyuneventbusname,aliyunregionid,aliyunpublishaddr}';
const oss =
  'events[]{eventName,eventSource,eventTime,eventVersion,oss{bucket{arn,name,ownerIdentity},object{deltaSize,eTag,key,size},ossSchemaVersion,ruleId},region,requestParameters{sourceIPAddress},responseElements{requestId},userIdentity{principalId}}';
const payload2 =
  'version routeKey rawPath rawQueryString cookies[] headers queryStringParameters requestContext{accountId,apiId,domainName,domainPrefix,http{method,path,protocol,sourceIp,userAgent},requestId,routeKey,stage,time,timeEpoch} body isBase64Encoded';
const sqs =
  'Records[]{messageId,receiptHandle,body,attributes{ApproximateReceiveCount,SentTimestamp,SenderId,ApproximateFirstReceiveTimestamp},messageAttributes,md5OfBody,eventSource,eventSourceARN,awsRegion}';
const s3 =
  'Records[]{eventVersion,eventSource,awsRegion,eventTime,eventName,userIdentity{principalId},requestParameters{sourceIPAddress},responseElements{x-amz-request-id,x-amz-id-2},s3{s3SchemaVersion,configurationId,bucket{name,ownerIdentity{principalId},arn},object{key,sequencer}}}';
const bus = 'version id detail-type source account time region detail';
const cognito =
  'version region userPoolId userName callerContext{awsSdkVersion,clientId} triggerSource request{userAttributes{email}} response';
const cloudEvent = 'specversion id source type time datacontenttype data';

/** Fields that the clouds' contracts name, by sample. */
const contract: Record<string, string> = {
  'aliyun-fc/http':
    'version rawPath body isBase64Encoded headers queryParameters requestContext{accountId,domainName,domainPrefix,http{method,path,protocol,sourceIp,userAgent},requestId,time,timeEpoch}',
  'aliyun-fc/timer': 'triggerTime triggerName payload',
  'aliyun-fc/oss': oss,
  'aliyun-fc/oss-delete': oss,
  'aliyun-fc/log':
    'parameter source{endpoint,projectName,logstoreName,shardId,beginCursor,endCursor} jobName taskId cursorTime',
  'aliyun-fc/cdn':
    'events[]{eventName,eventVersion,eventSource,region,eventTime,traceId,resource{domain},eventParameter,userIdentity{aliUid}}',
  'aliyun-fc/tablestore':
    'Version Records[]{Type,Info{Timestamp},PrimaryKey[]{ColumnName,Value},Columns[]{Type,ColumnName,Value,Timestamp}}',
  'aliyun-fc/mns-topic':
    'TopicOwner Message Subscriber PublishTime SubscriptionName MessageMD5 TopicName MessageId',
  'aliyun-fc/mns-topic-stream': 'body attrs',
  'aliyun-fc/mns-queue': `${element} []{data{requestId,messageId,messageBody}}`,
  'aliyun-fc/rocketmq': `${element} []{data{topic,systemProperties,userProperties,body}}`,
  'aliyun-fc/rocketmq-self-hosted': '[]{msgId,topic,systemProperties,userProperties,body}',
  'aliyun-fc/rabbitmq': `${element} []{data{envelope{deliveryTag,exchange,redeliver,routingKey},body,props}}`,
  'aliyun-fc/kafka': `${element} []{data{topic,partition,offset,timestamp,headers{isReadOnly},key,value}}`,
  'aliyun-fc/dts': `${element} []{data{id,topicPartition,offset,operationType,schema,beforeImage,afterImage}}`,
  'aliyun-fc/mqtt': '[]{props{firstTopic,secondTopic,clientId},body}',
  'aliyun-fc/eventbridge': `${element} []{data}`,
  'aliyun-fc/api-gateway': 'path httpMethod headers queryParameters pathParameters body isBase64Encoded',
  'aws-lambda/http-api': payload2,
  'aws-lambda/function-url': payload2,
  'aws-lambda/rest-api':
    'resource path httpMethod headers multiValueHeaders queryStringParameters multiValueQueryStringParameters pathParameters stageVariables requestContext{accountId,apiId,httpMethod,identity{sourceIp,userAgent},path,protocol,requestId,requestTimeEpoch,resourceId,resourcePath,stage} body isBase64Encoded',
  'aws-lambda/websocket':
    'requestContext{routeKey,messageId,eventType,connectionId,apiId,stage,domainName,requestId} body isBase64Encoded',
  'aws-lambda/authorizer-token': 'type authorizationToken methodArn',
  'aws-lambda/authorizer-request': 'type methodArn resource path httpMethod headers requestContext',
  'aws-lambda/alb':
    'requestContext{elb{targetGroupArn}} httpMethod path queryStringParameters headers body isBase64Encoded',
  'aws-lambda/sqs': sqs,
  'aws-lambda/sqs-fifo': `${sqs} Records[]{attributes{SequenceNumber,MessageGroupId,MessageDeduplicationId}}`,
  'aws-lambda/sns':
    'Records[]{EventVersion,EventSubscriptionArn,EventSource,Sns{Type,MessageId,TopicArn,Subject,Message,Timestamp,SignatureVersion,Signature,SigningCertUrl,UnsubscribeUrl,MessageAttributes}}',
  'aws-lambda/kinesis':
    'Records[]{eventID,eventName,eventVersion,eventSource,eventSourceARN,awsRegion,invokeIdentityArn,kinesis{kinesisSchemaVersion,partitionKey,sequenceNumber,data,approximateArrivalTimestamp}}',
  'aws-lambda/firehose':
    'invocationId deliveryStreamArn region records[]{recordId,approximateArrivalTimestamp,data}',
  'aws-lambda/dynamodb':
    'Records[]{eventID,eventName,eventVersion,eventSource,awsRegion,dynamodb{ApproximateCreationDateTime,Keys,NewImage,OldImage,SequenceNumber,SizeBytes,StreamViewType},eventSourceARN}',
  'aws-lambda/msk':
    'eventSource eventSourceArn bootstrapServers records{clicks-0[]{topic,partition,offset,timestamp,timestampType,key,value}}',
  'aws-lambda/mq':
    'eventSource eventSourceArn rmqMessagesByQueue{orders::/[]{basicProperties,redelivered,data}}',
  'aws-lambda/cloudwatch-logs': 'awslogs{data}',
  'aws-lambda/s3-put': `${s3} Records[]{s3{object{size,eTag}}}`,
  'aws-lambda/s3-delete': s3,
  'aws-lambda/eventbridge': bus,
  'aws-lambda/s3-eventbridge': `${bus} detail{bucket{name},object{key,size,etag,sequencer},reason}`,
  'aws-lambda/schedule': bus,
  'aws-lambda/scheduler': bus,
  'aws-lambda/cognito-pre-sign-up': `${cognito} response{autoConfirmUser,autoVerifyEmail,autoVerifyPhone}`,
  'aws-lambda/cognito-post-confirmation': cognito,
  'aws-lambda/cognito-pre-token': `${cognito} request{groupConfiguration}`,
  'aws-lambda/ses':
    'Records[]{eventSource,eventVersion,ses{mail{timestamp,source,messageId,destination[],headersTruncated,headers[]{name,value},commonHeaders},receipt{timestamp,recipients[],spamVerdict,virusVerdict,spfVerdict,dkimVerdict,action}}}',
  'aws-lambda/step-functions': 'TaskToken Input',
  'aws-lambda/cloudformation':
    'RequestType ServiceToken ResponseURL StackId RequestId LogicalResourceId ResourceType ResourceProperties',
  'aws-lambda/cloudfront':
    'Records[]{cf{config{distributionId,eventType},request{clientIp,headers,method,querystring,uri}}}',
  'aws-lambda/iot-button': 'temperature',
  'cloudevents/cloudevent': cloudEvent,
  'cloudevents/ping': cloudEvent,
  'cloudevents/kafka': `${cloudEvent} subject`,
  'cloudevents/storage': `${cloudEvent} subject`,
};

for (const each of samples) {
  const name = `${each.platform}/${each.kind}`;
  test(`${name} has what its contract names`, () => {
    const wanted = contract[name];
    assert.ok(wanted, 'its fields are not listed here');
    const paths = new Set(pathsOf(eventOf(each.kind, each.platform)));
    const missing = expand(wanted).filter((path) => !paths.has(path));
    assert.deepEqual(missing, []);
  });
  test(`${name} takes what is filled in`, () => {
    for (const field of Object.keys(each.fields)) {
      const value = `filled-${field}`;
      const text = sampleText(each, facts, { [field]: value });
      const inside = [
        text,
        ...[...text.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g)].map((match) => decoded(match[1]!)),
      ];
      const shown = inside.some((part) => part.includes(value)) || each.kind === 'dts';
      assert.ok(shown, field);
    }
  });
}

function decoded(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString() : bytes.toString();
}

test('kinds are unique within a platform', () => {
  const names = samples.map(({ platform, kind }) => `${platform}/${kind}`);
  assert.equal(new Set(names).size, names.length);
});

test('derived values are right', () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const sqsEvent = eventOf('sqs', 'aws-lambda', { body: 'hi' }) as { Records: { md5OfBody: string }[] };
  assert.equal(sqsEvent.Records[0]!.md5OfBody, md5('hi'));
  const logs = eventOf('cloudwatch-logs', 'aws-lambda') as { awslogs: { data: string } };
  const content = JSON.parse(decoded(logs.awslogs.data)) as object;
  assert.deepEqual(Object.keys(content), [
    'messageType',
    'owner',
    'logGroup',
    'logStream',
    'subscriptionFilters',
    'logEvents',
  ]);
  const http = eventOf('http', 'aliyun-fc') as { requestContext: { time: string; timeEpoch: string } };
  assert.equal(http.requestContext.time, '2026-11-26T10:05:00Z');
  assert.equal(http.requestContext.timeEpoch, '1795687500123');
  const url = eventOf('http-api', 'aws-lambda') as { requestContext: { time: string } };
  assert.equal(url.requestContext.time, '26/Nov/2026:10:05:00 +0000');
});

test('samples of sources that run here have the fields of their events', () => {
  const definition = functionDefinition('/p');
  const at = facts.at;
  const timer: OtherTrigger = { kind: 'timer', name: 'nightly', config: { type: 'Schedule' } };
  const compare = (platform: string, kind: string, bytes: Uint8Array): void => {
    const paths = (value: unknown): string[] => [...new Set(pathsOf(value))].sort();
    assert.deepEqual(
      paths(eventOf(kind, platform)),
      paths(JSON.parse(Buffer.from(bytes).toString())),
      `${platform}/${kind}`,
    );
  };
  for (const [platform, timerKind, created, removed] of [
    ['aliyun-fc', 'timer', 'oss', 'oss-delete'],
    ['aws-lambda', 'schedule', 's3-put', 's3-delete'],
  ] as const) {
    const { sources } = findPlatform(platform)!;
    compare(platform, timerKind, sources!.timer!.event(timer, { at, id: facts.id, definition }));
    const trigger: OtherTrigger = {
      kind: 'storage',
      name: 'up',
      config: { bucket: 'b', events: ['created', 'removed'] },
    };
    const settings = sources!.storage!.read(trigger).settings!;
    for (const [kind, sampleKind] of [
      ['created', created],
      ['removed', removed],
    ] as const) {
      const change = { kind, key: 'a.png', size: 1, md5: 'ab' };
      const about = {
        settings,
        name: settings.names[kind]!,
        trigger,
        definition,
        at,
        id: facts.id,
        sequence: 1,
      };
      compare(platform, sampleKind, sources!.storage!.event(change, about));
    }
  }
});

test('samples are found by platform and by what triggers say they are', () => {
  assert.ok(samplesFor('aws-lambda').every(({ platform }) => platform !== 'aliyun-fc'));
  assert.ok(samplesFor('aliyun-fc').some(({ platform }) => platform === 'cloudevents'));
  assert.equal(findSample('kafka').platform, 'aliyun-fc');
  assert.equal(findSample('kafka', 'cloudevents').platform, 'cloudevents');
  const trigger = (type: string, config = {}): OtherTrigger => ({
    kind: 'event',
    name: 't',
    config: { type, ...config },
  });
  assert.equal(sampleOf(trigger('tablestore'), 'aliyun-fc')?.kind, 'tablestore');
  assert.equal(sampleOf(trigger('tablestore'), 'aws-lambda'), undefined);
  const rule = trigger('EventBridgeRule', { Pattern: { source: ['my.app'], 'detail-type': ['Done'] } });
  assert.deepEqual(sampleOf(rule, 'aws-lambda')?.valuesOf?.(rule.config), {
    source: 'my.app',
    detailType: 'Done',
  });
});

test('the event of a trigger is filled in as far as the trigger says', () => {
  const textOf = (trigger: OtherTrigger, platform: string): unknown => {
    const text = triggerEventText(trigger, platform, facts);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const timer: OtherTrigger = { kind: 'timer', name: 'mine', config: { cron: '@every 1m', payload: 'hi' } };
  assert.deepEqual(textOf(timer, 'aliyun-fc'), {
    triggerTime: '2026-11-26T10:05:00Z',
    triggerName: 'mine',
    payload: 'hi',
  });
  const rule: OtherTrigger = {
    kind: 'event',
    name: 'r',
    config: { type: 'EventBridgeRule', Pattern: { source: ['my.app'] } },
  };
  assert.equal((textOf(rule, 'aws-lambda') as { source: string }).source, 'my.app');
  assert.equal(textOf({ kind: 'event', name: 'x', config: { type: 'AlexaSkill' } }, 'aws-lambda'), undefined);
});

test('a slip is told with what was meant', () => {
  assert.throws(
    () => findSample('s3-putt', 'aws-lambda'),
    /no sample "s3-putt" of aws-lambda\. Did you mean "s3-put"\?/,
  );
  assert.throws(
    () => eventOf('s3-put', 'aws-lambda', { buckett: 'b' }),
    /no field "buckett"\. Its fields: bucket, key/,
  );
});
