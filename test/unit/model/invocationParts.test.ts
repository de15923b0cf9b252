import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differs, partPairs } from '../../../runtime/model/invocationParts.ts';
import type { InvocationRecord } from '../../../runtime/model/invocationRecord.ts';
import { bodyOf, recordOf } from '../../support/records.ts';

const original = recordOf('id-of-first', {
  event: bodyOf('{"b":1,"a":{"id":"id-of-first"}}'),
  result: bodyOf('{"requestId":"id-of-first"}'),
  label: 'GET /hello',
  trigger: 'http',
  logs: [
    { t: 1, level: 'info', text: 'START RequestId: id-of-first', stream: 'platform' },
    {
      t: 2,
      level: 'warn',
      text: 'mind\nthis',
      stream: 'stderr',
      at: { file: '/p/a.ts', line: 3, column: 1 },
    },
  ],
});
const textsOf = (record: InvocationRecord, other = record) =>
  Object.fromEntries(partPairs(record, other).map(({ name, before }) => [name, before.text]));

test('a replay that did the same differs in its phases only', () => {
  const replay = {
    ...original,
    id: 'id-of-second',
    replayOf: original.id,
    receivedAt: original.receivedAt + 1000,
    result: bodyOf('{"requestId":"id-of-second"}'),
    phases: [{ name: 'handler' as const, startUs: 100, durationUs: 9900 }],
    durationMs: 9.9,
    logs: original.logs.map((entry) => ({ ...entry, t: entry.t + 500 })),
  };
  const pairs = partPairs(original, replay);
  assert.deepEqual(
    pairs.filter(differs).map(({ name }) => name),
    ['phases'],
  );
});

test('what each part looks like', () => {
  const record = {
    ...original,
    status: 'error' as const,
    error: {
      type: 'TypeError',
      message: 'no\nname',
      stack: ['TypeError: no', 'name', '    at handler (/p/a.ts:3:9)'],
      at: { file: '/p/a.ts', line: 3, column: 9 },
    },
    clientContext: { custom: 1 },
    notes: ['New instance because the code changed.'],
    warnings: [{ kind: 'openWork' as const, text: 'A timer was left.' }],
    logsDropped: 4,
    phases: [
      { name: 'boot' as const, startUs: 0, durationUs: 41_200 },
      { name: 'handler' as const, startUs: 41_200, durationUs: 1_234_500 },
    ],
  };
  assert.deepEqual(textsOf(record), {
    overview: `function: hello
status: error
start: warm
code: a1
trigger: http
called: GET /hello
memory limit: 128 MB
client context: {"custom":1}

error: TypeError: no
name
  at /p/a.ts:3:9
  at handler (/p/a.ts:3:9)

warning: A timer was left.

note: New instance because the code changed.
`,
    event: '{\n  "b": 1,\n  "a": {\n    "id": "<request id>"\n  }\n}\n',
    result: '{\n  "requestId": "<request id>"\n}\n',
    log: 'WARN  mind\nthis  (a.ts:3)\n(4 more lines were not recorded)\n',
    phases: `phase       begins, ms   lasts, ms
boot               0.0        41.2
handler           41.2      1234.5
in all                      1275.7
`,
  });
});

test('bodies that are no JSON, cut, binary or missing', () => {
  const bodies: [InvocationRecord['result'], string][] = [
    [undefined, ''],
    [bodyOf('plain'), 'plain\n'],
    [bodyOf(''), ''],
    [{ encoding: 'utf8', data: '{"a', size: 900, truncated: true }, '{"a\n\n(cut: 900 bytes in all)\n'],
    [{ encoding: 'base64', data: 'A'.repeat(80), size: 60, truncated: false }, `${'A'.repeat(76)}\nAAAA\n`],
  ];
  for (const [result, text] of bodies) {
    const { result: _, ...rest } = original;
    assert.equal(textsOf(result ? { ...rest, result } : rest)['result'], text);
  }
});
