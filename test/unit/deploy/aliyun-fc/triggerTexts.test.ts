import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FcTrigger } from '../../../../runtime/deploy/aliyun-fc/answers.ts';
import type { DesiredTrigger } from '../../../../runtime/deploy/aliyun-fc/desiredTriggers.ts';
import { madeIn, withMade } from '../../../../runtime/deploy/aliyun-fc/madeDomains.ts';
import { marked, outdatedTriggers, unmarked } from '../../../../runtime/deploy/aliyun-fc/ownTriggers.ts';
import { covers } from '../../../../runtime/deploy/aliyun-fc/statedSettings.ts';
import { remoteTriggerText, triggerText } from '../../../../runtime/deploy/aliyun-fc/triggerTexts.ts';
import { withServed } from '../../../../runtime/deploy/servedVersions.ts';

const wanted: DesiredTrigger = {
  name: 'dts',
  type: 'eventbridge',
  description: 'changes',
  config: {
    triggerEnable: true,
    eventRuleFilterPattern: '{"a":[1]}',
    eventSourceConfig: {
      eventSourceType: 'DTS',
      eventSourceParameters: { sourceDTSParameters: { Sid: 'sid', Password: 'planted-password' } },
    },
    runOptions: { batchWindow: { CountBasedWindow: '10' } },
  },
};

function there(config: object, changes: Partial<FcTrigger> = {}): FcTrigger {
  return {
    triggerName: 'dts',
    triggerType: 'eventbridge',
    qualifier: 'live',
    description: 'changes [porchlight]',
    triggerConfig: JSON.stringify(config),
    ...changes,
  };
}

describe('what is stated of a trigger, and what is there', () => {
  const rows: [what: string, stated: unknown, there: unknown, covered: boolean][] = [
    ['what the cloud adds', { a: 1 }, { a: 1, b: 2 }, true],
    ['what lacks there', { a: 1, b: 2 }, { a: 1 }, false],
    ['numbers as texts', { a: '10' }, { a: 10 }, true],
    ['other values', { a: 10 }, { a: 11 }, false],
    ['capital letters of keys', { queueName: 'q' }, { QueueName: 'q' }, true],
    ['lists of words in another order', ['b', 'a'], ['a', 'b'], true],
    ['lists of other lengths', ['a'], ['a', 'b'], false],
    ['lists of objects in another order', [{ a: 1 }, { a: 2 }], [{ a: 2 }, { a: 1 }], false],
    ['JSON in a text', { a: '{"b":1}' }, { a: { b: 1 } }, true],
    ['nothing, told in another way', { a: '', b: [], c: null, d: false }, {}, true],
    ['nothing over something', { a: '' }, { a: 'x' }, false],
    ['true over nothing', { a: true }, {}, false],
    ['an object over a text', { a: { b: 1 } }, { a: 'b' }, false],
  ];
  for (const [what, stated, found, covered] of rows)
    it(`knows ${what}`, () => assert.equal(covers(stated, found), covered));

  it('is one text where nothing differs', () => {
    const { eventSourceConfig } = wanted.config;
    const found = there({
      ...wanted.config,
      asyncInvocationType: false,
      eventRuleFilterPattern: { a: [1] },
      eventSourceConfig: { ...(eventSourceConfig as object), more: 1 },
      runOptions: { batchWindow: { CountBasedWindow: 10, TimeBasedWindow: 0 } },
    });
    assert.equal(remoteTriggerText(found, 'live', wanted), triggerText(wanted));
    assert.equal(remoteTriggerText({ ...found, qualifier: 'LATEST' }, 'live', wanted), undefined);
  });

  it('is told apart without telling secrets', () => {
    const found = there(JSON.parse(JSON.stringify(wanted.config).replace('planted-', 'other-')) as object);
    const [before, after] = [remoteTriggerText(found, 'live', wanted), triggerText(wanted)];
    assert.match(before!, /\(other values\)$/);
    assert.doesNotMatch(`${before}${after}`, /planted|other-/);
    assert.match(after, /"Password":"\*\*\*"/);
  });

  it('differs in source, role and description where these are stated', () => {
    const trigger = { ...wanted, sourceArn: 'acs:mns:r:1:/topics/a', invocationRole: 'acs:ram::1:role/a' };
    const same = { sourceArn: trigger.sourceArn, invocationRole: trigger.invocationRole };
    const text = (changes: Partial<FcTrigger>): string | undefined =>
      remoteTriggerText(there(wanted.config, { ...same, ...changes }), 'live', trigger);
    assert.equal(text({}), triggerText(trigger));
    assert.match(text({ sourceArn: 'acs:mns:r:1:/topics/b' })!, /topics\/b/);
    assert.match(text({ invocationRole: 'acs:ram::1:role/b' })!, /as b/);
    assert.match(text({ description: 'other' })!, /"other"/);
  });

  it('is everything of one that nobody states, and none that cannot be read', () => {
    const timer = there({ cronExpression: '@every 5m', enable: false }, { triggerType: 'timer' });
    assert.equal(remoteTriggerText(timer, 'live'), 'timer @every 5m off');
    assert.equal(remoteTriggerText({ ...timer, triggerConfig: 'x' }, 'live'), 'timer');
  });
});

describe('what deploys made', () => {
  it('is marked at the end of descriptions', () => {
    assert.equal(marked(), '[porchlight]');
    assert.equal(unmarked(marked('mine')), 'mine');
    assert.equal(unmarked('by [porchlight] people'), 'by [porchlight] people');
    assert.equal(marked('x'.repeat(250)), 'x'.repeat(250));
  });

  it('is outdated where the project states and leaves nothing of its name', () => {
    const none = { triggers: [], routes: [], left: [] };
    const names = (found: FcTrigger, desired: Parameters<typeof outdatedTriggers>[1]): string[] =>
      outdatedTriggers([found], desired, 'live').map(({ triggerName }) => triggerName);
    assert.deepEqual(names(there({}), none), ['dts']);
    assert.deepEqual(names(there({}, { description: 'changes' }), none), []);
    assert.deepEqual(names(there({}, { qualifier: 'LATEST' }), none), []);
    assert.deepEqual(names(there({}), { ...none, triggers: [wanted] }), []);
    assert.deepEqual(names(there({}), { ...none, left: [{ name: 'dts', why: { phrase: 'x' } }] }), []);
  });

  it('are domains in the description of the alias, which moves keep', () => {
    const noted = withMade(withServed('mine', '1'), 'a.example.com');
    assert.equal(noted, 'mine [made a.example.com] [served 1]');
    const moved = withServed(withMade(noted, 'b.example.com'), '2');
    assert.equal(moved, 'mine [made a.example.com b.example.com] [served 1 2]');
    assert.deepEqual(madeIn(moved), ['a.example.com', 'b.example.com']);
    assert.deepEqual(madeIn('mine [served 1]'), []);
    assert.equal(withMade('mine', 'x'.repeat(200)), 'mine');
  });
});
