import assert from 'node:assert/strict';
import test from 'node:test';
import { makeMarks, moveMarks, type Mark } from '../../../../extension/inline/marks.ts';
import type { LogEntry } from '../../../../runtime/model/invocationRecord.ts';

const entry = (line: number, text: string, level: LogEntry['level'] = 'info'): LogEntry => ({
  t: 0,
  level,
  text,
  stream: 'stdout',
  at: { file: '/p/a.ts', line, column: 1 },
});

const shown = (marks: Mark[]): string[] =>
  marks.map((mark) => `${mark.line}: ${mark.isError ? '! ' : ''}${mark.text}`);

test('each line shows its last value and how often it printed', () => {
  const marks = makeMarks([entry(3, 'a'), entry(5, 'x'), entry(3, 'b\n  c'), entry(9, 'oh', 'error')]);
  assert.deepEqual(shown(marks), ['2: b c  ×2', '4: x', '8: ! oh']);
  assert.deepEqual(marks[0]?.values, ['a', 'b\n  c']);
});

test('long values are cut, many values bounded', () => {
  const marks = makeMarks(Array.from({ length: 100 }, (_, i) => entry(1, `${i} ${'x'.repeat(200)}`)));
  assert.equal(marks[0]?.count, 100);
  assert.equal(marks[0]?.values.length, 20);
  assert.match(marks[0]?.text ?? '', /^99 x+… {2}×100$/);
});

test('an error is shown where it was thrown', () => {
  const error = {
    type: 'TypeError',
    message: 'no name',
    stack: [],
    at: { file: '/p/a.ts', line: 4, column: 1 },
  };
  assert.deepEqual(shown(makeMarks([entry(3, 'a')], error)), ['2: a', '3: ! TypeError: no name']);
});

test('a warning is shown where it began, below what the line printed', () => {
  const warning = (line: number, text: string) => ({
    kind: 'openWork' as const,
    text,
    at: { file: '/p/a.ts', line, column: 1 },
  });
  const found = makeMarks([entry(3, 'a')], undefined, [
    warning(3, 'open'),
    warning(4, 'left'),
    { kind: 'carriedState', text: 'nowhere' },
  ]);
  assert.deepEqual(shown(found), ['2: a', '3: left']);
  assert.deepEqual(found[0]?.values, ['a', 'open']);
});

const marks: Mark[] = [2, 5, 8].map((line) => ({ line, text: 'v', isError: false, values: ['v'], count: 1 }));
const lineLength = () => 10;

const edits: [name: string, edit: [number, number, number, number, string], expected: number[]][] = [
  ['typing in a marked line drops its mark', [5, 3, 5, 3, 'x'], [2, 8]],
  ['typing in another line changes nothing', [4, 3, 4, 3, 'x'], [2, 5, 8]],
  ['a new line above moves the marks below', [3, 10, 3, 10, '\n  '], [2, 6, 9]],
  ['a new line after a marked line keeps its mark', [5, 10, 5, 10, '\n'], [2, 5, 9]],
  ['a new line before a marked line takes it along', [5, 0, 5, 0, '\n'], [2, 6, 9]],
  ['a new line within a marked line drops its mark', [5, 4, 5, 4, '\n'], [2, 9]],
  ['removing whole lines moves the marks below', [3, 0, 5, 0, ''], [2, 3, 6]],
  ['removing a marked line drops its mark', [5, 0, 6, 0, ''], [2, 7]],
  ['replacing everything drops all', [0, 0, 20, 0, 'x\n'], []],
];

for (const [name, [startLine, startCharacter, endLine, endCharacter, text], expected] of edits) {
  test(name, () => {
    const moved = moveMarks(marks, { startLine, startCharacter, endLine, endCharacter, text }, lineLength);
    assert.deepEqual(
      moved.map((mark) => mark.line),
      expected,
    );
  });
}
