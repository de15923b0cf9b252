import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InvocationRecord } from '../../../runtime/model/invocationRecord.ts';
import { readExpectationFile } from '../../../runtime/model/testing/savedEvent.ts';
import type { TestOutcome } from '../../../runtime/model/testing/testCase.ts';
import { findsPattern, RegExpTimeout } from '../../../runtime/support/boundedRegExp.ts';
import { runTest } from '../../../runtime/testing/runTest.ts';
import { recordOf } from '../../support/records.ts';

interface Answer {
  record?: Partial<InvocationRecord>;
  body?: string;
  http?: { status: number; headers?: [string, string][]; body?: string };
}

/** Runs an expectation against prepared answers; the last one is repeated. */
async function run(
  expectation: string,
  answers: Answer[],
  options: { ephemeral?: boolean } = {},
): Promise<TestOutcome & { started: string[] }> {
  const { expected } = readExpectationFile(expectation, '/p/a.expect.yaml');
  const started: string[] = [];
  const at = { file: '/p/a.json', line: 1, column: 1, endLine: 1, endColumn: 1 };
  const outcome = await runTest(
    {
      case: { id: 'f/a', function: 'f', name: 'a', at, files: [] },
      input: { kind: 'event', text: '{}' },
      ...(expected ? { expected } : {}),
    },
    {
      ephemeral: options.ephemeral ?? false,
      redact: (text) => text.replaceAll('s3cret', '***'),
      invoke: async (startKind) => {
        const { record, body = '', http } = answers[Math.min(started.length, answers.length - 1)]!;
        started.push(startKind ?? 'any');
        const answer = http && {
          status: http.status,
          headers: http.headers ?? [],
          body: Buffer.from(http.body ?? ''),
        };
        return {
          record: recordOf(`i${started.length}`, { startKind: startKind ?? 'cold', ...record }),
          body: Buffer.from(body),
          ...(answer ? { answer } : {}),
        };
      },
    },
    new AbortController().signal,
    () => 0,
  );
  return { ...outcome, started };
}

const failed: Partial<InvocationRecord> = {
  status: 'error',
  error: { type: 'TypeError', message: 'no name', stack: [] },
};
const log = (text: string) => [{ t: 0, level: 'info', text, stream: 'stdout' }] as const;

const cases: [name: string, expectation: string, answer: Answer, messages: string[]][] = [
  ['nothing stated: it has to end well', '', {}, []],
  [
    'nothing stated, and it fails',
    '',
    { record: failed },
    ['status: expected ok, but it ended with error, TypeError: no name'],
  ],
  [
    'another status',
    'status: timeout',
    { record: failed },
    ['status: expected timeout, but it ended with error, TypeError: no name'],
  ],
  ['an error by a part', 'error: name', { record: failed }, []],
  ['an error that did not come', 'error: name', {}, ['status: expected a failure, but it ended with ok']],
  [
    'an error of another type and message',
    'error: { type: RangeError, message: { $matches: ^x } }',
    { record: failed },
    [
      'error.type: expected RangeError, but it is TypeError',
      'error.message: expected a text that matches /^x/, but it is "no name"',
    ],
  ],
  ['a result', 'result: { a: 1 }', { body: '{"a":1,"b":2}' }, []],
  ['text that is no JSON', 'result: hello', { body: 'hello' }, []],
  ['JSON text', 'result: hello', { body: '"hello"' }, []],
  ['a number that is text', 'result: "12"', { body: '12' }, []],
  [
    'the code of a result',
    'statusCode: 404',
    { body: '{"statusCode":200}' },
    ['statusCode: expected 404, but it is 200'],
  ],
  [
    'no code in a result',
    'statusCode: 404',
    { body: '1' },
    ['statusCode: expected 404, but the result has none'],
  ],
  [
    'an HTTP answer',
    'statusCode: 201\nheaders: { Content-Type: { $contains: json } }\nresult: { a: 1 }',
    { http: { status: 201, headers: [['content-type', 'application/json']], body: '{"a":1}' } },
    [],
  ],
  [
    'another HTTP answer',
    'statusCode: 201\nheaders: { x: y }',
    { http: { status: 200 } },
    ['statusCode: expected 201, but it is 200', 'headers.x: expected "y", got nothing'],
  ],
  ['a failure as its HTTP answer', 'statusCode: 502', { record: failed, http: { status: 502 } }, []],
  [
    'headers of an event',
    'headers: { x: y }',
    {},
    ['headers: only an HTTP answer has headers; send the event as http, or expect them of the result'],
  ],
  ['a line of the log', 'log: [ell, { $matches: "^h.*o$" }]', { record: { logs: [...log('hello')] } }, []],
  [
    'no such line',
    'log: x',
    { record: { logs: [...log('hello')] } },
    ['log: no line contains "x"; there is 1 line'],
  ],
  [
    'lines of the platform do not count',
    'log: START',
    { record: { logs: [{ ...log('START')[0], stream: 'platform' }] } },
    ['log: expected a line that contains "START", but nothing was logged'],
  ],
  [
    'memory',
    'maxMemory: 64MB',
    { record: { maxMemoryMB: 64.5 } },
    ['maxMemory: expected at most 64MB, but it used 65 MB'],
  ],
  ['secrets stay out', 'result: x', { body: '"s3cret"' }, ['result: expected "x", got "***"']],
];

for (const [name, expectation, answer, messages] of cases) {
  test(name, async () => {
    const outcome = await run(expectation, [answer]);
    assert.deepEqual(
      outcome.failures.map(({ message }) => message),
      messages,
    );
    assert.equal(outcome.status, messages.length > 0 ? 'failed' : 'passed');
  });
}

test('a failure stands where its expectation stands', async () => {
  const { failures } = await run('status: ok\nresult:\n  a:\n    b: 1\n', [{ body: '{"a":{"b":2}}' }]);
  assert.deepEqual(failures[0]?.at, { file: '/p/a.expect.yaml', line: 4, column: 8 });
  const without = await run('', [{ record: failed }]);
  assert.deepEqual(without.failures[0]?.at, { file: '/p/a.json', line: 1, column: 1 });
});

const took = (wallMs: number): Answer => ({ record: { wallMs } });

test('a cold budget forces one cold start, and the median of three when that was too slow', async () => {
  const fast = await run('cold: 100ms', [took(90)]);
  assert.deepEqual([fast.status, fast.started], ['passed', ['cold']]);
  assert.deepEqual(fast.measures, ['cold 90.0 ms (one cold start, from acceptance to answer; budget 100ms)']);
  const outlier = await run('cold: 100ms', [took(300), took(80), took(95)]);
  assert.deepEqual([outlier.status, outlier.started], ['passed', ['cold', 'cold', 'cold']]);
  assert.match(outlier.measures[0]!, /^cold 95\.0 ms \(median of 3 cold starts/);
  const slow = await run('cold: 100ms', [took(300), took(80), took(120)]);
  assert.deepEqual(
    slow.failures.map(({ message }) => message),
    ['cold: expected at most 100ms, but it took 120 ms (median of 3 cold starts, from acceptance to answer)'],
  );
});

test('a warm budget is the median of five warm invocations after one to warm up', async () => {
  const outcome = await run('warm: 2ms', [took(50), took(40), took(1), took(9), took(1), took(3), took(2)]);
  assert.deepEqual([outcome.status, outcome.started], ['passed', ['any', ...Array<string>(6).fill('warm')]]);
  assert.match(outcome.measures[0]!, /^warm 2\.00 ms \(median of 5 warm invocations/);
  const ephemeral = await run('warm: 2ms', [took(1)], { ephemeral: true });
  assert.match(
    ephemeral.failures[0]!.message,
    /^warm: nothing can be measured: the process model of f is ephemeral/,
  );
  const breaks = await run('warm: 2ms', [took(1), { record: failed }]);
  assert.match(
    breaks.failures[0]!.message,
    /invoked again to measure, it ended with error, TypeError: no name/,
  );
});

test('budgets never use invocations under a debugger', async () => {
  const outcome = await run('cold: 1ms\nwarm: 1ms', [{ record: { debugged: true, wallMs: 5000 } }]);
  assert.deepEqual([outcome.status, outcome.started], ['passed', ['cold']]);
  assert.deepEqual(outcome.measures, ['time budgets are not looked at under a debugger']);
});

test('an expression that goes on and on is ended, and the test says so', async () => {
  assert.throws(() => findsPattern('^(a+)+$', `${'a'.repeat(40)}!`), RegExpTimeout);
  const outcome = await run("result: { $matches: '^(a+)+$' }", [{ body: `"${'a'.repeat(40)}!"` }]);
  assert.equal(outcome.status, 'errored');
  assert.match(outcome.reason!, /takes too long/);
});
