import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InvocationSummary } from '../../../runtime/model/invocationRecord.ts';
import type { CallResult } from '../../soak/load.ts';
import { grows, median, violations } from '../../soak/verdict.ts';
import { recordOf } from '../../support/records.ts';

const answered = (id: string, changes: Partial<CallResult> = {}): CallResult => ({
  function: 'hello',
  n: 1,
  outcome: 'answered',
  status: 200,
  id,
  ...changes,
});
const { id: _, ...withoutId } = answered('x');

const rows: [name: string, calls: CallResult[], records: InvocationSummary[], found: RegExp | undefined][] = [
  ['nothing at all', [], [], undefined],
  ['a success and its record', [answered('a')], [recordOf('a')], undefined],
  [
    'a failure and its record',
    [answered('a', { status: 500 })],
    [recordOf('a', { status: 'error' })],
    undefined,
  ],
  [
    'a call that broke off, with or without a record',
    [{ ...withoutId, outcome: 'lost' }],
    [recordOf('b')],
    undefined,
  ],
  [
    'one recorded twice',
    [answered('a')],
    [recordOf('a'), recordOf('a')],
    /^1 invocations recorded more than once/,
  ],
  [
    'an answer without a record',
    [answered('a')],
    [],
    /^1 answered invocations without a record, e\.g\. hello a$/,
  ],
  ['a record without an end', [], [recordOf('a', { status: 'running' })], /^1 records without an end/],
  [
    'the answer of another call',
    [answered('a', { wrong: 'got 7' })],
    [recordOf('a')],
    /^1 answers that were not the call’s own, e\.g\. hello 1: got 7$/,
  ],
  ['an answer without an id', [withoutId], [], /^1 answers without an invocation id, e\.g\. call 1: 200$/],
  [
    'a success recorded as a failure',
    [answered('a')],
    [recordOf('a', { status: 'crashed' })],
    /^1 successes recorded as something else, e\.g\. a crashed$/,
  ],
  [
    'a failure recorded as a success',
    [answered('a', { status: 500 })],
    [recordOf('a')],
    /^1 failures recorded as successes, e\.g\. a$/,
  ],
];

describe('the verdict of a soak', () => {
  for (const [name, calls, records, expected] of rows) {
    it(`${expected ? 'holds against the host' : 'takes'}: ${name}`, () => {
      const found = violations(calls, records);
      assert.equal(found.length, expected ? 1 : 0, found.join('\n'));
      if (expected) assert.match(found[0]!, expected);
    });
  }

  it('names three examples of many', () => {
    const [found] = violations(
      ['a', 'b', 'c', 'd'].map((id) => answered(id)),
      [],
    );
    assert.equal(found, '4 answered invocations without a record, e.g. hello a; hello b; hello c');
  });
});

describe('memory of a soak', () => {
  it('grows when its last third lies above the middle one', () => {
    const rising = Array.from({ length: 30 }, (_, n) => 100 + n * 5);
    assert.match(grows(rising, 20) ?? '', /grew from 175 to 225 MiB/);
  });

  it('does not grow by warming up, by peaks or within the tolerance', () => {
    assert.equal(grows([50, 80, 120, 150, 150, 150, 150, 150, 150], 20), undefined);
    assert.equal(grows([100, 100, 100, 100, 100, 100, 100, 900, 100], 20), undefined);
    assert.equal(grows([100, 100, 100, 100, 100, 100, 120, 120, 120], 20), undefined);
    assert.equal(grows([900, 900, 900, 500, 500, 500, 100, 100, 100], 20), undefined);
  });

  it('is not judged by a few samples', () => {
    assert.equal(grows([1, 1, 1, 1, 1, 1, 1, 900], 20), undefined);
  });

  it('has a middle', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([]), 0);
  });
});
