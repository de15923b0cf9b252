import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byPart } from '../../../runtime/cli/findInvocation.ts';
import { recordOf } from '../../support/records.ts';

const summaries = [
  recordOf('6f9619ff-8b86-d011-b42d-00c04fc964ff'),
  recordOf('1-6745a3b0-aa11bb22cc33dd44ee55c964ff', { function: 'other' }),
  recordOf('aaaa0000-8b86-d011-b42d-00c04f123456'),
];

test('an invocation is found by the beginning or the end of its id, dashes and case aside', () => {
  const cases: [string, number | undefined][] = [
    ['123456', 2],
    ['4F123456', 2],
    ['aaaa-0000', 2],
    ['4fc964ff', 0],
    ['16745a3b0', 1],
    [summaries[0]!.id, 0],
    ['456', undefined],
    ['beef00', undefined],
  ];
  for (const [named, index] of cases)
    assert.equal(byPart(summaries, named), index === undefined ? undefined : summaries[index], named);
});

test('a part that several ids have is refused, with those', () => {
  assert.throws(() => byPart(summaries, 'c964ff'), {
    code: 'INVOCATION_AMBIGUOUS',
    message:
      /^Several invocations are called "c964ff": 6f9619ff-\S+ \(hello, [\d:.]+\), 1-6745a3b0-\S+ \(other, [\d:.]+\)\. Give more/,
  });
});
