import assert from 'node:assert/strict';
import test from 'node:test';
import { compareProfiles, earlierProfile } from '../../../runtime/model/compareProfiles.ts';
import { profileOf } from '../../support/profiles.ts';

test('phases in their order, packages by the size of their change', () => {
  const before = profileOf({ artifact: 'old' });
  const packages = [
    { ...before.packages[0]!, selfMs: 5.05 },
    { ...before.packages[1]!, selfMs: 40 },
    { name: 'new', totalMs: 25, selfMs: 25, onlyMs: 25, share: 0.25, modules: 1 },
  ];
  const phases = before.phases.map((phase) => (phase.name === 'load' ? { ...phase, medianMs: 80 } : phase));
  const after = profileOf({ packages, phases, totalMs: { medianMs: 110, minMs: 1, maxMs: 200 } });
  const { total, phases: byPhase, packages: byPackage } = compareProfiles(before, after);
  assert.deepEqual(total, { name: 'total', beforeMs: 130.5, afterMs: 110, deltaMs: -20.5 });
  assert.deepEqual(
    byPhase.map(({ name, deltaMs }) => [name, deltaMs]),
    [
      ['boot', 0],
      ['load', -20],
      ['handler', 0],
    ],
  );
  assert.deepEqual(byPackage, [
    { name: 'shared', beforeMs: 30, deltaMs: -30 },
    { name: 'new', afterMs: 25, deltaMs: 25 },
    { name: 'big', beforeMs: 50, afterMs: 40, deltaMs: -10 },
  ]);
});

test('compares with the artifact that was named, or with the last other code', () => {
  const passive = profileOf({ artifact: 'c3', passive: true });
  const measured = profileOf({ artifact: 'b2' });
  const own = profileOf({ artifact: 'a1' });
  const ownPassive = profileOf({ artifact: 'a1', passive: true });
  assert.equal(earlierProfile([passive, own, measured], 'a1'), measured);
  assert.equal(earlierProfile([passive, own], 'a1'), own);
  assert.equal(earlierProfile([passive], 'a1', 'c3'), undefined);
  assert.equal(earlierProfile([own], 'a1'), own);
  assert.equal(earlierProfile([ownPassive], 'a1'), undefined);
  assert.equal(earlierProfile([own, measured], 'a1', 'b'), measured);
  assert.equal(earlierProfile([own, measured], 'a1', 'x'), undefined);
  assert.equal(earlierProfile([], 'a1'), undefined);
});
