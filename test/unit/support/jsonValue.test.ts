import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonIn } from '../../../runtime/support/jsonValue.ts';

test('a text stands for its value, any other for nothing', () => {
  assert.deepEqual(jsonIn('{"a":[1,null]}'), { a: [1, null] });
  assert.equal(jsonIn('null'), null);
  for (const text of ['', '<html>', '{"a":']) assert.equal(jsonIn(text), undefined);
});
