import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterSecondTry, levelResult, type LevelResult } from '../../../scripts/testing/levelResult.ts';

/** A run in which these failed. */
const failing = (passed: number, ...names: string[]): LevelResult =>
  levelResult({
    passed,
    failed: names.length,
    failures: names.map((name) => `${name}: why`),
    failedTests: names,
  });

/** One that ended early, with something that is no test. */
const brokenOff = (passed: number): LevelResult =>
  levelResult({ passed, failed: 1, failures: ['the editor did not finish'] });

describe('a second try of tests of a window', () => {
  it('tells what passes then as unsteady', () => {
    const { passed, failed, failures, unsteady } = afterSecondTry(failing(3, 'a', 'b'), failing(2));
    assert.deepEqual(
      { passed, failed, failures, unsteady },
      { passed: 5, failed: 0, failures: [], unsteady: ['a: why', 'b: why'] },
    );
  });

  it('leaves what fails twice failed', () => {
    const { passed, failed, failures, failedTests, unsteady } = afterSecondTry(
      failing(3, 'a', 'b'),
      failing(4, 'b'),
    );
    assert.deepEqual({ passed, failed }, { passed: 4, failed: 1 });
    assert.deepEqual([failures, failedTests, unsteady], [['b: why'], ['b'], ['a: why']]);
  });

  it('does not take what failed only the second time for a failure, and tells it', () => {
    const { failed, unsteady } = afterSecondTry(failing(3, 'a'), failing(3, 'c'));
    assert.deepEqual([failed, unsteady], [0, ['a: why', 'c: why']]);
  });

  it('proves nothing when it breaks off, or runs less', () => {
    const first = failing(3, 'a', 'b');
    assert.equal(afterSecondTry(first, brokenOff(3)), first);
    assert.equal(afterSecondTry(first, failing(1)), first);
  });

  it('makes good for one that broke off only as a whole', () => {
    const first = brokenOff(1);
    assert.equal(afterSecondTry(first, failing(3, 'a')), first);
    const { passed, failed, unsteady } = afterSecondTry(first, failing(4));
    assert.deepEqual([passed, failed, unsteady], [4, 0, ['the editor did not finish']]);
  });
});
