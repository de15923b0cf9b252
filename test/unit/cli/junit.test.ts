import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines } from '../../../runtime/cli/diffText.ts';
import { junitXml } from '../../../runtime/cli/junit.ts';
import type { TestOutcome } from '../../../runtime/model/testing/testCase.ts';

const outcome = (name: string, changes: Partial<TestOutcome> = {}): TestOutcome => ({
  id: `hello/${name}`,
  function: 'hello',
  name,
  status: 'passed',
  durationMs: 12.3,
  failures: [],
  measures: [],
  invocations: [],
  logs: [],
  logsDropped: 0,
  ...changes,
});

test('a suite for each function, a case for each event', () => {
  const xml = junitXml(
    [
      outcome('good'),
      outcome('bad', {
        status: 'failed',
        failures: [
          {
            what: 'result',
            message: 'result.a: expected "<1>", got 2',
            expected: '{}',
            actual: '[]',
            at: { file: '/p/events/bad.expect.yaml', line: 3, column: 5 },
          },
        ],
        measures: ['cold 9 ms'],
        logs: [{ t: 0, level: 'info', text: 'a & b', stream: 'stdout' }],
      }),
      outcome('lost', { function: 'other', status: 'errored', reason: 'no such file\nat all' }),
      outcome('left', { function: 'other', status: 'cancelled' }),
    ],
    '/p',
    new Date('2026-01-02T03:04:05.678Z'),
  );
  assert.equal(
    xml.replaceAll('\\', '/'),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="porchlight" tests="4" failures="1" errors="1" skipped="1" time="0.049">
  <testsuite name="hello" tests="2" failures="1" errors="0" skipped="0" time="0.025" timestamp="2026-01-02T03:04:05">
    <testcase name="good" classname="hello" time="0.012"/>
    <testcase name="bad" classname="hello" time="0.012">
      <failure message="result.a: expected &quot;&lt;1&gt;&quot;, got 2" type="result">result.a: expected "&lt;1&gt;", got 2
  at events/bad.expect.yaml:3:5
expected:
{}
actual:
[]</failure>
      <system-out>cold 9 ms
a &amp; b</system-out>
    </testcase>
  </testsuite>
  <testsuite name="other" tests="2" failures="0" errors="1" skipped="1" time="0.025" timestamp="2026-01-02T03:04:05">
    <testcase name="lost" classname="other" time="0.012">
      <error message="no such file" type="NotRun">no such file
at all</error>
    </testcase>
    <testcase name="left" classname="other" time="0.012">
      <skipped message="cancelled"/>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

test('characters that XML cannot hold are replaced, and colours left out', () => {
  const text = 'a\u0000b\u001b[31mred\u001b[0m\u001bc\ud800d\ufffee😀\tf';
  const xml = junitXml(
    [outcome('x"\n<', { logs: [{ t: 0, level: 'info', text, stream: 'stdout' }] })],
    '/p',
    new Date(0),
  );
  assert.match(xml, /<testcase name="x&quot;&#10;&lt;"/);
  assert.match(xml, /<system-out>a\ufffdbred\ufffdc\ufffdd\ufffde😀\tf<\/system-out>/u);
});

test('a log is cut at its beginning', () => {
  const logs = Array.from({ length: 3000 }, (_, i) => ({
    t: i,
    level: 'info' as const,
    text: `line ${i} ${'x'.repeat(50)}`,
    stream: 'stdout' as const,
  }));
  const xml = junitXml([outcome('long', { logs })], '/p', new Date(0));
  assert.ok(xml.length < 70_000, String(xml.length));
  assert.match(xml, /the beginning is left out/);
  assert.match(xml, /line 2999 /);
});

test('a comparison by lines keeps a few that are the same around what differs', () => {
  const lines = Array.from({ length: 12 }, (_, i) => `line ${i}`);
  const shown = diffLines(lines.join('\n'), lines.with(6, 'other').join('\n')).map(
    ({ kind, text }) => ({ same: ' ', expected: '-', actual: '+' })[kind] + text,
  );
  assert.deepEqual(shown, [
    ' …',
    ' line 3',
    ' line 4',
    ' line 5',
    '-line 6',
    '+other',
    ' line 7',
    ' line 8',
    ' line 9',
    ' …',
  ]);
});
