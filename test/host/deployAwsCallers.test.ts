import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { LambdaApi } from '../../runtime/deploy/aws-lambda/lambdaApi.ts';
import { loadSdk } from '../../runtime/deploy/aws-lambda/loadSdk.ts';
import type { DesiredNotification } from '../../runtime/deploy/aws-lambda/triggers/callers/caller.ts';
import { provideNotifications } from '../../runtime/deploy/aws-lambda/triggers/callers/notifications.ts';
import { desiredTriggers } from '../../runtime/deploy/aws-lambda/triggers/desiredTriggers.ts';
import type { OtherTrigger } from '../../runtime/model/functionDefinition.ts';
import { countCallers } from '../support/aws/countCallers.ts';
import { needsCli, useAws, withoutMoto } from '../support/aws/awsScene.ts';
import { createBucket, createQueue, createTopic, runCli } from '../support/aws/emulator.ts';
import { refuseAction } from '../support/aws/refuseAction.ts';

describe('services that call functions of AWS Lambda by themselves', { skip: withoutMoto }, () => {
  const aws = useAws();
  const cli = (...args: string[]) => runCli(aws.moto.url, ...args);
  const account = '123456789012';
  const alias = () => `arn:aws:lambda:us-east-1:${account}:function:${aws.project.name}:live`;
  const topic = `arn:aws:sns:us-east-1:${account}:news`;
  const own = (trigger: string) => `porchlight-${aws.project.name}-live-${trigger}`;

  const state = (...triggers: OtherTrigger[]): void => {
    aws.project.changes = { triggers };
  };
  const nightly = (config: Record<string, unknown> = {}): OtherTrigger => ({
    kind: 'timer',
    name: 'nightly',
    config: { type: 'Schedule', Schedule: 'rate(1 day)', ...config },
  });
  const uploads = (config: Record<string, unknown> = {}): OtherTrigger => ({
    kind: 'storage',
    name: 'uploads',
    config: { type: 'S3', Bucket: bucket, Events: 's3:ObjectCreated:*', ...config },
  });
  const news = (config: Record<string, unknown> = {}): OtherTrigger => ({
    kind: 'queue',
    name: 'news',
    config: { type: 'SNS', Topic: topic, ...config },
  });

  const rules = async (...args: string[]): Promise<Record<string, unknown>[]> => {
    const { Rules } = await cli('events', 'list-rules', ...args);
    return (Rules as Record<string, unknown>[]).filter(({ Name }) => String(Name).includes(aws.project.name));
  };
  const targets = async (rule: string, ...args: string[]): Promise<Record<string, unknown>[]> =>
    (await cli('events', 'list-targets-by-rule', '--rule', rule, ...args))['Targets'] as Record<
      string,
      unknown
    >[];
  const notifications = (): Promise<Record<string, unknown>> =>
    cli('s3api', 'get-bucket-notification-configuration', '--bucket', bucket);
  const subscriptions = async (): Promise<Record<string, unknown>[]> =>
    (
      (await cli('sns', 'list-subscriptions-by-topic', '--topic-arn', topic))['Subscriptions'] as Record<
        string,
        unknown
      >[]
    ).filter(({ Endpoint }) => Endpoint === alias());
  const statements = async (): Promise<string[]> => {
    try {
      const { Policy } = await cli(
        ...['lambda', 'get-policy', '--function-name', aws.project.name, '--qualifier', 'live'],
      );
      const { Statement } = JSON.parse(String(Policy)) as {
        Statement: { Sid: string; Principal: { Service: string }; Condition: unknown }[];
      };
      return Statement.map(({ Sid, Principal }) => `${Sid} ${Principal.Service}`);
    } catch (error) {
      // There is no policy any more.
      assert.match(String(error), /ResourceNotFoundException/);
      return [];
    }
  };
  const changes = async (): Promise<string[]> =>
    (await aws.project.plan()).functions[0]!.fields.filter(({ change }) => change !== 'same').map(
      ({ path, change, before: was = '', after: will = '' }) => `${path} ${change}: ${was} -> ${will}`,
    );
  const findings = async (): Promise<string> =>
    (await aws.project.plan()).functions[0]!.findings.map(({ message }) => message).join('\n');
  const deploys = async (message?: RegExp): Promise<void> => {
    const result = await aws.project.deploy();
    assert.equal(result.status, 'deployed');
    if (message) assert.match(result.message ?? '', message);
    else assert.equal(result.message, undefined);
  };
  const settled = async (): Promise<void> => {
    assert.equal((await aws.project.deploy()).status, 'unchanged');
  };

  const there = () =>
    countCallers(aws.moto.url, { name: aws.project.name, rule: own('nightly'), bucket, topic });
  const refuse = (action: string) => refuseAction(aws.proxy, action);

  let bucket = '';
  let number = 0;
  before(async () => {
    await createTopic(aws.moto.url, 'news');
    await createTopic(aws.moto.url, 'alerts');
    await createQueue(aws.moto.url, 'bystander');
    await cli('events', 'create-event-bus', '--name', 'orders');
  });
  beforeEach(async () => {
    bucket = `photos-${++number}`;
    await createBucket(aws.moto.url, bucket);
  });

  it('makes rules, changes them, and takes them away with the project', needsCli, async () => {
    const pattern: OtherTrigger = {
      kind: 'event',
      name: 'paid',
      config: {
        type: 'EventBridgeRule',
        EventBusName: 'orders',
        Pattern: { source: ['shop'], 'detail-type': ['paid'] },
        InputPath: '$.detail',
        RetryPolicy: { MaximumRetryAttempts: 3 },
      },
    };
    state(nightly({ Input: '{"job":"clean"}', Description: 'Cleans up' }), pattern);
    await deploys();
    assert.deepEqual(
      (await rules()).map(({ Name, ScheduleExpression, State, Description }) => [
        Name,
        ScheduleExpression,
        State,
        Description,
      ]),
      [[own('nightly'), 'rate(1 day)', 'ENABLED', 'Cleans up']],
    );
    assert.deepEqual(await targets(own('nightly')), [
      { Id: 'porchlight', Arn: alias(), Input: '{"job":"clean"}' },
    ]);
    const [paid] = await rules('--event-bus-name', 'orders');
    assert.deepEqual(JSON.parse(String(paid!['EventPattern'])), pattern.config['Pattern']);
    assert.deepEqual(await targets(own('paid'), '--event-bus-name', 'orders'), [
      { Id: 'porchlight', Arn: alias(), InputPath: '$.detail', RetryPolicy: { MaximumRetryAttempts: 3 } },
    ]);
    assert.deepEqual(await statements(), [
      'porchlight-trigger-nightly events.amazonaws.com',
      'porchlight-trigger-paid events.amazonaws.com',
    ]);
    await settled();

    state(nightly({ Schedule: 'cron(0 3 * * ? *)', State: 'DISABLED' }), pattern);
    assert.deepEqual(await changes(), [
      `triggers.nightly change: rule ${own('nightly')}, rate(1 day), Cleans up, Input {"job":"clean"} -> rule ${own('nightly')}, cron(0 3 * * ? *), DISABLED`,
    ]);
    await deploys();
    const [changed] = await rules();
    assert.deepEqual([changed!['ScheduleExpression'], changed!['State']], ['cron(0 3 * * ? *)', 'DISABLED']);
    assert.deepEqual(await targets(own('nightly')), [{ Id: 'porchlight', Arn: alias() }]);
    await settled();

    state(nightly({ Schedule: 'cron(0 3 * * ? *)', State: 'DISABLED' }));
    assert.deepEqual(await changes(), [
      `triggers.paid remove: events.amazonaws.com for arn:aws:events:us-east-1:${account}:rule/orders/${own('paid')} -> `,
    ]);
    await deploys();
    assert.deepEqual(await rules('--event-bus-name', 'orders'), []);
    assert.deepEqual(await statements(), ['porchlight-trigger-nightly events.amazonaws.com']);
    await settled();
  });

  it('leaves rules of somebody else alone, and permits them', needsCli, async () => {
    const name = `theirs-${aws.project.name}`;
    await cli('events', 'put-rule', '--name', name, '--schedule-expression', 'rate(7 days)');
    state(nightly({ Name: name }));
    // At first nothing is known of the function, and the rule is there all the same.
    await deploys();
    const [theirs] = await rules();
    assert.equal(theirs!['ScheduleExpression'], 'rate(7 days)');
    assert.deepEqual(await targets(name), []);
    assert.deepEqual(await statements(), ['porchlight-trigger-nightly events.amazonaws.com']);
    assert.match(
      await findings(),
      /trigger nightly: rule theirs-\S+ was made by somebody else.*rate\(7 days\)/,
    );
    await settled();
    state();
    await deploys();
    assert.equal((await rules()).length, 1);
    assert.deepEqual(await statements(), []);
  });

  it('has a rule of a name of the project again after it was changed by hand', needsCli, async () => {
    const name = `ours-${aws.project.name}`;
    state(nightly({ Name: name }));
    await deploys();
    await cli('events', 'put-rule', '--name', name, '--schedule-expression', 'rate(7 days)');
    await deploys();
    assert.equal((await rules())[0]!['ScheduleExpression'], 'rate(1 day)');
    await settled();
  });

  it('has a bucket notify the alias, beside what others are told of', needsCli, async () => {
    const theirs = {
      QueueConfigurations: [
        {
          Id: 'Theirs & ours <1>',
          QueueArn: `arn:aws:sqs:us-east-1:${account}:bystander`,
          Events: ['s3:ObjectCreated:Put', 's3:ReducedRedundancyLostObject'],
          Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: ' in/ü&+%20"<' }] } },
        },
      ],
      EventBridgeConfiguration: {},
    };
    await cli(
      ...['s3api', 'put-bucket-notification-configuration', '--bucket', bucket],
      ...['--notification-configuration', JSON.stringify(theirs)],
    );
    const others = async (): Promise<unknown> => {
      const { LambdaFunctionConfigurations: _ours, ...rest } = await notifications();
      return rest;
    };
    const untouched = await others();
    const filter = (prefix: string) => ({
      Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: prefix }] } },
    });
    const thumbs = { ...uploads({ Events: ['s3:ObjectRemoved:*'], ...filter('thumbs/') }), name: 'thumbs' };
    state(uploads(filter('photos/')), thumbs);
    await deploys();
    const made = (await notifications())['LambdaFunctionConfigurations'] as Record<string, unknown>[];
    assert.deepEqual(
      made.map(({ Id, LambdaFunctionArn, Events }) => [Id, LambdaFunctionArn, Events]),
      [
        [own('uploads'), alias(), ['s3:ObjectCreated:*']],
        [own('thumbs'), alias(), ['s3:ObjectRemoved:*']],
      ],
    );
    assert.deepEqual(await others(), untouched);
    // Two of one bucket are permitted once.
    assert.deepEqual(await statements(), ['porchlight-trigger-uploads s3.amazonaws.com']);
    await settled();

    state(uploads(filter('raw/')));
    assert.deepEqual(await changes(), [
      `triggers.thumbs remove: bucket ${bucket}, s3:ObjectRemoved:*, keys thumbs/* -> `,
      `triggers.uploads change: bucket ${bucket}, s3:ObjectCreated:*, keys photos/* -> bucket ${bucket}, s3:ObjectCreated:*, keys raw/*`,
    ]);
    await deploys();
    assert.equal(((await notifications())['LambdaFunctionConfigurations'] as unknown[]).length, 1);
    await settled();

    state(uploads());
    assert.match(await findings(), /uploads cannot be set up: somebody else.*Theirs & ours <1>.*narrow/i);
    await deploys(/uploads is not set up: Somebody else/);
    assert.deepEqual(await others(), untouched);

    state();
    await deploys();
    assert.deepEqual(await notifications(), untouched);
    assert.deepEqual(await statements(), []);
  });

  it('subscribes the alias to a topic, and changes what is delivered', needsCli, async () => {
    state(news({ FilterPolicy: { kind: ['paid'] } }));
    await deploys();
    const [made] = await subscriptions();
    assert.equal(made!['Protocol'], 'lambda');
    const attributes = async (): Promise<Record<string, string>> =>
      (
        await cli(
          ...['sns', 'get-subscription-attributes', '--subscription-arn', String(made!['SubscriptionArn'])],
        )
      )['Attributes'] as Record<string, string>;
    assert.equal((await attributes())['FilterPolicy'], '{"kind":["paid"]}');
    assert.deepEqual(await statements(), ['porchlight-subscribed-news sns.amazonaws.com']);
    await settled();

    state(news({ FilterPolicy: { order: { kind: ['paid'] } }, FilterPolicyScope: 'MessageBody' }));
    await deploys();
    assert.deepEqual(
      [(await attributes())['FilterPolicy'], (await attributes())['FilterPolicyScope']],
      ['{"order":{"kind":["paid"]}}', 'MessageBody'],
    );
    await settled();
    state(news());
    await deploys();
    await settled();
    state();
    await deploys();
    assert.deepEqual(await subscriptions(), []);
    assert.deepEqual(await statements(), []);
  });

  it('leaves a subscription of somebody else alone', needsCli, async () => {
    const subscribe = ['sns', 'subscribe', '--topic-arn', topic, '--protocol', 'lambda'];
    await cli(...subscribe, '--notification-endpoint', alias());
    state(news({ FilterPolicy: { kind: ['paid'] } }));
    await deploys();
    assert.match(await findings(), /trigger news: its subscription was made by somebody else/);
    await settled();
    state();
    await deploys();
    assert.equal((await subscriptions()).length, 1);
  });

  it('takes everything away with the function, and nothing else', needsCli, async () => {
    state(nightly(), uploads(), news());
    await deploys();
    await aws.project.engine().remove('prod', aws.project.name);
    assert.deepEqual([await rules(), await notifications(), await subscriptions()], [[], {}, []]);
  });

  it('moves a trigger to another source', needsCli, async () => {
    state(news());
    await deploys();
    state(news({ Topic: 'alerts' }));
    await deploys();
    assert.deepEqual(await subscriptions(), []);
    assert.deepEqual(await statements(), ['porchlight-subscribed-news sns.amazonaws.com']);
    await settled();
  });

  for (const [action, right] of [
    ['AddPermission', 'lambda:AddPermission'],
    ['PutRule', 'events:PutRule'],
    ['PutTargets', 'events:PutTargets'],
    ['PutBucketNotification', 's3:PutBucketNotification'],
    ['Subscribe', 'sns:Subscribe'],
  ] as const) {
    it(`goes on where ${action} is refused, and completes it the next time`, async () => {
      state(nightly(), uploads(), news());
      const again = refuse(action);
      await deploys(new RegExp(`is not set up: .*They need the right ${right}\\. Deploy again`));
      again();
      const left = await changes();
      assert.equal(left.length, action === 'AddPermission' ? 3 : 1, left.join());
      await deploys();
      await settled();
      assert.deepEqual(await there(), { targets: 1, notifications: 1, subscriptions: 1, policy: 3 });
    });
  }

  for (const action of ['RemoveTargets', 'DeleteRule', 'GetBucketNotification', 'Unsubscribe']) {
    it(`keeps in mind what it may not take away: ${action}`, async () => {
      state(nightly(), uploads(), news());
      await deploys();
      state();
      const again = refuse(action);
      await deploys(new RegExp(`They need the right \\w+:${action}\\.`));
      again();
      assert.equal((await changes()).length, 1);
      await deploys();
      assert.deepEqual(await there(), { targets: undefined, notifications: 0, subscriptions: 0, policy: 0 });
    });
  }

  it('changes a bucket of several functions one after the other', async () => {
    const region = 'us-east-1';
    const api = new LambdaApi({ sdk: await loadSdk(), region, endpoint: aws.proxy.url });
    const callers = ['a', 'b', 'c'].map((name) => {
      const keys = { Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: `${name}/` }] } } };
      const to = { region, accountId: account, name: `${aws.project.name}-${name}`, alias: 'live' };
      return desiredTriggers({ triggers: [uploads(keys)] }, to).callers[0] as DesiredNotification;
    });
    await Promise.all(
      callers.map((one) => provideNotifications(api, bucket, one.configuration.LambdaFunctionArn, [one])),
    );
    assert.equal((await there())['notifications'], 3);
  });

  it('calls once after the id of its target has changed', needsCli, async () => {
    state(nightly());
    await deploys();
    state(nightly({ Target: { Id: 'mine' } }));
    assert.match((await changes()).join(), /more than once|without the alias/);
    await deploys();
    assert.deepEqual(
      (await targets(own('nightly'))).map(({ Id }) => Id),
      ['mine'],
    );
    await settled();
  });

  it('deploys where it may not read the policy, and says so', async () => {
    state(nightly());
    await deploys();
    state(nightly({ Input: '{}' }), uploads());
    const again = refuse('GetPolicy');
    assert.match(await findings(), /what may call it is not known.*lambda:GetPolicy/);
    await deploys();
    again();
    await settled();
  });

  it('plans and deploys where it may not look, and says so', async () => {
    state(nightly(), uploads(), news());
    const again = ['DescribeRule', 'GetBucketNotification', 'ListSubscriptionsByTopic'].map(refuse);
    const told = await findings();
    for (const right of ['events:DescribeRule', 's3:GetBucketNotification', 'sns:ListSubscriptionsByTopic'])
      assert.match(told, new RegExp(`cannot be set up: .*the right ${right}`));
    for (const one of again) one();
    await deploys();
    await settled();
  });

  it('tells of a bucket, a topic and a bus that are not there', async () => {
    state(
      {
        ...nightly(),
        kind: 'event',
        config: { type: 'EventBridgeRule', Pattern: '{"source":["a"]}', EventBusName: 'none' },
      },
      uploads({ Bucket: 'none' }),
      news({ Topic: 'none' }),
    );
    await deploys(
      /nightly is not set up: .*none.*news is not set up: .*uploads is not set up: There is no bucket/,
    );
  });
});
