import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inLines, match } from '../../../../runtime/model/testing/match.ts';

const finds = (pattern: string, text: string): boolean => new RegExp(pattern, 'u').test(text);

/** `path: expected, got actual` of every mismatch. */
const compare = (pattern: unknown, value: unknown): string[] =>
  match(pattern, value, finds).mismatches.map(
    ({ path, expected, actual }) => `${path.join('.')}: ${expected}, got ${actual}`,
  );

const cases: [name: string, pattern: unknown, value: unknown, mismatches: string[]][] = [
  ['equal text', 'a', 'a', []],
  ['other text', 'a', 'b', [': "a", got "b"']],
  ['a number is no text', 1, '1', [': 1, got "1"']],
  ['null is null', null, null, []],
  ['null is not nothing', { a: null }, {}, ['a: null, got nothing']],
  ['zero is zero', 0, -0, []],
  ['an object may have more', { a: 1 }, { a: 1, b: 2 }, []],
  ['an object in an object may, too', { a: { b: 1 } }, { a: { b: 1, c: 1 } }, []],
  ['an empty object is any object', {}, { a: 1 }, []],
  ['a list is no object', {}, [], [': an object, got []']],
  [
    'what is stated has to be there',
    { a: 1, b: { c: 2 } },
    { b: {} },
    ['a: 1, got nothing', 'b.c: 2, got nothing'],
  ],
  ['lists item by item', [1, { a: 1 }], [1, { a: 1, b: 2 }], []],
  ['lists of other lengths', [1, 2], [1], [': a list of 2, got a list of 1 item']],
  ['longer lists, and a wrong item', [1], [2, 3], [': a list of 1, got a list of 2 items', '0: 1, got 2']],
  ['text is no list', [1], 'x', [': a list of 1, got "x"']],
  ['$any string', { $any: 'string' }, 'x', []],
  ['$any string is no number', { $any: 'string' }, 1, [': any string, got 1']],
  ['$any value', { a: { $any: 'value' } }, { a: null }, []],
  ['$any value has to be there', { a: { $any: 'value' } }, {}, ['a: any value, got nothing']],
  [
    '$any object is neither list nor null',
    [{ $any: 'object' }, { $any: 'object' }],
    [[], null],
    ['0: any object, got []', '1: any object, got null'],
  ],
  ['$any list', { $any: 'list' }, [], []],
  ['$matches', { $matches: '^[0-9]+$' }, '12', []],
  ['$matches other text', { $matches: '^[0-9]+$' }, 'x', [': text that matches /^[0-9]+$/, got "x"']],
  ['$matches takes text only', { $matches: '1' }, 1, [': text that matches /1/, got 1']],
  ['$contains in text', { $contains: 'b' }, 'abc', []],
  ['$contains in a list', { $contains: { id: 2 } }, [{ id: 1 }, { id: 2, x: 1 }], []],
  ['$contains nowhere', { $contains: 4 }, [1], [': something that contains 4, got [1]']],
  ['$absent', { a: { $absent: true } }, {}, []],
  ['$absent is not null', { a: { $absent: true } }, { a: null }, ['a: nothing, got null']],
  ['$json', { $json: { a: 1 } }, '{"a":1,"b":2}', []],
  ['$json of no JSON', { $json: {} }, '{', [': text that is JSON, got "{"']],
  ['$json within', { body: { $json: { a: 1 } } }, { body: '{"a":2}' }, ['body.a: 1, got 2']],
  ['$exactly', { $exactly: { a: 1 } }, { a: 1, b: 2 }, ['b: nothing, got 2']],
  ['$exactly takes matchers for keys', { $exactly: { $any: 'string' } }, { $any: 'string' }, []],
  ['a key of an object’s prototype', { constructor: 1 }, {}, ['constructor: 1, got nothing']],
];

for (const [name, pattern, value, mismatches] of cases) {
  test(name, () => assert.deepEqual(compare(pattern, value), mismatches));
}

test('both sides for a comparison hold what was asked for, and fitting matchers are what fitted', () => {
  const pattern = { id: { $any: 'string' }, total: 2, at: { $matches: '^2' }, list: [1, { $any: 'number' }] };
  const { expected, actual } = match(
    pattern,
    { id: 'x', total: 3, at: 'no', more: 1, list: [1, 'y'] },
    finds,
  );
  assert.equal(
    inLines(expected),
    `{
  "id": "x",
  "total": 2,
  "at": <text that matches /^2/>,
  "list": [
    1,
    <any number>
  ]
}`,
  );
  assert.deepEqual(JSON.parse(inLines(actual)), { id: 'x', total: 3, at: 'no', list: [1, 'y'] });
});

test('the place in the pattern leads through its matchers', () => {
  const { mismatches } = match({ body: { $json: { a: [1] } } }, { body: '{"a":[2]}' }, finds);
  assert.deepEqual(mismatches[0]?.patternPath, ['body', '$json', 'a', 0]);
});
