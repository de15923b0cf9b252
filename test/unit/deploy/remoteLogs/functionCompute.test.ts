import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fcWords } from '../../../../runtime/deploy/aliyun-fc/logWords.ts';
import { assembler, overview, type Written } from '../../../support/remoteLogs.ts';

const fc = () => assembler(fcWords);
const whole = (id: string, at: number, ...between: string[]): Written[] => [
  [at, `FC Invoke Start RequestId: ${id}`],
  ...between.map((text): Written => [at + 1, text]),
  [at + 9, `FC Invoke End RequestId: ${id}`],
];

test('a cold invocation with its initializer, and warm ones on the same instance', () => {
  const { changed, owners } = fc().add('c-1', [
    [1, 'FunctionCompute nodejs20 runtime inited.'],
    [2, 'FC Initialize Start RequestId: 1-a'],
    [3, '2026-11-26 09:00:00.003 1-a [info] connecting'],
    [4, 'FC Initialize End RequestId: 1-a'],
    [5, 'load code for handler:index.handler'],
    ...whole('1-a', 6, '2026-11-26 09:00:00.006 1-a [info] hello', 'without an id'),
    [20, 'Duration: 450.38 ms, Billed Duration: 451 ms, Memory Size: 128 MB, Max Memory Used: 16.71 MB'],
    ...whole(
      '1-b',
      30,
      '2026-11-26T09:00:00.006Z 1-b [verbose] older',
      '2023-09-06T04:28:41.79Z 1-b [WARNING] python',
    ),
    [50, 'FC PreFreeze Start RequestId: 1-p'],
    [51, 'FC PreStop Start RequestId: 1-q'],
  ]);
  assert.deepEqual(changed.map(overview), [
    '1-a ok cold 450.38 451 16.71/128: connecting | hello | without an id',
    '1-b ok warm: older | python',
  ]);
  assert.equal(changed[1]!.logs[2]!.level, 'warn');
  assert.equal(owners.get('c-1 0'), undefined, 'the instance, not a request');
  assert.equal(owners.get('c-1 14'), undefined, 'a hook is no invocation');
});

test('a new instance without an initializer is cold; of one whose beginning is not known nothing is said', () => {
  const { changed } = fc().add('c-2', [
    [1, 'FunctionCompute python3.10 runtime inited.'],
    ...whole('a', 2),
    ...whole('b', 3).map(([at, text]): Written => [at, text, 'c-3']),
  ]);
  assert.deepEqual(changed.map(overview), ['a ok cold: ', 'b ok: ']);
});

test('ends with an error, by the platform’s words', () => {
  const end = (id: string, why: string): Written[] => [
    ...whole(id, 1).slice(0, 1),
    [5, `FC Invoke End RequestId: ${id}, Error: ${why}`],
  ];
  const { changed } = fc().add('c', [
    [1, 'FC Invoke Start RequestId: a'],
    [
      2,
      '2026-11-26T09:00:00.006Z a [ERROR] {"errorMessage":"no","errorType":"KeyError","stackTrace":["  File \\"/code/i.py\\", line 3, in h"]}',
    ],
    [5, 'FC Invoke End RequestId: a, Error: Unhandled function error'],
    ...end('b', 'Handled function error'),
    ...end('c', 'Invocation canceled by client (duration: 12ms, maxMemoryUsage: 8MB)'),
    ...end('d', 'Function timed out after 60 seconds (maxMemoryUsage: 8MB)'),
    ...end(
      'e',
      'Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 0MB)',
    ),
  ]);
  assert.deepEqual(changed.map(({ id, status, error }) => [id, status, error?.type, error?.message]).sort(), [
    ['a', 'error', 'KeyError', 'no'],
    ['b', 'error', '', 'Handled function error'],
    ['c', 'interrupted', '', 'Invocation canceled by client (duration: 12ms, maxMemoryUsage: 8MB)'],
    ['d', 'timeout', '', 'Function timed out after 60 seconds (maxMemoryUsage: 8MB)'],
    [
      'e',
      'crashed',
      '',
      'Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 0MB)',
    ],
  ]);
});

test('without instances only lines with an id belong to a request; the log’s own field counts as one', () => {
  const { changed, owners } = fc().add('', [
    [1, 'FC Invoke Start RequestId: a'],
    [2, 'FC Invoke Start RequestId: b'],
    [3, 'whose?'],
    [4, 'of b', '', { requestId: 'b' }],
    [5, 'FC Invoke End RequestId: b'],
    [6, 'perhaps of a'],
  ]);
  assert.deepEqual(changed.map(overview), ['a running: ', 'b ok: of b']);
  assert.deepEqual([owners.get(' 2'), owners.get(' 5')], [undefined, undefined]);
});

const metrics = (fields: object): Partial<{ kind: 'metrics' }> & { text: string } => ({
  kind: 'metrics',
  text: JSON.stringify(fields),
});

test('records of requests tell what lines do not, also where there are no lines', () => {
  const { add } = fc();
  add('c', whole('a', 1, '2026-11-26 09:00:00.006 a [info] hi'));
  const facts = { durationMs: '25.69', memoryMB: '512', memoryUsageMB: '61.5', versionId: '3' };
  const { changed, owners } = add('c', [
    [20, '', 'c', metrics({ ...facts, requestId: 'a', isColdStart: 'true', hasFunctionError: 'false' })],
    [
      30,
      '',
      'd',
      metrics({
        ...facts,
        requestId: 'b',
        isColdStart: 'false',
        hasFunctionError: 'true',
        errorType: 'FunctionTimeoutError',
      }),
    ],
    [31, '', 'd', metrics({ requestId: '' })],
  ]);
  assert.deepEqual(changed.map(overview), [
    'a ok cold 25.69 61.5/512 version 3: hi',
    'b timeout warm 25.69 61.5/512 version 3: ',
  ]);
  assert.equal(changed[1]!.error?.type, 'FunctionTimeoutError');
  assert.equal(owners.get('d 7'), undefined);
});
