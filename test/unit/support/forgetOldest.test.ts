import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgetOldest } from '../../../runtime/support/forgetOldest.ts';

test('what came first is forgotten, of sets and of maps', () => {
  const set = new Set(['a', 'b', 'c']);
  forgetOldest(set, 2);
  assert.deepEqual([...set], ['b', 'c']);
  const map = new Map([
    [1, 'a'],
    [2, 'b'],
  ]);
  // Set again, an entry that was taken out is the newest.
  map.delete(1);
  map.set(1, 'c');
  forgetOldest(map, 1);
  assert.deepEqual([...map], [[1, 'c']]);
});

test('what is within the bound stays', () => {
  const set = new Set(['a']);
  forgetOldest(set, 1);
  assert.deepEqual([...set], ['a']);
});
