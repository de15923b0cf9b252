import assert from 'node:assert/strict';
import test from 'node:test';
import { mapLines } from '../../../../extension/inline/lineMap.ts';

/** Where the lines `a` to `e` of a text are in another; `~`: the line was changed, `-`: it is gone. */
const mapped = (after: string, before = 'alpha beta|gamma delta|epsilon|zeta eta|theta'): string =>
  mapLines(before.split('|'), after.split('|'))
    .map((place) => (place ? `${place.changed ? '~' : ''}${place.line}` : '-'))
    .join(' ');

const cases: [name: string, after: string, expected: string][] = [
  ['nothing changed', 'alpha beta|gamma delta|epsilon|zeta eta|theta', '0 1 2 3 4'],
  ['indented', '  alpha beta|gamma delta|\tepsilon|zeta eta|theta', '0 1 2 3 4'],
  ['a line changed', 'alpha beta|gamma DELTA|epsilon|zeta eta|theta', '0 ~1 2 3 4'],
  ['a line came first', 'new|alpha beta|gamma delta|epsilon|zeta eta|theta', '1 2 3 4 5'],
  ['a line came between, another went', 'alpha beta|new|gamma delta|zeta eta|theta', '0 2 - 3 4'],
  ['far apart', 'new|alpha beta|gamma delta|epsilon|zeta eta!|theta|end', '1 2 3 ~4 5'],
  [
    'a line changed beside a new one',
    'alpha beta|something|gamma delta2|epsilon|zeta eta|theta',
    '0 ~2 3 4 5',
  ],
  ['broken within', 'alpha|beta|gamma delta|epsilon|zeta eta|theta', '~0 2 3 4 5'],
  ['everything else', 'x|y', '- - - - -'],
  ['empty', '', '- - - - -'],
];

for (const [name, after, expected] of cases) {
  test(`lines are found again: ${name}`, () => {
    assert.equal(mapped(after), expected);
  });
}

test('large parts that differ are compared by what is unique in them', () => {
  const before = Array.from({ length: 900 }, (_, i) => (i % 3 ? `line ${i}` : 'same'));
  const after = before.flatMap((line, i) => (i % 100 === 50 ? ['new', line] : [line])).slice(1);
  const places = mapLines(before, after);
  for (const [i, place] of places.entries()) {
    if (place && !place.changed) assert.equal(after[place.line], before[i]);
  }
  const kept = places.filter((place) => place && !place.changed).length;
  assert.ok(kept >= 600, `${kept} of 900`);
});
