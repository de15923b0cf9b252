import assert from 'node:assert/strict';
import { it } from 'node:test';
import { servedIn, withServed } from '../../../runtime/deploy/servedVersions.ts';

it('versions that served are kept in a description, the latest last, beside what somebody wrote', () => {
  const first = withServed(undefined, '1');
  assert.equal(first, '[served 1]');
  assert.equal(withServed(withServed(first, '3'), '1'), '[served 3 1]');
  assert.equal(withServed('For the shop', '2', ['1']), 'For the shop [served 1 2]');
  assert.deepEqual(servedIn('For the shop [served 1 2]'), ['1', '2']);
  assert.equal(servedIn('For the shop'), undefined);
});

it('a description stays within what clouds take', () => {
  let description = 'x'.repeat(200);
  for (let version = 1000; version < 1100; version++) description = withServed(description, String(version));
  assert.ok(description.length <= 256);
  assert.equal(servedIn(description)!.at(-1), '1099');
  assert.equal(withServed('y'.repeat(256), '1'), 'y'.repeat(256));
});
