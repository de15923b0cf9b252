import assert from 'node:assert/strict';
import test from 'node:test';
import { parseStack } from '../../../../extension/presentation/stackFrame.ts';

const lines: [line: string, expected: string][] = [
  ['    at greet (/p/src/hello.ts:12:7)', 'greet /p/src/hello.ts:12:7'],
  ['at async Object.handler (/p/src/hello.ts:7:3)', 'async Object.handler /p/src/hello.ts:7:3'],
  ['at /p/my files/a.js:1:2', '<anonymous> /p/my files/a.js:1:2'],
  ['at async file:///p/a%20b.mjs:3:4', '<anonymous> /p/a b.mjs:3:4'],
  ['at run (file:///C:/p/a.js:1:2)', 'run C:/p/a.js:1:2'],
  ['at run (C:\\p\\a.js:1:2)', 'run C:\\p\\a.js:1:2'],
  ['at new Promise (<anonymous>)', 'at new Promise (<anonymous>)'],
  [
    'at process.processTicks (node:internal/process/task_queues:105:5)',
    'at process.processTicks (node:internal/process/task_queues:105:5)',
  ],
];

for (const [line, expected] of lines) {
  test(`reads ${line.trim()}`, () => {
    const [frame] = parseStack([line]);
    const at = frame?.at ? ` ${frame.at.file}:${frame.at.line}:${frame.at.column}` : '';
    assert.equal(`${frame?.text}${at}`, expected);
  });
}

test('the message before the frames is left out', () => {
  assert.deepEqual(
    parseStack(['Error: first', 'second line', '    at a (/p/a.js:1:1)']).map((frame) => frame.text),
    ['a'],
  );
});

test('a Python traceback is told from its innermost frame on', () => {
  const lines = [
    'Traceback (most recent call last):',
    '  File "/p/main.py", line 9, in handler',
    '    return divide(event)',
    '  File "C:\\p\\lib.py", line 3, in divide',
    '    return 1 / 0',
  ];
  assert.deepEqual(parseStack(lines), [
    { text: 'divide', at: { file: 'C:\\p\\lib.py', line: 3, column: 1 } },
    { text: 'handler', at: { file: '/p/main.py', line: 9, column: 1 } },
  ]);
});

test('a PHP error is told from where it was thrown, with the calls that led there', () => {
  const lines = [
    'TypeError: not like this in /p/index.php:12',
    '#0 C:\\p\\lib.php(20): App\\Service->run()',
    '#1 [internal function]: {closure}()',
    '#2 {main}',
  ];
  assert.deepEqual(parseStack(lines), [
    { text: lines[0], at: { file: '/p/index.php', line: 12, column: 1 } },
    { text: 'App\\Service->run()', at: { file: 'C:\\p\\lib.php', line: 20, column: 1 } },
  ]);
});
