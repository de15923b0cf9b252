import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, nearest } from '../../../runtime/model/nearest.ts';

const cases: [word: string, candidates: string[], expected: string | undefined][] = [
  ['hanlder', ['handler', 'helper'], 'handler'],
  ['Handler', ['handler', 'handle'], 'handler'],
  ['memroy', ['memory', 'timeout'], 'memory'],
  ['idleTimout', ['idleTimeout', 'timeout'], 'idleTimeout'],
  ['env', ['environment', 'memory'], undefined],
  ['x', ['y', 'z1'], 'y'],
  ['anything', [], undefined],
];

for (const [word, candidates, expected] of cases) {
  test(`nearest to ${word}: ${expected}`, () => assert.equal(nearest(word, candidates), expected));
}

test('a swap of neighbours is one edit', () => assert.equal(editDistance('ab', 'ba'), 1));
