import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aliasMove, isServedBy, servingOf, type AliasState } from '../../../runtime/deploy/aliasMove.ts';
import { rollBack } from '../../../runtime/deploy/deployedFunction.ts';
import type { DeployedVersion } from '../../../runtime/model/deploy.ts';
import type { DeployTarget } from '../../../runtime/deploy/target.ts';
import { say } from '../../../runtime/support/l10n.ts';

describe('moving an alias', () => {
  const live: AliasState = { version: '1', description: 'Shop [served 1]', weights: { 2: 0.1 } };

  it('sends all calls to a first version, whatever share was wished', () => {
    const { note, ...move } = aliasMove(undefined, '1', 10);
    assert.deepEqual(move, { version: '1', weights: {}, description: '[served 1]' });
    assert.match(say(note!), /gets all calls/);
    assert.equal(aliasMove(undefined, '1', 100).note, undefined);
  });

  it('gives a share, writes down what serves wholly, and takes a share back', () => {
    const shared = aliasMove(live, '3', 29);
    assert.deepEqual(
      [shared.version, shared.weights, shared.description],
      ['1', { 3: 0.29 }, 'Shop [served 1]'],
    );
    const whole = aliasMove(live, '2', 100);
    assert.deepEqual([whole.version, whole.weights, whole.description], ['2', {}, 'Shop [served 1 2]']);
    assert.deepEqual(aliasMove(live, '1', 10).weights, {}, 'what serves gets all calls again');
  });

  it('tells shares of versions, where there are some', () => {
    assert.deepEqual(servingOf(live, '1'), { current: true, verified: true, percent: 90 });
    assert.deepEqual(servingOf(live, '2'), { current: false, verified: true, percent: 10 });
    assert.deepEqual(servingOf(live, '3'), { current: false, verified: false });
    const odd: AliasState = { version: '1', weights: { 2: 0.001, 3: 0 } };
    assert.equal(servingOf(odd, '2').percent, 1, 'a share is never told as none');
    assert.equal(servingOf(odd, '1').percent, 99);
    assert.equal(servingOf(odd, '3').percent, undefined);
    assert.deepEqual(servingOf({ version: '1', weights: {} }, '1'), { current: true, verified: true });
    assert.equal(isServedBy(live, '2'), true);
    assert.equal(isServedBy(live, '3'), false);
    assert.equal(isServedBy(undefined, '1'), false);
  });

  it('lets a roll-back give all calls to the version that serves', async () => {
    const version = (name: string): DeployedVersion => {
      return { version: name, packageHash: '', createdAt: 0, ...servingOf({ ...live, version: '1' }, name) };
    };
    const switched: string[] = [];
    const target = {
      name: 'prod',
      list: () =>
        Promise.resolve([
          { function: 'hello', target: 'prod', versions: ['2', '1', '0'].map(version), urls: [] },
        ]),
      switchTo: (_name: string, to: string) => Promise.resolve(void switched.push(to)),
    } as unknown as DeployTarget;
    const { functions } = await rollBack(target, 'hello');
    assert.deepEqual([functions[0]!.version, functions[0]!.previous, switched], ['1', '2', ['1']]);
  });
});
