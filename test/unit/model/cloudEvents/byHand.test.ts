import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentTypeByHand } from '../../../../runtime/model/cloudEvents/byHand.ts';

test('an event given by hand is posted as what it is', () => {
  const of = (event: string | Buffer) => contentTypeByHand(Buffer.from(event));
  assert.equal(of(''), undefined);
  assert.equal(of('{"a":1}'), 'application/json');
  assert.equal(of('[1]'), 'application/json');
  assert.equal(of('null'), 'application/json');
  assert.equal(of('{"specversion":"1.0"}'), 'application/cloudevents+json; charset=utf-8');
  assert.equal(of('[{"specversion":"1.0"}]'), 'application/json');
  assert.equal(of('hello'), 'text/plain; charset=utf-8');
  assert.equal(of(Buffer.from([0xff, 0])), 'application/octet-stream');
});
