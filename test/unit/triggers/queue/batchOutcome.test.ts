import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../../runtime/model/platform.ts';
import { batchOutcome } from '../../../../runtime/triggers/queue/batchOutcome.ts';

const result = (body: string): Outcome => ({ kind: 'result', body: Buffer.from(body) });
const failed = (body: string, reports = true) =>
  [...batchOutcome(['a', 'b'], result(body), reports).failed].join();

test('only what the answer names has failed', () => {
  assert.equal(failed('{"batchItemFailures":[{"itemIdentifier":"b"}]}'), 'b');
  for (const nothing of ['', 'null', '{}', '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])
    assert.equal(failed(nothing), '', nothing);
});

test('an answer that does not follow the contract fails the whole batch, and says why', () => {
  for (const wrong of [
    'no JSON',
    '"text"',
    '{"batchItemFailures":"a"}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"id":"a"}]}',
    '{"batchItemFailures":[{"itemIdentifier":"c"}]}',
  ]) {
    const outcome = batchOutcome(['a', 'b'], result(wrong), true);
    assert.equal(outcome.failed.size, 2, wrong);
    assert.match(outcome.why ?? '', /^The whole batch counts as failed: .+\.$/);
  }
});

test('without reporting, an answer is success and an error is failure, whatever they say', () => {
  assert.equal(failed('{"batchItemFailures":[{"itemIdentifier":"b"}]}', false), '');
  const error = { kind: 'error', body: Buffer.from('{}') } as unknown as Outcome;
  assert.equal(batchOutcome(['a', 'b'], error, false).failed.size, 2);
});
