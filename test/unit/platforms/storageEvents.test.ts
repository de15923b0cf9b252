import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OtherTrigger } from '../../../runtime/model/functionDefinition.ts';
import type { ObjectChange } from '../../../runtime/model/sourceContracts.ts';
import { acceptsKey } from '../../../runtime/model/storageTrigger.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { say } from '../../../runtime/support/l10n.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const trigger = (config: Record<string, unknown>, unresolved?: Record<string, string>): OtherTrigger => ({
  kind: 'storage',
  name: 'upload',
  config,
  ...(unresolved && { unresolved }),
});

const contractOf = (platform: string) => findPlatform(platform)!.sources!.storage!;

/** What a trigger was read as, in one line, with its problems. */
function read(
  platform: string,
  config: Record<string, unknown>,
  unresolved?: Record<string, string>,
): string[] {
  const { settings, problems } = contractOf(platform).read(trigger(config, unresolved));
  const told = problems.map(({ severity, key, detail }) => `${severity} ${key}: ${say(detail)}`);
  if (!settings) return told;
  const { bucket, enabled, names, prefix, suffix } = settings;
  const keys = `${prefix}*${suffix}`;
  return [`${bucket} ${enabled} ${names.created ?? '-'} ${names.removed ?? '-'} ${keys}`, ...told];
}

const fc = (events: unknown, more: object = {}) => ({ type: 'oss', bucketName: 'photos', events, ...more });
const s3 = (events: unknown, more: object = {}) => ({
  type: 'S3',
  Bucket: 'photos',
  Events: events,
  ...more,
});
const rules = (...list: [string, string][]) => ({
  Filter: { S3Key: { Rules: list.map(([Name, Value]) => ({ Name, Value })) } },
});

const readings: [what: string, platform: string, config: Record<string, unknown>, expected: string[]][] = [
  ['all creations', 'aliyun-fc', fc(['oss:ObjectCreated:*']), ['photos true ObjectCreated:PutObject - *']],
  [
    'both',
    'aliyun-fc',
    fc(['oss:ObjectCreated:PutObject', 'oss:ObjectRemoved:DeleteObject']),
    ['photos true ObjectCreated:PutObject ObjectRemoved:DeleteObject *'],
  ],
  [
    'an operation that no file does',
    'aliyun-fc',
    fc(['oss:ObjectCreated:CompleteMultipartUpload']),
    ['photos true ObjectCreated:CompleteMultipartUpload - *'],
  ],
  [
    'a filter',
    'aliyun-fc',
    fc(['oss:ObjectCreated:*'], { filter: { key: { prefix: 'in/', suffix: '.png' } } }),
    ['photos true ObjectCreated:PutObject - in/*.png'],
  ],
  [
    'a slip',
    'aliyun-fc',
    fc(['oss:ObjectCreated:PutObjekt']),
    [
      'photos true - - *',
      'warning events: "oss:ObjectCreated:PutObjekt" is not raised by files here; did you mean "oss:ObjectCreated:PutObject"?',
    ],
  ],
  ['no bucket', 'aliyun-fc', { type: 'oss', events: [] }, ['error bucketName: give the name of the bucket.']],
  [
    'of porchlight.yaml',
    'aliyun-fc',
    { bucket: 'b', events: ['created', 'removed'], prefix: 'p', enabled: false },
    ['b false ObjectCreated:PutObject ObjectRemoved:DeleteObject p*'],
  ],
  ['one event', 'aws-lambda', s3('s3:ObjectCreated:*'), ['photos true ObjectCreated:Put - *']],
  [
    'rules in any case',
    'aws-lambda',
    s3(['s3:ObjectRemoved:*'], rules(['Prefix', 'in/'], ['SUFFIX', '.png'])),
    ['photos true - ObjectRemoved:Delete in/*.png'],
  ],
  [
    'what files do not do',
    'aws-lambda',
    s3(['s3:ReducedRedundancyLostObject']),
    [
      'photos true - - *',
      'warning Events: "s3:ReducedRedundancyLostObject" is not raised by files here. It can only be sent by hand.',
    ],
  ],
  ['of porchlight.yaml', 'aws-lambda', { bucket: 'b' }, ['b true ObjectCreated:Put - *']],
];

for (const [what, platform, config, expected] of readings) {
  test(`${platform}: ${what}`, () => assert.deepEqual(read(platform, config), expected));
}

test('a bucket that has its name from the cloud is called by its resource', () => {
  const { Bucket: _, ...config } = s3('s3:ObjectCreated:*');
  assert.deepEqual(read('aws-lambda', config, { Bucket: '!Ref UploadBucket' }), [
    'uploadbucket true ObjectCreated:Put - *',
  ]);
});

test('keys pass by beginning and end', () => {
  const filter = { prefix: 'in/', suffix: '.png' };
  const keys = ['in/a.png', 'in/deep/a.png', 'out/in/a.png', 'in/a.PNG', 'in/.png'];
  assert.deepEqual(
    keys.filter((key) => acceptsKey(filter, key)),
    ['in/a.png', 'in/deep/a.png', 'in/.png'],
  );
});

function eventOf(
  platform: string,
  config: Record<string, unknown>,
  change: ObjectChange,
): Record<string, unknown> {
  const contract = contractOf(platform);
  const { settings } = contract.read(trigger(config));
  const bytes = contract.event(change, {
    settings: settings!,
    name: settings!.names[change.kind]!,
    trigger: trigger(config),
    definition: functionDefinition('/p', { region: 'cn-hangzhou' }),
    at: new Date('2026-11-26T10:00:00.123Z'),
    id: '0f8fad5b-d9cb-469f-a165-70867728950e',
    sequence: 255,
  });
  return JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
}

const created: ObjectChange = {
  kind: 'created',
  key: 'in/a cat + (1).png',
  size: 12,
  sizeBefore: 10,
  md5: '0cc175b9c0f1b6a831c399e269772661',
};

test('an OSS event', () => {
  assert.deepEqual(eventOf('aliyun-fc', fc(['oss:ObjectCreated:*']), created), {
    events: [
      {
        eventName: 'ObjectCreated:PutObject',
        eventSource: 'acs:oss',
        eventTime: '2026-11-26T10:00:00.123Z',
        eventVersion: '1.0',
        oss: {
          bucket: {
            arn: 'acs:oss:cn-hangzhou:123456789012:photos',
            name: 'photos',
            ownerIdentity: '123456789012',
            virtualBucket: '',
          },
          object: {
            deltaSize: 2,
            eTag: '0CC175B9C0F1B6A831C399E269772661',
            key: 'in/a cat + (1).png',
            objectMeta: { mimeType: 'image/png' },
            size: 12,
          },
          ossSchemaVersion: '1.0',
          ruleId: 'upload',
        },
        region: 'cn-hangzhou',
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { requestId: '0F8FAD5BD9CB469FA1657086' },
        userIdentity: { principalId: '123456789012' },
      },
    ],
  });
});

test('an S3 event has its key like a form, and of what is removed no content', () => {
  const record = (change: ObjectChange) =>
    (
      eventOf('aws-lambda', s3(['s3:ObjectCreated:*', 's3:ObjectRemoved:*']), change)['Records'] as Record<
        string,
        unknown
      >[]
    )[0]!;
  const { s3: storage, ...others } = record(created);
  assert.deepEqual(others, {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'cn-hangzhou',
    eventTime: '2026-11-26T10:00:00.123Z',
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: 'AWS:123456789012' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: {
      'x-amz-request-id': '0F8FAD5BD9CB469F',
      'x-amz-id-2': Buffer.from('0f8fad5b-d9cb-469f-a165-70867728950e').toString('base64'),
    },
  });
  assert.deepEqual(storage, {
    s3SchemaVersion: '1.0',
    configurationId: 'hello-upload',
    bucket: { name: 'photos', ownerIdentity: { principalId: '123456789012' }, arn: 'arn:aws:s3:::photos' },
    object: {
      key: 'in/a+cat+%2B+%281%29.png',
      size: 12,
      eTag: '0cc175b9c0f1b6a831c399e269772661',
      sequencer: '00000000000000FF',
    },
  });
  const removed = record({ kind: 'removed', key: 'ü/a.txt', size: 0, md5: '' });
  assert.equal(removed['eventName'], 'ObjectRemoved:Delete');
  assert.deepEqual((removed['s3'] as { object: unknown }).object, {
    key: '%C3%BC/a.txt',
    sequencer: '00000000000000FF',
  });
});
