import assert from 'node:assert/strict';
import { test } from 'node:test';
import { porchlightYaml } from '../../../../runtime/model/projectFiles/porchlightYaml.ts';
import { faultOf, readExpectationFile } from '../../../../runtime/model/testing/savedEvent.ts';

const fault = (text: string): string | undefined =>
  faultOf(readExpectationFile(text, '/p/a.expect.yaml').problems);

const faults: [text: string, fault: string | undefined][] = [
  ['status: ok', undefined],
  ['{"statusCode": 200, "result": {"a": [1]}}', undefined],
  ['', undefined],
  ['reslt: 1', '/p/a.expect.yaml:1:1: Unknown key "reslt"; did you mean "result"?'],
  [
    'status: fine',
    '/p/a.expect.yaml:1:9: status: expected one of ok, error, timeout, oom, crashed, throttled, interrupted.',
  ],
  ['warm: 150', '/p/a.expect.yaml:1:7: warm: expected a duration with its unit, such as 150ms or 2s.'],
  [
    '\nresult: { id: { $mtaches: x } }',
    '/p/a.expect.yaml:2:17: result.id: there is no matcher $mtaches; did you mean $matches? For a key of that name: { $exactly: … }.',
  ],
  [
    'result: { $any: thing }',
    '/p/a.expect.yaml:1:17: result.$any: expected a kind of value: string, number, boolean, object, list, value.',
  ],
  [
    'result: { $any: string, a: 1 }',
    '/p/a.expect.yaml:1:11: result: $any has to stand alone, without other keys beside it.',
  ],
  [
    'log: [ok, { $matches: "(" }]',
    '/p/a.expect.yaml:1:24: log: Invalid regular expression: /(/u: Unterminated group.',
  ],
  ['log: []', undefined],
  ['error: { typ: X }', '/p/a.expect.yaml:1:10: Unknown key "typ"; did you mean "type"?'],
  [
    'error: { message: { $matches: "[" } }',
    '/p/a.expect.yaml:1:32: error.message: Invalid regular expression: /[/u: Unterminated character class.',
  ],
  ['maxMemory: lots', '/p/a.expect.yaml:1:12: maxMemory: expected a size with its unit, such as 128MB.'],
  ['- a', '/p/a.expect.yaml:1:1: file: expected keys with values.'],
];

for (const [text, expected] of faults) {
  test(`expectation ${JSON.stringify(text)}`, () => assert.equal(fault(text), expected));
}

test('a place in an expectation is found through its path, as far as it goes', () => {
  const text = 'result:\n  list:\n    - a\n    - { b: 1 }\n';
  const { expected } = readExpectationFile(text, '/p/a.expect.yaml');
  const at = (...path: (string | number)[]) => {
    const { line, column } = expected!.locate(path);
    return `${line}:${column}`;
  };
  assert.equal(at('result', 'list', 1, 'b'), '4:12');
  assert.equal(at('result', 'list', 7, 'b'), '3:5');
  assert.equal(at('status'), '1:1');
});

/** Events as the file lists them: `name input [fault]`. */
function declared(text: string): { events: string[]; problems: string[]; functions: string[] } {
  const parsed = porchlightYaml.parse(text, { file: '/p/porchlight.yaml', variable: () => undefined });
  return {
    functions: parsed.functions.map(({ key }) => key),
    events: parsed.overlays.flatMap(({ events }) =>
      events.map(({ name, input, fault: wrong }) =>
        [name, JSON.stringify(input), ...(wrong ? [wrong] : [])].join(' '),
      ),
    ),
    problems: parsed.problems.map(({ line, message }) => `${line}: ${message}`),
  };
}

test('events of porchlight.yaml: texts, values, files and requests', () => {
  const { events, problems } = declared(`functions:
  hello:
    handler: a.b
    events:
      - { name: text, event: Ada }
      - { name: value, event: { a: 1 } }
      - { name: file, file: data/x.bin }
      - { name: get, http: { path: /x } }
      - { name: post, http: { method: POST, path: /x, headers: { a: b }, body: { c: 1 } }, expect: { statusCode: 200 } }
`);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    events.map((event) => event.replaceAll('\\\\', '/')),
    [
      'text {"kind":"event","text":"Ada"}',
      'value {"kind":"event","text":"{\\"a\\":1}"}',
      'file {"kind":"file","path":"/p/data/x.bin","at":{"file":"/p/porchlight.yaml","line":7,"column":29}}',
      'get {"kind":"http","method":"GET","path":"/x","headers":{},"body":""}',
      'post {"kind":"http","method":"POST","path":"/x","headers":{"a":"b"},"body":"{\\"c\\":1}"}',
    ],
  );
});

test('wrong events are told and listed with their fault; the function and the others stay', () => {
  const { functions, events, problems } = declared(`functions:
  hello:
    handler: a.b
    events:
      - { event: 1 }
      - { name: nothing }
      - { name: both, event: 1, http: { path: /x } }
      - { name: wrong, event: 1, expect: { statusCode: 20, result: { $what: 1 } } }
      - { name: good, event: 1 }
      - { name: good, event: 2 }
      - { name: no path, http: { method: GET } }
`);
  assert.deepEqual(functions, ['hello']);
  assert.deepEqual(
    events.map((event) => event.replace(/ \{.*?\}(?= |$)/, '')),
    [
      'event 1 /p/porchlight.yaml:5:9: hello.events.0.name: this setting is missing.',
      'nothing /p/porchlight.yaml:6:9: hello.events.1: nothing to send: give one of file, event or http.',
      'both /p/porchlight.yaml:7:9: hello.events.2: only one of event and http can be sent.',
      'wrong /p/porchlight.yaml:8:56: hello.events.3.expect.statusCode: expected a whole number from 100 to 599. (and 1 more)',
      'good',
      'good (6) /p/porchlight.yaml:10:17: hello.events.5.name: "good" is the name of an event above as well.',
      'no path /p/porchlight.yaml:11:32: hello.events.6.http.path: this setting is missing.',
    ],
  );
  assert.equal(problems.length, 7);
});
