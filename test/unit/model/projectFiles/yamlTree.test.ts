import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toPlain } from '../../../../runtime/model/projectFiles/tree.ts';
import { readYaml } from '../../../../runtime/model/projectFiles/yamlTree.ts';

const cases: [what: string, text: string, value: unknown, problems: string[]][] = [
  ['nothing', '', undefined, []],
  ['a comment only', '# hello\n', undefined, []],
  ['anchors and merge keys', 'a: &x {k: 1}\nb: {<<: *x, z: 2}', { a: { k: 1 }, b: { k: 1, z: 2 } }, []],
  ['an own key over a merged one', 'a: &x {k: 1}\nb: {k: 3, <<: *x}', { a: { k: 1 }, b: { k: 3 } }, []],
  ['a list at the top', '- 1', undefined, ['1:1 expected keys with values']],
  ['a key twice', 'a: 1\na: 2', { a: 2 }, ['2:1 the same key stands here twice']],
  ['an open quote', 'a:\n  b: "x\nd: 2\n', { a: { b: 'x d: 2' } }, ['2:6 a closing quote is missing']],
  ['a tab', 'a: 1\n\tb: 2', { a: 1, b: 2 }, ['2:1 a tab stands where YAML wants spaces']],
  ['two colons', 'a: b: c\nd: 1', { a: { b: 'c', d: 1 } }, ['1:4 a second ": " stands in this value']],
  ['a missing anchor', 'a: *nope\nb: 1', { b: 1 }, ['1:4 no anchor &nope stands above']],
  ['an anchor in itself', 'a: &x [*x]', { a: [undefined] }, ['1:7 deeper, larger or more entangled']],
  ['two documents', 'a: 1\n---\nb: 1', { a: 1 }, ['2:1 a second document begins here']],
  ['a hostile key', '__proto__: {polluted: true}', JSON.parse('{"__proto__":{"polluted":true}}'), []],
  [
    'a flow collection that ends too far left',
    "a:\n  b: !If [X, {\n    k: '}', # }\n    m: {\n  }\n  }, 1]\n  c: 2\n",
    { a: { b: ['X', { k: '}', m: {} }, 1], c: 2 } },
    [],
  ],
  ['one that never ends', 'a: {\nb: 1\nc: 2', { a: {}, b: 1, c: 2 }, ['2:1 the indentation does not fit']],
  ['numbers and text', 'a: 007\nb: "007"\nc: yes\nd: true', { a: 7, b: '007', c: 'yes', d: true }, []],
];

for (const [what, text, value, problems] of cases) {
  test(`YAML with ${what}`, () => {
    const source = readYaml(text, '/f.yaml');
    assert.deepEqual(toPlain(source.tree), value);
    const shown = source.problems.problems.map(
      (problem) => `${problem.line}:${problem.column} ${problem.message}`,
    );
    assert.equal(shown.length, problems.length, shown.join('\n'));
    problems.forEach((expected, index) => {
      const [place, ...words] = expected.split(' ');
      assert.ok(
        shown[index]!.startsWith(`${place} `) && shown[index]!.includes(words.join(' ')),
        shown[index],
      );
    });
  });
}

test('a bomb of anchors is cut', () => {
  const levels = Array.from(
    { length: 12 },
    (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(',')}]`,
  );
  const { problems } = readYaml(['a0: &a0 [x,x,x,x,x,x,x,x,x,x]', ...levels].join('\n'), '/f.yaml');
  assert.equal(problems.problems.length, 1);
});

test('deep nesting is cut instead of overflowing the stack', () => {
  const { problems } = readYaml(`a: ${'['.repeat(900)}${']'.repeat(900)}`, '/f.yaml');
  assert.ok(problems.problems.length >= 1);
});

test('a file that is too long is not parsed', () => {
  const { tree, problems } = readYaml(`a: ${'x'.repeat(2_000_001)}`, '/f.yaml');
  assert.equal(tree, undefined);
  assert.match(problems.problems[0]!.message, /2000004 characters/);
});
