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

test('a PHP error is told by functions, each with the place in it', () => {
  const lines = [
    'TypeError: not like this in /p/index.php:12',
    '#0 C:\\p\\lib.php(20): App\\Service->run()',
    '#1 [internal function]: handler()',
    '#2 {main}',
    'Previous: RuntimeException: first in /p/low.php:3',
    '#0 /p/top.php(7): low()',
    '#1 {main}',
  ];
  const told = parseStack(lines).map(({ text, at }) => (at ? `${text} ${at.file}:${at.line}` : text));
  assert.deepEqual(told, [
    'App\\Service->run /p/index.php:12',
    'handler C:\\p\\lib.php:20',
    'Previous: RuntimeException: first in /p/low.php:3',
    'low /p/low.php:3',
    '{main} /p/top.php:7',
  ]);
});
