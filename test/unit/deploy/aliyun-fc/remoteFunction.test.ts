import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { desiredTriggers } from '../../../../runtime/deploy/aliyun-fc/desiredTriggers.ts';
import {
  concurrencyOf,
  desiredFields,
  fittingCpu,
  handlerOf,
  remoteFields,
} from '../../../../runtime/deploy/aliyun-fc/remoteFunction.ts';
import { readSettings } from '../../../../runtime/deploy/aliyun-fc/settings.ts';
import { say } from '../../../../runtime/support/l10n.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import type { TriggerDefinition } from '../../../../runtime/model/functionDefinition.ts';

const account = { region: 'cn-hangzhou', accountId: undefined };
const triggersOf = (triggers: TriggerDefinition[], stated: Record<string, unknown> = {}) =>
  desiredTriggers({ triggers }, readSettings('prod', stated), account);
const http = (changes: object = {}): TriggerDefinition => ({
  ...{ kind: 'http', name: 'web', path: '/x/*', mount: '/x', methods: [], shape: 'fc3' },
  ...changes,
});

describe('functions of Function Compute', () => {
  it('are found by module and export', () => {
    assert.equal(handlerOf({ entry: 'src/index.mjs', exportName: 'run' }), 'src/index.run');
    assert.equal(handlerOf({ entry: 'index.php', exportName: 'handler' }), 'index.handler');
  });

  it('keep their processors where these go with the memory', () => {
    assert.equal(fittingCpu(1024, undefined), undefined);
    assert.equal(fittingCpu(1024, 0.35), undefined);
    assert.equal(fittingCpu(4096, 0.35), 1);
    assert.equal(fittingCpu(256, 1), 0.25);
    assert.equal(fittingCpu(128, 0.35), 0.1);
  });

  it('get as many invocations at a time as the project says, where their runtime takes several', () => {
    const { process, ...rest } = functionDefinition('/p', { name: 'hello' });
    const at = (runtime: string, changes: Partial<typeof process> = {}) =>
      concurrencyOf({ runtime, process: { ...process, concurrency: 20, ...changes } });
    assert.equal(at('custom.debian12'), 20);
    assert.equal(at('custom.debian12', { model: 'ephemeral' }), 1);
    assert.equal(at('nodejs20'), undefined);
    const settings = readSettings('prod', {});
    const definition = { ...rest, runtime: 'custom', process: { ...process, concurrency: 20 } };
    const desired = desiredFields(definition, undefined, settings)['instanceConcurrency'];
    const there = remoteFields({ functionName: 'hello', runtime: 'custom' }, settings)['instanceConcurrency'];
    assert.deepEqual([there, desired], ['1', '20']);
  });

  it('tell which triggers are left alone, and why', () => {
    const { triggers, left } = triggersOf([
      http(),
      http({ name: 'second' }),
      http({ name: 'customDomain', mount: undefined }),
      { kind: 'timer', name: '9lives', config: { cronExpression: '@every 5m' } },
      { kind: 'timer', name: 'never', config: {} },
      { kind: 'storage', name: 'uploads', config: { bucket: 'photos' } },
      { kind: 'event', name: 'logs', config: { type: 'log' } },
    ]);
    assert.deepEqual(
      triggers.map(({ name, config }) => [name, config['authType']]),
      [['web', 'function']],
    );
    assert.deepEqual(
      left.map(({ name, why }) => [name, say(why).split(/[:.] ?/, 1)[0]]),
      [
        ['second', '(http) is not set up'],
        ['customDomain', "(the custom domain's route /x/*) is not set up"],
        ['9lives', 'is not set up'],
        ['never', '(timer) is not set up'],
        ['uploads', '(oss) is not set up'],
        ['logs', '(log) is not set up'],
      ],
    );
  });

  it('keep a URL whose callers bring tokens as it is, unless it is to be open', () => {
    const auth = { kind: 'token', stated: 'authType: jwt' };
    const { triggers, left } = triggersOf([http({ auth })]);
    assert.deepEqual(triggers, []);
    assert.match(say(left[0]!.why), /callers bring tokens \(authType: jwt\).*stays/);
    assert.equal(
      triggersOf([http({ auth })], { url: 'public' }).triggers[0]!.config['authType'],
      'anonymous',
    );
  });

  it('have no address where none is wanted', () => {
    assert.deepEqual(triggersOf([http()], { url: 'none' }), { triggers: [], left: [], routes: [] });
  });

  it('have timers in their time zone, off where they are off', () => {
    const config = { cron: '0 0 4 * * *', timezone: 'Asia/Shanghai', enabled: false, payload: { a: 1 } };
    const { triggers } = triggersOf([{ kind: 'timer', name: 'nightly', config }]);
    assert.deepEqual(triggers[0]!.config, {
      cronExpression: 'CRON_TZ=Asia/Shanghai 0 0 4 * * *',
      enable: false,
      payload: '{"a":1}',
    });
  });

  it('refuse settings that cannot be', () => {
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ alias: 'LATEST' }, /alias: .*not LATEST/],
      [{ prefix: '1-' }, /prefix: /],
      [{ cpu: 0.07 }, /cpu: expected steps/],
      [{ role: 'arn:aws:iam::1:role/x' }, /role: expected a role such as acs:ram/],
      [{ url: 'iam' }, /url: expected public, function or none/],
    ];
    for (const [stated, message] of wrong)
      assert.throws(() => readSettings('prod', stated), { code: 'TARGET_SETTING', message });
    assert.equal(readSettings('prod', { cpu: 0.35 }).cpu, 0.35);
  });
});
