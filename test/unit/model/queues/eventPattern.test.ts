import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPattern, matchesPattern } from '../../../../runtime/model/queues/eventPattern.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const event = {
  state: 'paid',
  total: 120,
  tags: ['new', 'eu'],
  customer: { name: 'Ada', vip: true, note: null },
  items: [{ sku: 'a-1' }, { sku: 'b-2' }],
};

const cases: [pattern: Record<string, unknown>, fits: boolean][] = [
  [{}, true],
  [{ state: ['paid'] }, true],
  [{ state: ['open', 'paid'] }, true],
  [{ state: ['open'] }, false],
  [{ total: ['120'] }, false],
  [{ tags: ['eu'] }, true],
  [{ customer: { vip: [true], note: [null] } }, true],
  [{ customer: { age: [1] } }, false],
  [{ items: { sku: ['b-2'] } }, true],
  [{ state: [{ prefix: 'pa' }] }, true],
  [{ state: [{ prefix: { 'equals-ignore-case': 'PA' } }] }, true],
  [{ state: [{ suffix: 'id' }] }, true],
  [{ customer: { name: [{ 'equals-ignore-case': 'ADA' }] } }, true],
  [{ state: [{ wildcard: 'p*d' }] }, true],
  [{ state: [{ wildcard: 'p*i*x' }] }, false],
  [{ total: [{ numeric: ['>', 100, '<=', 120] }] }, true],
  [{ total: [{ numeric: ['<', 100] }] }, false],
  [{ state: [{ 'anything-but': ['open'] }] }, true],
  [{ state: [{ 'anything-but': { prefix: 'pa' } }] }, false],
  [{ missing: [{ 'anything-but': 'x' }] }, false],
  [{ missing: [{ exists: false }] }, true],
  [{ missing: { deep: [{ exists: false }] } }, true],
  [{ state: [{ exists: false }] }, false],
  [{ $or: [{ state: ['open'] }, { total: [120] }] }, true],
  [{ $or: [{ state: ['open'] }, { total: [1] }] }, false],
];

for (const [pattern, fits] of cases) {
  test(`${JSON.stringify(pattern)} ${fits ? 'fits' : 'does not fit'}`, () => {
    assert.equal(checkPattern(pattern), undefined);
    assert.equal(matchesPattern(pattern, event), fits);
  });
}

test('a pattern that cannot be used is named at its place', () => {
  assert.match(say(checkPattern({ a: { b: 'x' } })!), /^a\.b has to be a list/);
  assert.match(say(checkPattern({ a: [] })!), /^a has no values/);
  assert.match(say(checkPattern({ a: [{ like: 'x' }] })!), /unknown operator "like"/);
  assert.match(say(checkPattern([])!), /has to be an object/);
});
