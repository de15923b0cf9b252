import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { desiredTriggers } from '../../../../runtime/deploy/aliyun-fc/desiredTriggers.ts';
import { readSettings } from '../../../../runtime/deploy/aliyun-fc/settings.ts';
import type { TriggerDefinition } from '../../../../runtime/model/functionDefinition.ts';
import { say } from '../../../../runtime/support/l10n.ts';
import { fcTriggersOf, sourceTriggers } from '../../../support/fc/fcTriggers.ts';

const account = { region: 'cn-hangzhou', accountId: '1122334455667788' };
const read = (
  triggers: TriggerDefinition[],
  stated: Record<string, unknown> = {},
  from: { region: string; accountId: string | undefined } = account,
) => desiredTriggers({ triggers }, readSettings('prod', stated), from);
const left = (...given: Parameters<typeof read>): string[] => read(...given).left.map(({ why }) => say(why));

describe('triggers of other services', () => {
  const triggers = fcTriggersOf(sourceTriggers);

  it('are made as s.yaml states them, in the account that is deployed to', () => {
    const { triggers: made, left: none } = read(triggers);
    assert.deepEqual(none, []);
    assert.deepEqual(
      made.map(({ name, type, sourceArn, invocationRole, description }) => [
        ...[name, type, sourceArn, invocationRole, description],
      ]),
      [
        [
          ...['lines', 'log', 'acs:log:cn-hangzhou:1122334455667788:project/web'],
          ...['acs:ram::1122334455667788:role/log', 'lines of the shop'],
        ],
        [
          ...['orders', 'mns_topic', 'acs:mns:cn-hangzhou:1122334455667788:/topics/orders'],
          ...[undefined, undefined],
        ],
        ['cdn', 'cdn_events', 'acs:cdn:*:1122334455667788', undefined, undefined],
        [
          ...['rows', 'tablestore', 'acs:ots:cn-hangzhou:1122334455667788:instance/shop/table/rows'],
          ...[undefined, undefined],
        ],
        ['kafka', 'eventbridge', undefined, undefined, undefined],
      ],
    );
    assert.deepEqual(made[0]!.config, {
      enable: true,
      functionParameter: { a: 'b' },
      jobConfig: { maxRetryTime: 3, triggerInterval: 60 },
      logConfig: { project: 'web', logstore: 'jobs' },
      sourceConfig: { logstore: 'access' },
    });
    assert.deepEqual(made[1]!.config, {
      notifyContentFormat: 'JSON',
      notifyStrategy: 'BACKOFF_RETRY',
      filterTag: 'new',
    });
    assert.deepEqual(made[3]!.config, {});
    const { eventSourceConfig } = made[4]!.config as { eventSourceConfig: unknown };
    assert.deepEqual(eventSourceConfig, {
      eventSourceType: 'Kafka',
      eventSourceParameters: { sourceKafkaParameters: { RegionId: 'cn-hangzhou', Topic: 'orders' } },
    });
  });

  it('use the role of the target where they name none, unless EventBridge calls', () => {
    const triggerRole = 'acs:ram::1122334455667788:role/all';
    assert.deepEqual(
      read(triggers, { triggerRole }).triggers.map(({ invocationRole }) => invocationRole?.split('/')[1]),
      ['log', 'all', 'all', 'all', undefined],
    );
  });

  it('are left where the account is needed and not known', () => {
    const told = left(triggers, {}, { region: 'cn-hangzhou', accountId: undefined });
    assert.equal(told.length, 4);
    for (const why of told) assert.match(why, /name the number of the account as accountId:/);
  });

  it('are left, with their place, where a value is known after the deploy alone', () => {
    const [trigger] = fcTriggersOf(`
        - triggerName: lines
          triggerType: log
          sourceArn: acs:log:x:1:project/web
          triggerConfig:
            enable: true
            logConfig:
              project: \${resources.logs.output.project}
`);
    const found = read([trigger!]).left[0]!;
    assert.match(
      say(found.why),
      /triggerConfig\.logConfig\.project, \$\{resources\.logs\.output\.project\}, is not known before/,
    );
    assert.equal(found.at!.line, 15);
  });

  it('are left where settings lack, the source is of another service, or there is too much', () => {
    const of = (type: string, config: object, sourceArn?: string): TriggerDefinition => ({
      kind: 'event',
      name: 'x',
      config: { type, ...config },
      ...(sourceArn !== undefined && { registration: { sourceArn } }),
    });
    assert.match(left([of('log', {})])[0]!, /lacks enable, jobConfig, logConfig\.project/);
    assert.match(left([of('tablestore', {})])[0]!, /sourceArn has to name .* acs:ots:/);
    assert.match(left([of('tablestore', {}, 'acs:oss:cn-hangzhou:1:photos')])[0]!, /acs:ots:/);
    assert.match(
      left([of('tablestore', { more: 'x'.repeat(70_000) }, 'acs:ots:cn-hangzhou:1:instance/a/table/b')])[0]!,
      /more than 65536 characters/,
    );
    assert.match(left([{ kind: 'event', name: 'x', config: {} }])[0]!, /does not say which service/);
  });
});

describe('queues and topics of porchlight.yaml', () => {
  it('come through EventBridge, or as a subscription', () => {
    const { triggers } = read([
      {
        kind: 'queue',
        name: 'jobs',
        config: { queue: 'jobs', batchSize: 5, window: '1500ms', rawData: true },
      },
      { kind: 'queue', name: 'news', config: { topic: 'news', tag: 'hot', content: 'JSON' } },
    ]);
    assert.deepEqual(triggers, [
      {
        name: 'jobs',
        type: 'eventbridge',
        config: {
          triggerEnable: true,
          asyncInvocationType: false,
          eventRuleFilterPattern: '{}',
          eventSinkConfig: { deliveryOption: { eventSchema: 'RawData' } },
          eventSourceConfig: {
            eventSourceType: 'MNS',
            eventSourceParameters: {
              sourceMNSParameters: { RegionId: 'cn-hangzhou', QueueName: 'jobs', IsBase64Decode: true },
            },
          },
          runOptions: {
            mode: 'event-streaming',
            errorsTolerance: 'ALL',
            batchWindow: { CountBasedWindow: 5, TimeBasedWindow: 2 },
            retryStrategy: { PushRetryStrategy: 'BACKOFF_RETRY' },
          },
        },
      },
      {
        name: 'news',
        type: 'mns_topic',
        config: { filterTag: 'hot', notifyContentFormat: 'JSON', notifyStrategy: 'BACKOFF_RETRY' },
        sourceArn: 'acs:mns:cn-hangzhou:1122334455667788:/topics/news',
      },
    ]);
  });

  it('are named where the project says too little', () => {
    const config = { topic: 'news', service: 'rocketmq' };
    assert.match(left([{ kind: 'queue', name: 'x', config }])[0]!, /does not say the instance of its topic/);
    assert.deepEqual(
      read([{ kind: 'queue', name: 'x', config: { topic: 'a', enabled: false } }]).triggers,
      [],
    );
  });
});

describe('HTTP triggers', () => {
  const triggers = fcTriggersOf(`
        - triggerName: web
          triggerType: http
          triggerConfig:
            authType: jwt
            methods: [GET, PUT]
            disableURLInternet: true
            authConfig: { jwks: { keys: [{ kty: RSA }] }, tokenLookup: 'header:Authorization:Bearer' }
            corsConfig: { allowOrigins: ['https://a.example'], maxAge: 60 }
`);

  it('are made as they are stated', () => {
    assert.deepEqual(read(triggers).triggers, [
      {
        name: 'web',
        type: 'http',
        config: {
          authType: 'jwt',
          methods: ['GET', 'PUT'],
          disableURLInternet: true,
          corsConfig: { allowOrigins: ['https://a.example'], maxAge: 60 },
          authConfig: '{"jwks":{"keys":[{"kty":"RSA"}]},"tokenLookup":"header:Authorization:Bearer"}',
        },
      },
    ]);
  });

  it('let in whom the target says, where it says so', () => {
    const [made] = read(triggers, { url: 'public' }).triggers;
    assert.deepEqual([made!.config['authType'], made!.config['authConfig']], ['anonymous', undefined]);
    assert.deepEqual(read(triggers, { url: 'none' }), { triggers: [], left: [], routes: [] });
  });

  it('are open where the project says so, and not of a kind that nobody knows', () => {
    const of = (authType: string) =>
      fcTriggersOf(`
        - triggerName: web
          triggerType: http
          triggerConfig: { authType: ${authType}, methods: [GET] }
`);
    assert.equal(read(of('anonymous')).triggers[0]!.config['authType'], 'anonymous');
    assert.match(left(of('iam'))[0]!, /takes anonymous, function, jwt as authType/);
  });
});
