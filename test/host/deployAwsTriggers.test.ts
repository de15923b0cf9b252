import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { TriggerDefinition } from '../../runtime/model/functionDefinition.ts';
import { needsCli, refused, useAws, withoutMoto } from '../support/aws/awsScene.ts';
import { createQueue, readByCli } from '../support/aws/emulator.ts';

describe('deploying event sources to AWS Lambda', { skip: withoutMoto }, () => {
  const aws = useAws();
  const denied = refused(403, 'AccessDeniedException', 'User is not authorized to perform this');
  const queue = (config: Record<string, unknown>): TriggerDefinition => ({
    kind: 'queue',
    name: 'orders',
    config,
  });
  const mappings = async (): Promise<Record<string, unknown>[]> => {
    const answer = await readByCli(
      aws.moto.url,
      'list-event-source-mappings',
      '--function-name',
      `${aws.project.name}:live`,
    );
    return answer['EventSourceMappings'] as Record<string, unknown>[];
  };
  before(async () => {
    for (const name of ['orders', 'others']) await createQueue(aws.moto.url, name);
  });

  it(
    'makes, changes and takes away what brings messages, as the command line of AWS reads it',
    needsCli,
    async () => {
      aws.project.changes = {
        triggers: [
          queue({
            type: 'SQS',
            Queue: 'arn:aws:sqs:us-east-1:123456789012:orders',
            BatchSize: '5',
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] },
            ScalingConfig: { MaximumConcurrency: 4 },
          }),
        ],
      };
      const first = await aws.project.deploy();
      assert.deepEqual([first.status, first.message], ['deployed', undefined]);
      const [made, ...others] = await mappings();
      assert.deepEqual(
        [made!['EventSourceArn'], made!['BatchSize'], made!['FunctionResponseTypes'], made!['State'], others],
        ['arn:aws:sqs:us-east-1:123456789012:orders', 5, ['ReportBatchItemFailures'], 'Enabled', []],
      );
      assert.equal((await aws.project.deploy()).status, 'unchanged');

      aws.project.changes = {
        triggers: [queue({ queue: 'orders', batchSize: 20, window: '5s', enabled: false })],
      };
      const changes = (await aws.project.plan()).functions[0]!.fields.filter(
        ({ change }) => change !== 'same',
      );
      assert.deepEqual(changes, [
        {
          path: 'triggers.orders',
          change: 'change',
          before:
            'arn:aws:sqs:us-east-1:123456789012:orders, BatchSize 5, FilterCriteria {"Filters":[{"Pattern":"{\\"body\\":{\\"kind\\":[\\"order\\"]}}"}]}, FunctionResponseTypes ["ReportBatchItemFailures"], ScalingConfig {"MaximumConcurrency":4}',
          after:
            'arn:aws:sqs:us-east-1:123456789012:orders, BatchSize 20, Enabled false, MaximumBatchingWindowInSeconds 5',
        },
      ]);
      const second = await aws.project.deploy();
      // The code is the same: there is nothing to publish.
      assert.deepEqual([second.status, second.version, second.message], ['deployed', '1', undefined]);
      const [changed] = await mappings();
      assert.deepEqual(
        [changed!['UUID'], changed!['BatchSize'], changed!['State'], changed!['FunctionResponseTypes']],
        [made!['UUID'], 20, 'Disabled', []],
      );
      assert.equal((await aws.project.deploy()).status, 'unchanged');

      aws.project.changes = { triggers: [queue({ queue: 'others' })] };
      assert.equal((await aws.project.deploy()).message, undefined);
      assert.deepEqual(
        (await mappings()).map(({ EventSourceArn }) => EventSourceArn),
        ['arn:aws:sqs:us-east-1:123456789012:others'],
      );
      aws.project.changes = {};
      const [gone] = (await aws.project.plan()).functions[0]!.fields.filter(
        ({ change }) => change !== 'same',
      );
      assert.deepEqual([gone!.path, gone!.change], ['triggers.orders', 'remove']);
      await aws.project.deploy();
      assert.deepEqual(await mappings(), []);
    },
  );

  it('leaves alone what somebody else made, and says so', needsCli, async () => {
    await aws.project.deploy();
    const arn = 'arn:aws:sqs:us-east-1:123456789012:others';
    const input = ['--function-name', `${aws.project.name}:live`, '--event-source-arn', arn];
    await readByCli(aws.moto.url, 'create-event-source-mapping', ...input);
    const plan = (await aws.project.plan()).functions[0]!;
    assert.equal(plan.change, 'same');
    assert.match(
      plan.findings.map(({ message }) => message).join(),
      /sqs:.*others calls it there as well.*stays/,
    );
    aws.project.code = 'exports.handler = async () => 2;';
    await aws.project.deploy();
    assert.equal((await mappings()).length, 1);
  });

  it('makes a mapping once when the answer is lost, and waits while it is being made', needsCli, async () => {
    aws.project.changes = { triggers: [queue({ queue: 'orders' })] };
    aws.proxy.inject(/^POST .*event-source-mappings/, 'lostAnswer');
    let left = 2;
    aws.proxy.rewrite = (what, body) =>
      /^(POST|GET) .*event-source-mappings/.test(what) && left-- > 0
        ? body.replace('"State": "Enabled"', '"State": "Creating"')
        : body;
    const result = await aws.project.deploy();
    assert.deepEqual([result.status, aws.proxy.waiting], ['deployed', 0], result.message);
    assert.equal((await aws.project.deploy()).status, 'unchanged');
  });

  it('tells of one that cannot be made, and completes it the next time', needsCli, async () => {
    aws.project.changes = { triggers: [queue({ queue: 'orders' })] };
    aws.proxy.inject(/^POST .*event-source-mappings/, denied);
    const first = await aws.project.deploy();
    assert.equal(first.status, 'deployed');
    assert.match(
      first.message ?? '',
      /trigger orders is not set up: .*lambda:CreateEventSourceMapping.*Deploy again/,
    );
    const second = await aws.project.deploy();
    assert.deepEqual([second.status, second.version, second.message], ['deployed', '1', undefined]);
    assert.equal((await mappings()).length, 1);
  });
});
