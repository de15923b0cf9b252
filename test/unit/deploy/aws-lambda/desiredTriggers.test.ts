import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  desiredTriggers,
  sourceText,
} from '../../../../runtime/deploy/aws-lambda/triggers/desiredTriggers.ts';
import { differing } from '../../../../runtime/deploy/aws-lambda/triggers/sourceMembers.ts';
import type { OtherTrigger } from '../../../../runtime/model/functionDefinition.ts';
import { findServiceModels } from '../../../support/aws/serviceModel.ts';
import { shapeFaults } from '../../../support/aws/shapeFaults.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const account = { region: 'eu-west-1', accountId: '111122223333' };
const models = findServiceModels();

function read(
  config: Record<string, unknown>,
  more: Partial<OtherTrigger> = {},
  where: typeof account | { region: string; accountId: undefined } = account,
) {
  const place = { ...where, name: 'hello', alias: 'live' };
  return desiredTriggers({ triggers: [{ kind: 'event', name: 'source', config, ...more }] }, place);
}

describe('triggers of a function of Lambda', () => {
  const cases: [string, Record<string, unknown>, string, Record<string, unknown>?][] = [
    [
      'a queue of the template stands for one of the account',
      { type: 'SQS', Queue: 'arn:aws:sqs:us-east-1:123456789012:orders', Enabled: 'false' },
      'arn:aws:sqs:eu-west-1:111122223333:orders, Enabled false',
    ],
    [
      'a queue of another account stays',
      { type: 'SQS', Queue: 'arn:aws:sqs:us-east-1:999999999999:orders' },
      'arn:aws:sqs:us-east-1:999999999999:orders',
    ],
    [
      'words of the Serverless Framework',
      {
        type: 'SQS',
        Queue: 'orders',
        BatchSize: 20,
        MaximumBatchingWindow: 5,
        FunctionResponseType: 'ReportBatchItemFailures',
        MaximumConcurrency: 3,
        FilterPatterns: [{ body: { kind: ['a'] } }],
      },
      'arn:aws:sqs:eu-west-1:111122223333:orders, BatchSize 20, FilterCriteria {"Filters":[{"Pattern":"{\\"body\\":{\\"kind\\":[\\"a\\"]}}"}]}, FunctionResponseTypes ["ReportBatchItemFailures"], MaximumBatchingWindowInSeconds 5, ScalingConfig {"MaximumConcurrency":3}',
    ],
    [
      'a stream',
      {
        type: 'Kinesis',
        Stream: 'arn:aws:kinesis:eu-west-1:999999999999:stream/clicks',
        StartingPosition: 'LATEST',
        ParallelizationFactor: '2',
        BisectBatchOnFunctionError: true,
        DestinationConfig: {
          OnFailure: { Type: 'SQS', Destination: 'arn:aws:sqs:eu-west-1:999999999999:dead' },
        },
      },
      'arn:aws:kinesis:eu-west-1:999999999999:stream/clicks, BisectBatchOnFunctionError true, DestinationConfig {"OnFailure":{"Destination":"arn:aws:sqs:eu-west-1:999999999999:dead"}}, ParallelizationFactor 2',
    ],
    [
      'a cluster of Kafka by its servers',
      {
        type: 'SelfManagedKafka',
        KafkaBootstrapServers: ['kafka.example.com:9092'],
        Topics: ['orders'],
        ConsumerGroupId: 'group-1',
        StartingPosition: 'TRIM_HORIZON',
        SourceAccessConfigurations: [{ Type: 'VPC_SUBNET', URI: 'subnet:1' }],
      },
      'kafka.example.com:9092 orders, SourceAccessConfigurations [{"Type":"VPC_SUBNET","URI":"subnet:1"}]',
      { SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'group-1' }, Topics: ['orders'] },
    ],
    [
      'a managed cluster',
      {
        type: 'MSK',
        Stream: 'arn:aws:kafka:eu-west-1:999999999999:cluster/c/1',
        Topics: ['orders'],
        StartingPosition: 'LATEST',
        ConsumerGroupId: 'group-1',
      },
      'arn:aws:kafka:eu-west-1:999999999999:cluster/c/1 orders',
      { AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'group-1' } },
    ],
    [
      'a broker',
      {
        type: 'MQ',
        Broker: 'arn:aws:mq:eu-west-1:999999999999:broker:b:1',
        Queues: ['orders'],
        BatchSize: 1,
      },
      'arn:aws:mq:eu-west-1:999999999999:broker:b:1 orders, BatchSize 1',
    ],
    [
      'a database of documents',
      {
        type: 'DocumentDB',
        Cluster: 'arn:aws:rds:eu-west-1:999999999999:cluster:docs',
        DatabaseName: 'shop',
        StartingPosition: 'LATEST',
      },
      'arn:aws:rds:eu-west-1:999999999999:cluster:docs',
      { DocumentDBEventSourceConfig: { DatabaseName: 'shop' } },
    ],
  ];
  for (const [title, config, text, members = {}] of cases) {
    it(`are read: ${title}`, () => {
      const { sources, left } = read(config);
      assert.deepEqual(left, []);
      const [source] = sources;
      assert.equal(sourceText(source!.members, source!.kind), text);
      for (const [name, value] of Object.entries(members)) assert.deepEqual(source!.members[name], value);
      if (typeof models === 'string') return;
      const input = { ...source!.members, FunctionName: 'hello:live' };
      assert.deepEqual(shapeFaults(models.get('lambda')!, 'CreateEventSourceMappingRequest', input), []);
    });
  }

  const left: [string, ReturnType<typeof read>, RegExp][] = [
    ['of no source', read({ type: 'SQS' }), /does not say the ARN/],
    [
      'of another service',
      read({ type: 'Kinesis', Stream: 'arn:aws:sqs:eu-west-1:1:x' }),
      /does not say the ARN/,
    ],
    [
      'known in the cloud alone',
      read({ type: 'DynamoDB' }, { unresolved: { Stream: '!GetAtt Table.StreamArn' } }),
      /!GetAtt Table\.StreamArn is known in the cloud alone/,
    ],
    [
      'without a position',
      read({ type: 'DynamoDB', Stream: 'arn:aws:dynamodb:eu-west-1:1:table/t/stream/1' }),
      /StartingPosition/,
    ],
    [
      'with a value that cannot be',
      read({ type: 'SQS', Queue: 'orders', BatchSize: 'many' }),
      /BatchSize: "many" is no value/,
    ],
    [
      'without an account',
      read({ type: 'SQS', Queue: 'orders' }, {}, { region: 'eu-west-1', accountId: undefined }),
      /the account is not known/,
    ],
    ['of other services', read({ type: 'Cognito', UserPool: 'x' }), /part of another service's settings/],
  ];
  for (const [title, { sources, left: told }, why] of left) {
    it(`are left out, and why: ${title}`, () => {
      assert.deepEqual(sources, []);
      assert.match(say(told[0]!.why), why);
    });
  }
});

it('settings of a source that are no longer stated get their defaults', () => {
  const now = {
    BatchSize: 5,
    FilterCriteria: { Filters: [{ Pattern: '{}' }] },
    ScalingConfig: { MaximumConcurrency: 2 },
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
    MaximumRetryAttempts: null,
    Enabled: true,
  };
  assert.deepEqual(differing({}, now, 10), { BatchSize: 10, FilterCriteria: {}, ScalingConfig: {} });
  assert.deepEqual(
    differing({ BatchSize: 5, Enabled: false }, { ...now, FilterCriteria: undefined, ScalingConfig: {} }, 10),
    {
      Enabled: false,
    },
  );
});
