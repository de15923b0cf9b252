import assert from 'node:assert/strict';
import test from 'node:test';
import { mapLines } from '../../../../extension/inline/lineMap.ts';
import { makeMarks, placeMarks, type Mark } from '../../../../extension/inline/marks.ts';
import type { LogEntry } from '../../../../runtime/model/invocationRecord.ts';

const at = (line: number) => ({ file: '/p/a.ts', line, column: 1 });

const entry = (line: number, text: string, level: LogEntry['level'] = 'info'): LogEntry => ({
  t: 0,
  level,
  text,
  stream: 'stdout',
  at: at(line),
});

const shown = (marks: Mark[]): string[] => marks.map((mark) => `${mark.line} ${mark.level}: ${mark.text}`);

test('each line shows its last value and how often it printed', () => {
  const entries = [
    entry(3, 'a'),
    entry(5, 'x'),
    entry(3, '{\n  c\n}'),
    entry(7, 'hm', 'warn'),
    entry(9, 'oh', 'error'),
  ];
  const marks = makeMarks({ entries });
  assert.deepEqual(shown(marks), ['2 log: { c }  ×2', '4 log: x', '6 warn: hm', '8 error: oh']);
  assert.deepEqual(marks[0]?.values, ['a', '{\n  c\n}']);
});

test('long values are cut, many values bounded', () => {
  const entries = Array.from({ length: 100 }, (_, i) => entry(1, `${i} ${'x'.repeat(200)}`));
  const [mark] = makeMarks({ entries });
  assert.equal(mark?.count, 100);
  assert.equal(mark?.values.length, 20);
  assert.match(mark?.text ?? '', /^99 x+… {2}×100$/);
});

test('an error is shown where it was thrown, by its first line, in front of what the line printed', () => {
  const error = { type: 'TypeError', message: 'no name\nat all', stack: [], at: at(3) };
  const [mark] = makeMarks({ entries: [entry(3, 'a')], error });
  assert.deepEqual(shown([mark!]), ['2 thrown: TypeError: no name']);
  assert.deepEqual(mark?.values, ['a']);
});

test('a warning is shown where it began, below what the line printed', () => {
  const warnings = [
    { kind: 'openWork' as const, text: 'open', at: at(3) },
    { kind: 'openWork' as const, text: 'left', at: at(4) },
    { kind: 'carriedState' as const, text: 'carried', at: at(6) },
    { kind: 'carriedState' as const, text: 'nowhere' },
  ];
  const found = makeMarks({ entries: [entry(3, 'a')], warnings });
  assert.deepEqual(shown(found), ['2 log: a', '3 warn: left', '5 log: carried']);
  assert.deepEqual(found[0]?.warnings, ['open']);
});

/** Marks of lines that ran as `ran`, in a file saved as `saved` of which the editor shows `now`. */
function placed(ran: string, saved: string, now: string): string[] {
  const lines = ran.split('|');
  const marks = makeMarks({ entries: lines.map((text, index) => entry(index + 1, text)) });
  const map = (to: string) => mapLines(lines, to.split('|'));
  const places = { saved: map(saved), now: map(now), older: saved !== ran };
  return placeMarks(marks, places).map(({ line, text, state }) => `${line} ${text} ${state}`);
}

test('a line that is being changed dims, and its value goes when the change is saved', () => {
  assert.deepEqual(placed('one|two', 'one|two', 'one|two!'), ['0 one current', '1 two edited']);
  assert.deepEqual(placed('one|two', 'one|two!', 'one|two!'), ['0 one older']);
  assert.deepEqual(placed('one|two', 'one|two!', 'one|two'), ['0 one older']);
});

test('a line that is taken out has no value', () => {
  assert.deepEqual(placed('one|two', 'one|two', 'two'), ['0 two current']);
});
