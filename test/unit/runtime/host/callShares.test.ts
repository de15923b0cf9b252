import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallShares } from '../../../../runtime/host/callShares.ts';

const taken = (shares: CallShares, calls: number): number =>
  Array.from({ length: calls }, () => shares.take('f')).filter(Boolean).length;

test('a share gets as many of the calls as it says', () => {
  for (const percent of [1, 10, 33, 50, 99]) {
    const shares = new CallShares();
    shares.set(new Map([['f', percent]]));
    assert.equal(taken(shares, 100), percent);
    assert.equal(taken(shares, 1000), 10 * percent);
  }
});

test('a share that stays goes on, and one that ended gets nothing', () => {
  const shares = new CallShares();
  assert.equal(shares.take('f'), false);
  shares.set(new Map([['f', 50]]));
  assert.equal(shares.take('f'), false);
  shares.set(new Map([['f', 50]]));
  assert.equal(shares.take('f'), true, 'a reading of other functions does not begin it anew');
  shares.set(new Map());
  assert.equal(taken(shares, 10), 0);
});
