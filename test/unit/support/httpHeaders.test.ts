import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerObject, headerText } from '../../../runtime/support/httpHeaders.ts';

test('headers as objects: joined, kept once or listed by their name', () => {
  const pairs: [string, string][] = [
    ['X-A', '1'],
    ['x-a', '2'],
    ['Cookie', 'a=1'],
    ['cookie', 'b=2'],
    ['Set-Cookie', 'c=3'],
    ['set-cookie', 'd=4'],
    ['Host', 'first'],
    ['host', 'second'],
    ['__proto__', 'own'],
  ];
  const headers = headerObject(pairs);
  assert.equal(headers['x-a'], '1, 2');
  assert.equal(headers['cookie'], 'a=1; b=2');
  assert.deepEqual(headers['set-cookie'], ['c=3', 'd=4']);
  assert.equal(headers['host'], 'first');
  assert.equal(Object.getOwnPropertyDescriptor(headers, '__proto__')?.value, 'own');
  assert.equal(headerObject(pairs, ', ')['cookie'], 'a=1, b=2');
  assert.equal(headerText(headers, 'set-cookie'), 'c=3, d=4');
});
