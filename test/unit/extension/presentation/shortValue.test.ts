import assert from 'node:assert/strict';
import test from 'node:test';
import { shortValue } from '../../../../extension/presentation/shortValue.ts';

const cases: [value: string, expected: string][] = [
  ['plain', 'plain'],
  ['', ''],
  ['  two\twords ', 'two words'],
  ['{\n  name: "Ann",\n  age: 3\n}', '{ name: "Ann", age: 3 }'],
  ['Map(2) {\n  1 => 2\n}', 'Map(2) { 1 => 2 }'],
  ['first line\nsecond line', 'first line …'],
  ['\u001B[31mred\u001B[39m and \u0007loud', 'red and loud'],
  ['evil \u202Etxt', 'evil txt'],
  ['one two three four five six seven', 'one two three four five six…'],
  ['{ a: 1, bee: 22, cee: 333, dee: 4444 }', '{ a: 1, bee: 22, cee: 333, …}'],
  ['[ 1111, 2222, 3333, 4444, 5555 ]', '[ 1111, 2222, 3333, 4444, …]'],
  ['x'.repeat(60), `${'x'.repeat(29)}…`],
  [`${'x'.repeat(28)}😀yy`, `${'x'.repeat(28)}…`],
];

for (const [value, expected] of cases) {
  test(`shortens ${JSON.stringify(value).slice(0, 40)}`, () => {
    assert.equal(shortValue(value, 30), expected);
    assert.ok(shortValue(value, 30).length <= 30);
  });
}

test('of a value of megabytes only the beginning is looked at', () => {
  assert.equal(shortValue('line\n'.repeat(2_000_000)), 'line …');
  assert.match(shortValue(`{\n${'a: 1,\n'.repeat(2_000_000)}`), /^\{ a: 1,.* …\}$/);
});
