import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseForm } from '../../../../runtime/platforms/knative/instance/formFields.ts';

test('fields of forms, nested as their names say', () => {
  const cases: [string, unknown][] = [
    ['', {}],
    ['a=1&b=&c', { a: '1', b: '', c: '' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a%20b=%C3%A4+%26', { 'a b': 'ä &' }],
    ['a=%zz', { a: '%zz' }],
    ['a[b][c]=1&a[b][d]=2', { a: { b: { c: '1', d: '2' } } }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[1]=y&a[0]=x', { a: ['x', 'y'] }],
    ['a[0][b]=1&a[0][c]=2', { a: [{ b: '1', c: '2' }] }],
    ['a[100]=1', { a: { 100: '1' } }],
    ['a=1&a[b]=2', { a: { 1: true, b: '2' } }],
    ['a[__proto__][x]=1&__proto__[y]=1&constructor=2', {}],
    ['a[b][c][d][e][f][g]=1', { a: { b: { c: { d: { e: { f: { '[g]': '1' } } } } } } }],
    ['=1&&', {}],
  ];
  for (const [text, fields] of cases) assert.deepEqual(parseForm(text), fields, text);
  assert.equal(Object.keys(parseForm('a=1&'.repeat(5000))).length, 1);
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
});
