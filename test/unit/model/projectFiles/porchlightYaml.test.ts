import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultProcess } from '../../../../runtime/model/functionDefinition.ts';
import { check, parse } from './check.ts';

const cases: [what: string, text: string, functions: string, problems: string][] = [
  [
    'everything stated',
    `functions:
  hello:
    handler: src/hello.handler
    language: nodejs
    platform: aliyun-fc
    memory: 1GB
    timeout: 1m
    env: { GREETING: hi, ID: 007, LONG: 12345678901234567890, EMPTY: }
    triggers: [ { http: { path: /hello, methods: [GET, POST] } }, { timer: { cron: "0 */5 * * * *" } } ]
`,
    `hello (aliyun-fc nodejs) src/hello.handler in /project
  1024 MB, 60 s, cn-hangzhou
  GREETING=hi
  ID=007
  LONG=12345678901234567890
  EMPTY=
  http http GET,POST /hello as fc3
  timer timer {"cron":"0 */5 * * * *"}`,
    '',
  ],
  [
    'defaults, and a trigger with a place of its own',
    `functions:
  a b:
    handler: index.handler
    code: ./fn
    triggers: [{ http: {} }]
`,
    `a b (aws-lambda nodejs) index.handler in /project/fn
  128 MB, 3 s, us-east-1
  http http ANY /a%20b/* mounted at /a%20b as http-api`,
    '',
  ],
  [
    'misspelled keys',
    `functions:
  hello:
    hanlder: a.b
    handler: a.b
    process: { idleTimout: 3s }
function: {}
`,
    `hello (aws-lambda nodejs) a.b in /project
  128 MB, 3 s, us-east-1`,
    `warning 3:5-12 SETTING_UNKNOWN Unknown key "hanlder"; did you mean "handler"?
warning 5:16-26 SETTING_UNKNOWN Unknown key "idleTimout"; did you mean "idleTimeout"?
warning 6:1-9 SETTING_UNKNOWN Unknown key "function"; did you mean "functions"?`,
  ],
  [
    'wrong values: the rest is used',
    `functions:
  hello:
    handler: a.b
    platform: lambda
    memory: lots
    timeout: [1]
    env: [A]
    process: { maxInstances: 0, prewarm: 1 }
    triggers: [ { http: { path: hello, methods: [GTE, POTS, GET] } } ]
`,
    `hello (aws-lambda nodejs) a.b in /project
  128 MB, 3 s, us-east-1
  http http GET /hello/* mounted at /hello as http-api`,
    `error 4:15-21 SETTING_INVALID hello.platform: known are aliyun-fc, aws-lambda, knative, openfaas.
error 5:13-17 SETTING_INVALID hello.memory: expected a size such as 512MB or 1GB.
error 6:14-17 SETTING_INVALID hello.timeout: expected a duration such as 300s, 5m or 100ms.
error 7:10-13 SETTING_INVALID hello.env: expected names with values.
error 8:30-31 SETTING_INVALID hello.process.maxInstances: expected a whole number from 1 to 1000.
error 9:33-38 SETTING_INVALID hello.triggers.0.http.path: expected a path that begins with /.
error 9:50-53 SETTING_INVALID hello.triggers.0.http.methods.0: expected one of GET, POST, PUT, DELETE, HEAD, PATCH, OPTIONS.
error 9:55-59 SETTING_INVALID hello.triggers.0.http.methods.1: expected one of GET, POST, PUT, DELETE, HEAD, PATCH, OPTIONS.`,
  ],
  [
    'values beyond the platform',
    `functions:
  hello: { handler: a.b, memory: 64MB, timeout: 1h }
  bad: { handler: nope }
`,
    `hello (aws-lambda nodejs) a.b in /project
  64 MB, 3600 s, us-east-1
bad (aws-lambda nodejs) nope in /project
  128 MB, 3 s, us-east-1`,
    `warning 2:34-38 SETTING_INVALID hello.memory: 64 MB is outside of what aws-lambda accepts: 128 to 10240 MB.
warning 2:49-51 SETTING_INVALID hello.timeout: 3600 s is outside of what aws-lambda accepts: 1 to 900 s.
error 3:19-23 HANDLER_INVALID Invalid handler 'nope': write it as file.export, e.g. "index.handler".`,
  ],
  [
    'a broken line: functions before and after it stay',
    `functions:
  one: { handler: a.b }
  two:
    handler: "c.d
`,
    `one (aws-lambda nodejs) a.b in /project
  128 MB, 3 s, us-east-1
two (aws-lambda nodejs) c.d in /project
  128 MB, 3 s, us-east-1`,
    `error 4:14-15 YAML_SYNTAX This YAML cannot be read: a closing quote is missing. Correct this line; what follows it may be read wrongly until then.`,
  ],
  ['nothing yet', 'functions:\n', '', ''],
  ['a function being typed', 'functions:\n  hello:\n', '', ''],
  [
    'a list instead of names',
    'functions: [hello]\n',
    '',
    'error 1:12-19 SETTING_INVALID functions: expected names with settings.',
  ],
  [
    'another language',
    'functions:\n  rb: { handler: a.b, runtime: ruby3.3 }\n',
    `rb (aws-lambda ruby3.3) a.b in /project
  128 MB, 3 s, us-east-1`,
    'info 2:32-39 LANGUAGE_LATER rb is written for ruby3.3. Porchlight lists it, but runs Node.js, Python and PHP functions and programs (language: custom) only so far.',
  ],
  [
    'Python',
    'functions:\n  py: { handler: a.b.c, runtime: python3.10 }\n',
    `py (aws-lambda python3.10) a.b.c in /project
  128 MB, 3 s, us-east-1`,
    '',
  ],
];

for (const [what, text, functions, problems] of cases) {
  test(`porchlight.yaml with ${what}`, () => check(parse('porchlight.yaml', text), functions, problems));
}

test('process settings and targets', () => {
  const { functions, targets, problems } = parse(
    'porchlight.yaml',
    `functions:
  hello:
    handler: a.b
    process: { model: ephemeral, idleTimeout: 100ms, prewarm: 2, freeze: false, observe: full }
    initializer: index.init
    preStop: { handler: index.stop, timeout: 5s }
targets:
  prod: { type: aliyun-fc, region: cn-hangzhou }
  bad: { region: x }
`,
  );
  const { process, initializer, preStop } = functions[0]!.definition;
  assert.deepEqual(process, {
    ...defaultProcess,
    model: 'ephemeral',
    idleTimeoutMs: 100,
    prewarm: 2,
    freeze: false,
    observe: 'full',
  });
  assert.deepEqual(initializer, { handler: 'index.init', timeoutMs: 60_000 });
  assert.deepEqual(preStop, { handler: 'index.stop', timeoutMs: 5000 });
  assert.deepEqual(targets, [
    { name: 'prod', type: 'aliyun-fc', settings: { type: 'aliyun-fc', region: 'cn-hangzhou' } },
  ]);
  assert.deepEqual(
    problems.map((problem) => problem.message),
    ['targets.bad.type: this setting is missing.'],
  );
});

test('ranges point at name, handler without its quotes, and code', () => {
  const text = `functions:\n  hello: { handler: "src/a.b", code: 'fn' }\n`;
  const [hello] = parse('porchlight.yaml', text).functions;
  const at = (range: { start: number; end: number } | undefined) =>
    range && text.slice(range.start, range.end);
  assert.deepEqual([hello!.nameRange, hello!.handlerRange, hello!.codeRange].map(at), [
    'hello',
    'src/a.b',
    'fn',
  ]);
});

test('5,000 lines are read in a moment', () => {
  const one = (n: number) =>
    `  f${n}:\n    handler: src/f${n}.handler\n    memory: 512MB\n    timeout: 3s\n    env: {A: x}\n`;
  const text = `functions:\n${Array.from({ length: 1000 }, (_, n) => one(n)).join('')}`;
  const start = performance.now();
  assert.equal(parse('porchlight.yaml', text).functions.length, 1000);
  // Far above what it takes (150 ms): a guard against quadratic work only.
  assert.ok(performance.now() - start < 5000);
});

test('programs, with everything that may be said of them', () => {
  const text = `functions:
  go: { command: "$ARTIFACTS_DIR/main -v 'two words'", build: go build, protocol: http, port: 8080 }
  list: { command: [./run, a b], platform: aliyun-fc }
  bare: { language: custom }
  wrong: { command: [], protocol: telnet, port: 0 }
`;
  const { functions, problems } = parse('porchlight.yaml', text);
  assert.deepEqual(
    functions.map(({ definition }) => [definition.name, definition.language, definition.program]),
    [
      [
        'go',
        'custom',
        {
          command: ['$ARTIFACTS_DIR/main', '-v', 'two words'],
          build: 'go build',
          protocol: 'http',
          port: 8080,
        },
      ],
      ['list', 'custom', { command: ['./run', 'a b'] }],
      ['bare', 'custom', undefined],
    ],
  );
  assert.deepEqual(
    problems.map(({ message }) => message),
    [
      'wrong.command: expected a command such as ./bootstrap, or a list of its parts.',
      'wrong.protocol: expected runtime-api, fc-custom, http, cloudevents, watchdog-http, watchdog-process.',
      'wrong.port: expected a whole number from 1 to 65535.',
    ],
  );
});

test('settings of a target of AWS are checked at their place', () => {
  const { targets, problems } = parse(
    'porchlight.yaml',
    `targets:
  prod: { type: aws-lambda, region: eu-central-1, role: arn:aws:iam::123456789012:role/fn }
  test:
    type: aws-lambda
    regoin: eu-central-1
    architecture: arm
`,
  );
  assert.deepEqual(
    targets.map(({ name }) => name),
    ['prod', 'test'],
  );
  assert.deepEqual(
    problems.map(({ message, line }) => `${line}: ${message}`),
    [
      '5: Unknown key "regoin"; did you mean "region"?',
      '6: targets.test.architecture: expected x86_64 or arm64.',
    ],
  );
});

test('asynchronous invocations: attempts, age and where things go; bounds are the platform’s', () => {
  const parsed = parse(
    'porchlight.yaml',
    `functions:
  jobs:
    handler: index.handler
    async: { retries: 1, maxAge: 1h, onSuccess: { function: next }, onFailure: { queue: failed }, deadLetters: 'arn:aws:sqs:us-east-1:1:dead' }
  many: { handler: index.handler, async: { retries: 3, maxAge: 30s } }
  fc: { handler: index.handler, platform: aliyun-fc, async: { retries: 8, onFailure: { topic: t } } }
  none: { handler: index.handle, platform: knative, async: { retries: 1 } }
  odd: { handler: index.handler, async: { retries: 9, onFailure: { bucket: b }, onSuccess: { queue: a, topic: b } } }
`,
  );
  const settings = Object.fromEntries(
    parsed.functions.map(({ key, definition }) => [key, definition.asyncInvoke]),
  );
  assert.deepEqual(settings, {
    jobs: {
      attempts: 2,
      maxAgeMs: 3_600_000,
      onSuccess: { kind: 'function', name: 'next', stated: 'next' },
      onFailure: { kind: 'queue', name: 'failed', stated: 'failed' },
      deadLetters: { kind: 'queue', name: 'dead', stated: 'arn:aws:sqs:us-east-1:1:dead' },
    },
    many: { attempts: 4, maxAgeMs: 30_000 },
    fc: { attempts: 9, onFailure: { kind: 'topic', name: 't', stated: 't' } },
    none: { attempts: 2 },
    odd: {},
  });
  assert.deepEqual(
    parsed.problems.map(({ severity, line, message }) => `${severity} ${line} ${message}`),
    [
      'warning 5 many.async: 3 retries are outside of what aws-lambda accepts: 0 to 2.',
      'warning 7 none.async: knative has no settings of asynchronous invocations: these count for nothing.',
      'error 8 odd.async.retries: expected a whole number from 0 to 8.',
      'warning 8 Unknown key "bucket".',
      'error 8 odd.async.onSuccess: expected { queue }, { topic }, { function } or an ARN.',
    ],
  );
});
