import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lambdaWords } from '../../../../runtime/deploy/aws-lambda/logWords.ts';
import { assembler, overview, type Written } from '../../../support/remoteLogs.ts';

const lambda = () => assembler(lambdaWords);
const report = (id: string, more = ''): string =>
  `REPORT RequestId: ${id}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 65 MB\t${more}`;
const whole = (id: string, at: number, ...between: string[]): Written[] => [
  [at, `START RequestId: ${id} Version: 7`],
  ...between.map((text): Written => [at + 1, text]),
  [at + 9, `END RequestId: ${id}`],
  [at + 9, report(id)],
];

test('a cold and a warm invocation, with what the report says', () => {
  const { add } = lambda();
  const { changed, owners } = add('s', [
    [
      1000,
      'INIT_START Runtime Version: nodejs:22.v3\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:1',
    ],
    [1100, 'loading the catalogue'],
    [1200, 'EXTENSION\tName: insights\tState: Ready\tEvents: [INVOKE,SHUTDOWN]'],
    [1300, 'START RequestId: r1 Version: $LATEST'],
    [1301, '2026-11-26T09:00:00.301Z\tr1\tINFO\tfirst\rsecond'],
    [1302, 'a line without an id'],
    [1312, 'END RequestId: r1'],
    [1312, report('r1', 'Init Duration: 165.12 ms\tXRAY TraceId: 1-5\tSegmentId: 2\tSampled: true\t')],
    ...whole('r2', 2000, '2026-11-26T09:00:01.000Z\tr2\tWARN\tcareful'),
  ]);
  assert.deepEqual(changed.map(overview), [
    'r1 ok cold 12.34+165.12 13 65/128 version $LATEST: first\nsecond | a line without an id',
    'r2 ok warm 12.34 13 65/128 version 7: careful',
  ]);
  assert.deepEqual(
    changed[0]!.logs.map(({ t, level, stream }) => [t, level, stream]),
    [
      [0, 'info', 'platform'],
      [1000, 'info', 'stdout'],
      [2000, 'info', 'stdout'],
      [12_000, 'info', 'platform'],
      [12_000, 'info', 'platform'],
    ],
  );
  assert.equal(changed[0]!.startedAt, 1300);
  assert.equal(changed[1]!.logs[1]!.stream, 'stderr');
  assert.deepEqual(
    ['s 0', 's 1', 's 2', 's 3'].map((id) => owners.get(id)),
    [undefined, undefined, undefined, 'r1'],
    'what is printed while an environment starts is no request’s',
  );
});

test('lines of two environments are told apart by their streams', () => {
  const { add } = lambda();
  const { changed } = add('', [
    [1, 'START RequestId: r1 Version: 1', 'a'],
    [2, 'START RequestId: r2 Version: 1', 'b'],
    [3, 'of one', 'a'],
    [4, 'of two', 'b'],
    [5, 'END RequestId: r2', 'b'],
    [6, 'of one again', 'a'],
    [7, report('r2'), 'b'],
  ]);
  assert.deepEqual(changed.map(overview), [
    'r1 running version 1: of one | of one again',
    'r2 ok warm 12.34 13 65/128 version 1: of two',
  ]);
});

test('lines that come in any order end up the same', () => {
  const lines = [...whole('r1', 10, 'one'), ...whole('r2', 100, 'two')];
  const want = lambda().add('s', lines).changed;
  const { add } = lambda();
  const parts = [lines[5]!, lines[3]!, lines[0]!, lines[7]!, lines[1]!, lines[6]!, lines[4]!, lines[2]!];
  const last = new Map(parts.flatMap((line) => add('s', [line]).changed).map((one) => [one.id, one]));
  assert.deepEqual([...last.values()].map(overview).sort(), want.map(overview));
});

test('an end whose beginning is older than what was asked for still has its lines', () => {
  const { add } = lambda();
  const { changed, owners } = add('s', [
    [1, 'the last of it'],
    [2, 'END RequestId: r0'],
    [2, report('r0')],
    [3, 'in between'],
    ...whole('r1', 10),
  ]);
  assert.deepEqual(changed.map(overview), [
    'r0 ok warm 12.34 13 65/128: the last of it',
    'r1 ok warm 12.34 13 65/128 version 7: ',
  ]);
  assert.equal(owners.get('s 3'), undefined);
});

test('nothing is told twice, and what is known is told again when there is more', () => {
  const { add } = lambda();
  assert.equal(add('s', whole('r1', 10)).changed.length, 1);
  assert.deepEqual(add('s', [[30, 'between two']]).changed, []);
  const [late] = add('s', [[15, '2026-11-26T09:00:00.000Z\tr1\tINFO\tlate']]).changed;
  assert.deepEqual(
    late!.logs.map(({ text }) => text.slice(0, 5)),
    ['START', 'late', 'END R', 'REPOR'],
  );
});

test('a request that is tried again is two invocations', () => {
  const { add } = lambda();
  const { changed } = add('', [
    ...whole('r1', 10).map(([at, text]): Written => [at, text, 'a']),
    ...whole('r1', 70_000).map(([at, text]): Written => [at, text, 'b']),
    ...whole('r1', 190_000).map(([at, text]): Written => [at, text, 'a']),
  ]);
  assert.deepEqual(
    changed.map(({ id, requestId, instance }) => [id, requestId, instance]),
    [
      ['r1', 'r1', 'a'],
      ['r1 (2)', 'r1', 'b'],
      ['r1 (3)', 'r1', 'a'],
    ],
  );
  // Long after, in the same environment.
  add('a', [[900_000, 'later']]);
  const again = add('a', whole('r1', 1_000_000));
  assert.deepEqual(
    again.changed.map(({ id }) => id),
    ['r1 (4)'],
  );
});

test('what is long over stays as it was told', () => {
  const { add } = lambda();
  add('s', whole('r1', 10));
  add('s', whole('r2', 500_000));
  const { changed, owners } = add('s', [[12, '2026-11-26T09:00:00.000Z\tr1\tINFO\tvery late']]);
  assert.deepEqual(changed, []);
  assert.equal(owners.size, 3, 'of the other one');
});

test('failures of the handler, with their stacks', () => {
  const error = {
    errorType: 'TypeError',
    errorMessage: 'no name',
    stack: ['TypeError: no name', '    at h (/var/task/a.js:3:5)'],
  };
  const { changed } = lambda().add('s', [
    ...whole('r1', 10, `2026-11-26T09:00:00.000Z\tr1\tERROR\tInvoke Error \t${JSON.stringify(error)}`),
    ...whole(
      'r2',
      20,
      '[ERROR] KeyError: \'name\'\rTraceback (most recent call last):\r\u00a0\u00a0File "/var/task/app.py", line 5, in handler\r\u00a0\u00a0\u00a0\u00a0return event["name"]',
    ),
    ...whole('r3', 30, '{"errorMessage":"no such order","errorType":"errorString"}'),
    ...whole(
      'r4',
      40,
      '2026-11-26T09:00:00.000Z\tr4\tERROR\tonly said',
      '[ERROR]\t2026-11-26T09:00:00.000Z\tr4\tlogged',
    ),
  ]);
  assert.deepEqual(
    changed.map(({ id, status, error: why }) => [id, status, why && `${why.type}: ${why.message}`]),
    [
      ['r1', 'error', 'TypeError: no name'],
      ['r2', 'error', "KeyError: 'name'"],
      ['r3', 'error', 'errorString: no such order'],
      ['r4', 'ok', undefined],
    ],
  );
  assert.deepEqual(changed[1]!.error!.stack, [
    '  File "/var/task/app.py", line 5, in handler',
    '    return event["name"]',
  ]);
  assert.deepEqual(
    changed[3]!.logs.filter(({ level }) => level === 'error').map(({ text }) => text),
    ['only said', 'logged'],
  );
});

test('time-outs, ended processes, used up memory and code that does not load', () => {
  const { changed } = lambda().add('s', [
    ...whole('r1', 10).slice(0, -1),
    [19, report('r1', 'Status: timeout')],
    [20, '2026-11-26T09:00:03.000Z r1 Task timed out after 3.00 seconds'],
    ...whole('r2', 30),
    [40, 'RequestId: r2 Error: Runtime exited with error: exit status 1'],
    [40, 'Runtime.ExitError'],
    ...whole('r3', 50).slice(0, -1),
    [
      60,
      'REPORT RequestId: r3\tDuration: 900.00 ms\tBilled Duration: 900 ms\tMemory Size: 128 MB\tMax Memory Used: 128 MB\t',
    ],
    [60, 'RequestId: r3 Error: Runtime exited with error: signal: killed'],
    [60, 'Runtime.ExitError'],
    [
      70,
      'INIT_REPORT Init Duration: 90.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError',
    ],
    [71, 'START RequestId: r4 Version: 1'],
    [
      72,
      '2026-11-26T09:00:00.000Z\tundefined\tERROR\tUncaught Exception \t{"errorType":"Runtime.ImportModuleError","errorMessage":"Cannot find module \'x\'","stack":[]}',
    ],
    [
      73,
      'INIT_REPORT Init Duration: 80.00 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ImportModuleError',
    ],
    [74, 'END RequestId: r4'],
    [74, report('r4', 'Status: error\tError Type: Runtime.ImportModuleError')],
  ]);
  assert.deepEqual(
    changed.map(({ id, status, startKind, error }) => [
      id,
      status,
      startKind,
      `${error?.type}: ${error?.message}`,
    ]),
    [
      ['r1', 'timeout', 'warm', ': Task timed out after 3.00 seconds'],
      ['r2', 'crashed', 'warm', 'Runtime.ExitError: Runtime exited with error: exit status 1'],
      ['r3', 'oom', 'warm', 'Runtime.ExitError: Runtime exited with error: signal: killed'],
      ['r4', 'error', 'cold', "Runtime.ImportModuleError: Cannot find module 'x'"],
    ],
  );
});

const event = (type: string, record: object): string =>
  JSON.stringify({ time: '2026-11-26T09:00:00.000Z', type, record });

test("Lambda's JSON format", () => {
  const metrics = { durationMs: 4.2, billedDurationMs: 5, memorySizeMB: 256, maxMemoryUsedMB: 80 };
  const { changed, owners } = lambda().add('s', [
    [1, event('platform.initStart', { initializationType: 'on-demand', phase: 'init' })],
    [2, event('platform.start', { requestId: 'j1', version: '4' })],
    [3, '{"timestamp":"2026-11-26T09:00:00.000Z","level":"INFO","requestId":"j1","message":"hello"}'],
    [4, 'printed past the logger'],
    [5, '{"timestamp":"t","level":"DEBUG","requestId":"j1","message":{"user":7}}'],
    [6, event('platform.runtimeDone', { requestId: 'j1', status: 'success' })],
    [
      7,
      event('platform.report', {
        requestId: 'j1',
        status: 'success',
        metrics: { ...metrics, initDurationMs: 90 },
      }),
    ],
    [10, event('platform.start', { requestId: 'j2', version: '4' })],
    [
      11,
      '{"timestamp":"t","level":"ERROR","requestId":"j2","message":{"errorType":"RangeError","errorMessage":"too far","stackTrace":["RangeError: too far","    at f (/var/task/b.mjs:1:2)"]}}',
    ],
    [12, event('platform.runtimeDone', { requestId: 'j2', status: 'error', errorType: 'RangeError' })],
    [13, event('platform.report', { requestId: 'j2', status: 'error', errorType: 'RangeError', metrics })],
    [20, event('platform.start', { requestId: 'j3', version: '4' })],
    [21, '{"level":"INFO","message":"of somebody else","requestId":"gateway-1"}'],
    [22, '{"level":"ERROR","message":"told and handled","errorType":"E","errorMessage":"m"}'],
    [23, event('platform.report', { requestId: 'j3', status: 'timeout', metrics })],
  ]);
  assert.deepEqual(changed.map(overview), [
    'j1 ok cold 4.2+90 5 80/256 version 4: hello | printed past the logger | {"user":7}',
    'j2 error warm 4.2 5 80/256 version 4: RangeError: too far',
    'j3 timeout warm 4.2 5 80/256 version 4: of somebody else | told and handled',
  ]);
  assert.deepEqual(changed[1]!.error?.stack.at(-1), '    at f (/var/task/b.mjs:1:2)');
  assert.equal(owners.get('s 0'), undefined);
});

test('an environment that takes several requests at a time: only lines that say whose they are belong to one', () => {
  const { changed, owners } = lambda().add('s', [
    [1, event('platform.start', { requestId: 'a' })],
    [2, event('platform.start', { requestId: 'b' })],
    [3, 'whose?'],
    [4, '{"level":"INFO","requestId":"b","message":"mine"}'],
    [5, event('platform.runtimeDone', { requestId: 'a', status: 'success' })],
    [6, 'of the one that is left'],
  ]);
  assert.deepEqual(changed.map(overview), ['a running: ', 'b running: mine | of the one that is left']);
  assert.equal(owners.get('s 2'), undefined);
});

test('logs are bounded', () => {
  const { changed } = lambda().add('s', [
    [1, 'START RequestId: r Version: 1'],
    ...Array.from({ length: 1500 }, (_, index): Written => [2, `${index} ${'x'.repeat(40_000)}`]),
  ]);
  assert.equal(changed[0]!.logs.length, 1000);
  assert.equal(changed[0]!.logsDropped, 501);
  assert.equal(changed[0]!.logs[1]!.text.length, 32 * 1024);
});
