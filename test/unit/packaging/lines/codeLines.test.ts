import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { codeKindOf, codeKinds } from '../../../../runtime/model/codeFiles.ts';
import { codeLines } from '../../../../runtime/packaging/lines/codeLines.ts';
import { declaresOnly, nearestLine } from '../../../../runtime/packaging/lines/nearestLine.ts';
import { pythonOfMachine } from '../../../support/python.ts';

const { javascript, python, go } = codeKinds;
const program = pythonOfMachine();

/** The lines that end with a mark in a comment. */
const marked = (text: string, mark: RegExp) =>
  text.split('\n').flatMap((line, index) => (mark.test(line) ? [index + 1] : []));

const pythonText = [
  '"""What it is for."""',
  '',
  'import time  # code',
  '',
  '# A comment.',
  'class Greeter:  # code',
  '    """Says hello."""',
  '',
  '    def greet(self, name):  # code',
  '        # Politely.',
  '        text = f"Hello, {name}"  # code',
  '        if name:  # code',
  '            return text  # code',
  '        else:',
  '            pass  # code',
  '',
].join('\n');

const goText = [
  '// Package main says hello.',
  'package main',
  '',
  'import (',
  '\t"fmt"',
  ')',
  '',
  'type greeting struct {',
  '\ttext string',
  '}',
  '',
  'const polite = true',
  '',
  'var first = choose() // code',
  '',
  '/* A comment',
  '   func not() { return } */',
  'func choose() string { // code',
  '\tlines := ` // code',
  '// not a comment',
  '}`',
  '\tfmt.Println("// no comment", lines) // code',
  '\treturn "}" // code',
  '}',
  '',
].join('\n');

suite('which lines of a file have code', () => {
  test('files are known by their names', () => {
    const kinds = ['a.ts', 'a.cjs', 'A.PY', 'a.go', 'a.rs', 'a.py.txt', 'go'].map(
      (name) => codeKindOf(`/p/${name}`)?.id,
    );
    assert.deepEqual(kinds, ['javascript', 'javascript', 'python', 'go', undefined, undefined, undefined]);
  });

  test('scripts: neither comments nor types', async () => {
    const text = 'type A = 1;\n// No.\nconst a = 1;\n\nconsole.log(a);\n';
    assert.deepEqual(await codeLines(javascript, '/p/a.ts', text), new Set([3, 5]));
    assert.equal(await codeLines(javascript, '/p/a.d.ts', text), undefined);
    assert.equal(await codeLines(javascript, '/p/a.ts', 'const = ;'), undefined);
  });

  test('Python: as its interpreter compiles it, and nothing of it runs', { skip: !program }, async () => {
    const lines = await codeLines(python, '/p/a.py', pythonText, program);
    const without = marked(pythonText, /# code$/).filter((line) => !lines?.has(line));
    assert.deepEqual(without, []);
    for (const line of [2, 4, 5, 8, 10, 14]) assert.ok(!lines?.has(line), `line ${line}`);
    const harmful = await codeLines(python, '/p/a.py', 'raise SystemExit(1)\n', program);
    assert.deepEqual(harmful, new Set([1]));
    assert.equal(await codeLines(python, '/p/a.py', 'broken = (\n', program), undefined);
  });

  test('Python: without an interpreter nothing is known', async () => {
    assert.equal(await codeLines(python, '/p/a.py', 'a = 1\n'), undefined);
    assert.equal(await codeLines(python, '/p/b.py', 'a = 1\n', '/p/there-is-no-python'), undefined);
  });

  test('Go: what certainly is none is left out', async () => {
    const lines = await codeLines(go, '/p/a.go', goText);
    assert.deepEqual([...(lines ?? [])], marked(goText, /\/\/ code$/));
  });

  test('the nearest line is one that calls come by', () => {
    const lines = (text: string) => new Set(marked(text, /(#|\/\/) code$/));
    assert.equal(nearestLine(10, lines(pythonText), pythonText, python), 11);
    assert.equal(nearestLine(14, lines(pythonText), pythonText, python), 15);
    assert.equal(nearestLine(17, lines(goText), goText, go), 19);
    assert.equal(nearestLine(1, new Set(), '', go), undefined);
  });

  test('declarations run with their module', () => {
    const rows: [string, boolean][] = [
      ['def greet():', true],
      ['    async def greet():', true],
      ['@cached', true],
      ['    import later', false],
      ['definitely = 1', false],
    ];
    for (const [line, is] of rows) assert.equal(declaresOnly(line, python), is, line);
  });
});
