import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callerText } from '../../../../runtime/deploy/aws-lambda/triggers/callers/desiredCaller.ts';
import { ownRuleName } from '../../../../runtime/deploy/aws-lambda/triggers/callers/desiredRule.ts';
import { overlapping } from '../../../../runtime/deploy/aws-lambda/triggers/callers/overlap.ts';
import { subscriptionText } from '../../../../runtime/deploy/aws-lambda/triggers/callers/subscriptions.ts';
import { desiredTriggers } from '../../../../runtime/deploy/aws-lambda/triggers/desiredTriggers.ts';
import type { OtherTrigger } from '../../../../runtime/model/functionDefinition.ts';
import { callerFaults as objections } from '../../../support/aws/callerFaults.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const where = { region: 'eu-west-1', accountId: '111122223333', name: 'hello', alias: 'live' };

function read(...triggers: Partial<OtherTrigger>[]) {
  const whole = triggers.map(
    (trigger, at) => ({ kind: 'event', name: `t${at}`, config: {}, ...trigger }) as const,
  );
  return desiredTriggers({ triggers: whole }, where);
}

describe('services that call a function of Lambda', () => {
  const rule = 'rule porchlight-hello-live-t0';
  const cases: [string, Partial<OtherTrigger>, string][] = [
    ['a schedule', { config: { type: 'Schedule', Schedule: 'rate(5 minutes)' } }, `${rule}, rate(5 minutes)`],
    [
      'a timer of porchlight.yaml',
      { kind: 'timer', config: { cron: '0 10 * * ? *', payload: { job: 'a' }, enabled: false } },
      `${rule}, cron(0 10 * * ? *), DISABLED, Input {"job":"a"}`,
    ],
    [
      'a timer with a time zone that is that of rules',
      { kind: 'timer', config: { cron: 'rate(1 hour)', timezone: 'Etc/UTC' } },
      `${rule}, rate(1 hour)`,
    ],
    [
      'a schedule with a name, a description and an input',
      {
        config: {
          type: 'Schedule',
          Schedule: 'cron(0 18 ? * MON-FRI *)',
          Name: 'evenings',
          Description: 'Closes',
          Enabled: 'false',
          Input: '{"a":1}',
          RetryPolicy: { MaximumRetryAttempts: '2', MaximumEventAgeInSeconds: 60 },
          DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:123456789012:dead' },
        },
      },
      'rule evenings, cron(0 18 ? * MON-FRI *), DISABLED, Closes, Input {"a":1}, DeadLetterConfig {"Arn":"arn:aws:sqs:eu-west-1:111122223333:dead"}, RetryPolicy {"MaximumEventAgeInSeconds":60,"MaximumRetryAttempts":2}',
    ],
    [
      'a schedule of EventBridge Scheduler that says nothing a rule cannot, with the plural as it likes',
      {
        config: {
          type: 'ScheduleV2',
          ScheduleExpression: 'rate(1 hours)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          RoleArn: 'arn:aws:iam::111122223333:role/r',
          Input: 'x',
        },
        unresolved: { RoleArn: '!GetAtt Role.Arn' },
      },
      `${rule}, rate(1 hour), Input x`,
    ],
    [
      'a pattern of a bus',
      {
        config: {
          type: 'EventBridgeRule',
          RuleName: 'r',
          EventBusName: 'arn:aws:events:eu-west-1:111122223333:event-bus/orders',
          Pattern: { source: ['shop'], account: ['123456789012'] },
          Target: { Id: 'mine' },
          InputTransformer: { InputTemplate: '<a>', InputPathsMap: { a: '$.id' } },
        },
      },
      'rule r of orders, pattern {"account":["111122223333"],"source":["shop"]}, InputTransformer {"InputPathsMap":{"a":"$.id"},"InputTemplate":"<a>"}',
    ],
    [
      'a pattern that is text',
      { config: { type: 'CloudWatchEvent', Pattern: '{"source": ["aws.ec2"]}', EventBusName: 'default' } },
      `${rule}, pattern {"source":["aws.ec2"]}`,
    ],
    [
      'a bucket',
      {
        config: {
          type: 'S3',
          Bucket: 'photos',
          Events: ['s3:ObjectCreated:Put', 's3:ObjectCreated:Copy'],
          Filter: {
            S3Key: {
              Rules: [
                { Name: 'Prefix', Value: 'in/' },
                { Name: 'suffix', Value: '.jpg' },
              ],
            },
          },
        },
      },
      'bucket photos, s3:ObjectCreated:Copy s3:ObjectCreated:Put, keys in/*.jpg',
    ],
    [
      'a bucket of porchlight.yaml',
      { kind: 'storage', config: { bucket: 'photos', events: ['created', 'removed'], prefix: 'in/' } },
      'bucket photos, s3:ObjectCreated:* s3:ObjectRemoved:*, keys in/*',
    ],
    [
      'a topic of the account by its name',
      { config: { type: 'SNS', Topic: 'news', FilterPolicy: { kind: ['a'] } } },
      'topic arn:aws:sns:eu-west-1:111122223333:news, FilterPolicy {"kind":["a"]}',
    ],
    [
      'a topic of another account and region, filtered by bodies',
      {
        config: {
          type: 'SNS',
          Topic: 'arn:aws:sns:us-east-2:999999999999:news',
          FilterPolicy: '{"b":["x"],"a":["y"]}',
          FilterPolicyScope: 'MessageBody',
          RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-2:999999999999:dead' },
        },
      },
      'topic arn:aws:sns:us-east-2:999999999999:news, FilterPolicy {"a":["y"],"b":["x"]}, of the body, RedrivePolicy {"deadLetterTargetArn":"arn:aws:sqs:us-east-2:999999999999:dead"}',
    ],
    [
      'a topic that the template names by the account of this machine',
      { config: { type: 'SNS', Topic: 'arn:aws:sns:us-east-1:123456789012:news' } },
      'topic arn:aws:sns:eu-west-1:111122223333:news',
    ],
  ];
  for (const [title, trigger, text] of cases) {
    it(`are read: ${title}`, () => {
      const { callers, left } = read(trigger);
      assert.deepEqual(left, []);
      assert.deepEqual(callers.map(callerText), [text]);
      assert.deepEqual(callers.flatMap(objections), []);
    });
  }

  const timer = (config: Record<string, unknown>): Partial<OtherTrigger> => ({ kind: 'timer', config });
  const left: [string, Partial<OtherTrigger>, RegExp][] = [
    ['a rate that is none', timer({ cron: 'rate(5 minute)' }), /write rate\(5 minutes\)/],
    ['a pattern of time with both days', timer({ cron: '0 10 * * * *' }), /needs \? for either/],
    [
      'a moment',
      timer({ type: 'ScheduleV2', ScheduleExpression: 'at(2030-01-01T00:00:00)' }),
      /Scheduler, and a role/,
    ],
    [
      'a time zone',
      timer({ cron: 'rate(1 hour)', timezone: 'Europe/Berlin' }),
      /time zone Europe\/Berlin needs/,
    ],
    [
      'a window',
      timer({
        type: 'ScheduleV2',
        ScheduleExpression: 'rate(1 hour)',
        FlexibleTimeWindow: { Mode: 'FLEXIBLE' },
      }),
      /FlexibleTimeWindow needs/,
    ],
    [
      'attributes in its input',
      timer({
        type: 'ScheduleV2',
        ScheduleExpression: 'rate(1 hour)',
        Input: '<aws.scheduler.execution-id>',
      }),
      /names attributes, needs/,
    ],
    [
      'a name that is none',
      timer({ type: 'Schedule', Schedule: 'rate(1 day)', Name: 'a b' }),
      /does not take "a b"/,
    ],
    [
      'a state that is none',
      timer({ type: 'Schedule', Schedule: 'rate(1 day)', State: 'ON' }),
      /State: ON is none of/,
    ],
    [
      'two inputs',
      timer({ type: 'Schedule', Schedule: 'rate(1 day)', Input: '{}', InputPath: '$' }),
      /more than one of Input/,
    ],
    ['no pattern', { config: { type: 'EventBridgeRule' } }, /has no Pattern/],
    ['a pattern that is no JSON', { config: { type: 'EventBridgeRule', Pattern: '{' } }, /no JSON/],
    [
      'a part of a pattern that the cloud alone knows',
      {
        config: { type: 'EventBridgeRule', Pattern: { source: [] } },
        unresolved: { 'Pattern.source.0': '!Ref Source' },
      },
      /Pattern\.source\.0: !Ref Source is known in the cloud alone/,
    ],
    [
      'a bus of another account',
      {
        config: {
          type: 'EventBridgeRule',
          Pattern: '{}',
          EventBusName: 'arn:aws:events:eu-west-1:999999999999:event-bus/b',
        },
      },
      /another account or region/,
    ],
    [
      'a queue that SAM would make',
      timer({ type: 'Schedule', Schedule: 'rate(1 day)', DeadLetterConfig: { Type: 'SQS' } }),
      /no Arn/,
    ],
    ['no bucket', { config: { type: 'S3' } }, /does not say its bucket/],
    [
      'an event that is none',
      { config: { type: 'S3', Bucket: 'b', Events: 'put' } },
      /"put" is no event of S3/,
    ],
    [
      'a filter that is none',
      { config: { type: 'S3', Bucket: 'b', Filter: { S3Key: { Rules: [{ Name: 'infix', Value: 'x' }] } } } },
      /rule "infix"/,
    ],
    ['a topic in order', { config: { type: 'SNS', Topic: 'a.fifo' } }, /queues alone/],
    ['a name that is no topic', { config: { type: 'SNS', Topic: 'a b' } }, /no name or ARN of a topic/],
    ['a queue in between', { config: { type: 'SNS', Topic: 'a', SqsSubscription: true } }, /SqsSubscription/],
    [
      'a scope that is none',
      { config: { type: 'SNS', Topic: 'a', FilterPolicyScope: 'x' } },
      /FilterPolicyScope: "x"/,
    ],
  ];
  for (const [title, trigger, why] of left) {
    it(`are left out, and why: ${title}`, () => {
      const { callers, left: told } = read(trigger);
      assert.deepEqual(callers, []);
      assert.match(say(told[0]!.why), why);
    });
  }

  it('are switched off where there is no other way', () => {
    assert.deepEqual(read({ kind: 'storage', config: { bucket: 'b', enabled: false } }), {
      sources: [],
      callers: [],
      left: [],
    });
  });

  it('send what EventBridge Scheduler sends where its schedule states no input', () => {
    const { callers } = read(timer({ type: 'ScheduleV2', ScheduleExpression: 'rate(1 hour)' }));
    const [caller] = callers;
    assert.ok(caller?.kind === 'rule');
    const { InputPathsMap = {}, InputTemplate = '' } = caller.target.InputTransformer ?? {};
    const filled = InputTemplate.replace(/<(\w+)>/g, (_, name: string) =>
      JSON.stringify(InputPathsMap[name]),
    );
    const event = JSON.parse(filled) as Record<string, unknown>;
    assert.deepEqual(
      [event['source'], event['detail-type'], event['detail'], event['time']],
      ['aws.scheduler', 'Scheduled Event', '{}', '$.time'],
    );
    assert.deepEqual(objections(caller), []);
  });

  it('cannot be there twice', () => {
    const named = timer({ type: 'Schedule', Schedule: 'rate(1 day)', Name: 'nightly' });
    const topic = { config: { type: 'SNS', Topic: 'news' } };
    const bucket = (Events: string) => ({ config: { type: 'S3', Bucket: 'b', Events } });
    const { callers, left: told } = read(
      named,
      named,
      topic,
      topic,
      bucket('s3:ObjectCreated:*'),
      bucket('s3:ObjectCreated:Put'),
      bucket('s3:ObjectRemoved:*'),
    );
    assert.deepEqual(
      callers.map(({ name }) => name),
      ['t0', 't2', 't4', 't6'],
    );
    assert.match(
      told.map(({ why }) => say(why)).join('\n'),
      /nightly is that of trigger t0.*\n.*of trigger t2.*\n.*trigger t4 is told of the same/,
    );
  });
});

it('names of rules are found again, fit, and differ', () => {
  assert.equal(ownRuleName(where, 'nightly'), 'porchlight-hello-live-nightly');
  const long = ownRuleName(where, 'n'.repeat(80));
  assert.match(long, /^porchlight-hello-live-n+-[0-9a-f]{8}$/);
  assert.equal(long.length, 64);
  assert.notEqual(ownRuleName(where, 'a b'), ownRuleName(where, 'a/b'));
  assert.match(ownRuleName(where, 'a/b'), /^[\w.-]+$/);
});

it('notifications overlap by event, prefix and suffix together', () => {
  const of = (event: string, prefix = '', suffix = '') => ({
    Events: [event] as never,
    Filter: {
      Key: {
        FilterRules: [
          { Name: 'Prefix' as never, Value: prefix },
          { Name: 'suffix' as const, Value: suffix },
        ],
      },
    },
  });
  const cases: [ReturnType<typeof of>, ReturnType<typeof of>, boolean][] = [
    [of('s3:ObjectCreated:*'), of('s3:ObjectCreated:Put'), true],
    [of('s3:ObjectCreated:*'), of('s3:ObjectRemoved:*'), false],
    [of('s3:ObjectCreated:Copy'), of('s3:ObjectCreated:Put'), false],
    [of('s3:ObjectCreated:*', 'in/'), of('s3:ObjectCreated:*', 'in/a/'), true],
    [of('s3:ObjectCreated:*', 'in/'), of('s3:ObjectCreated:*', 'out/'), false],
    [of('s3:ObjectCreated:*', 'in/', '.jpg'), of('s3:ObjectCreated:*', 'in/', '.png'), false],
    [of('s3:ObjectCreated:*', '', '.jpg'), of('s3:ObjectCreated:*', 'in/', 'g'), true],
  ];
  for (const [a, b, expected] of cases) {
    assert.equal(overlapping(a, b), expected, JSON.stringify([a, b]));
    assert.equal(overlapping(b, a), expected);
  }
});

it('subscriptions are compared by what they deliver, not by how it is written', () => {
  const topic = 'arn:aws:sns:eu-west-1:111122223333:news';
  const same = [{}, { FilterPolicy: '{}' }, { FilterPolicyScope: 'MessageBody' }, { RedrivePolicy: '{}' }];
  for (const attributes of same) assert.equal(subscriptionText(topic, attributes), `topic ${topic}`);
  assert.equal(
    subscriptionText(topic, { FilterPolicy: '{"b":[1], "a":["x"]}' }),
    subscriptionText(topic, { FilterPolicy: '{"a":["x"],"b":[1]}', FilterPolicyScope: 'MessageAttributes' }),
  );
});
