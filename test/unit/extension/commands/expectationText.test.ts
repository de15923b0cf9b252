import assert from 'node:assert/strict';
import test from 'node:test';
import { expectationText } from '../../../../extension/commands/expectationText.ts';
import { match } from '../../../../runtime/model/testing/match.ts';
import { faultOf, readExpectationFile } from '../../../../runtime/model/testing/savedEvent.ts';
import { bodyOf, recordOf } from '../../../support/records.ts';

/** What stands below the comments. */
const textOf = (result: string): string =>
  expectationText(recordOf('id-1', { result: bodyOf(result) }), 'a')!.replace(/^#.*\n/gm, '');

const cases: [result: string, text: string][] = [
  ['', 'status: ok\n'],
  ['12', 'status: ok\nresult: 12\n'],
  ['"yes"', 'status: ok\nresult: "yes"\n'],
  ['plain text', 'status: ok\nresult: plain text\n'],
  ['{"a":1,"b":[],"c":{},"d":null}', 'status: ok\nresult:\n  a: 1\n  b: []\n  c: {}\n  d: null\n'],
  [
    '{"list":[1,{"x":"y","z":[true]},[2,[3]]]}',
    'status: ok\nresult:\n  list:\n    - 1\n    - x: "y"\n      z:\n        - true\n    -\n      - 2\n      -\n        - 3\n',
  ],
  [
    '{"requestId":"id-1","uuid":"3f0c1d9e-8a94-4a3e-9f0b-1c2d3e4f5a6b","at":"2026-01-02T03:04:05Z"}',
    'status: ok\nresult:\n  requestId: { $any: string }\n  uuid: { $matches: "^[0-9a-fA-F-]{36}$" }\n  at: { $matches: \'^\\d{4}-\\d\\d-\\d\\dT\' }\n',
  ],
  [
    '{"statusCode":200,"body":"{\\"total\\":3}"}',
    'status: ok\nresult:\n  statusCode: 200\n  body:\n    $json:\n      total: 3\n',
  ],
  ['{"$any":1,"b c":"#: x"}', 'status: ok\nresult:\n  $exactly:\n    $any: 1\n    "b c": "#: x"\n'],
];

for (const [result, text] of cases) {
  test(`the expectation of ${result} is readable, valid and fulfilled`, () => {
    assert.equal(textOf(result), text);
    const { problems, expected } = readExpectationFile(text, '/p/a.expect.yaml');
    assert.equal(faultOf(problems), undefined);
    const pattern = expected!.expectation.result;
    if (pattern === undefined) return;
    let value: unknown = result;
    try {
      value = JSON.parse(result);
    } catch {
      // Text that is no JSON.
    }
    const finds = (expression: string, where: string): boolean => new RegExp(expression, 'u').test(where);
    assert.deepEqual(match(pattern, value, finds).mismatches, []);
  });
}

test('a failure is expected by type and message; a result that was cut is not expected', () => {
  const error = { type: 'TypeError', message: 'no: name', stack: [] };
  const failed = expectationText(recordOf('x', { status: 'error', error }), 'a')!;
  assert.match(failed, /\nstatus: error\nerror:\n {2}type: TypeError\n {2}message: "no: name"\n$/);
  const cut = recordOf('x', { result: { ...bodyOf('{}'), truncated: true } });
  assert.equal(expectationText(cut, 'a'), undefined);
});
