import type { Differences } from './row.ts';

const marshal = (detail: RegExp): Differences[string] => ({
  on: {
    'aws-lambda': {
      status: 'error',
      error: new RegExp(`^Runtime\\.MarshalError: Unable to marshal response: ${detail.source}`),
      body: /^\{"errorMessage": "Unable to marshal response: .*", "errorType": "Runtime\.MarshalError", "requestId": "[0-9a-f-]{36}", "stackTrace": \[\]\}$/,
    },
    'aliyun-fc': { status: 'error', error: new RegExp(`: ${detail.source}`), body: /"errorType": / },
  },
});

const json = (lambda: string, fc: string | RegExp): Differences[string] => ({
  status: 'ok',
  error: undefined,
  on: { 'aws-lambda': { body: lambda }, 'aliyun-fc': { body: fc } },
});

/** Python knows no promise, no callback and no value that is thrown without being an exception. */
const unknown = false;

/** What the contracts of Python runtimes say where it is not what those of Node.js say. */
export const pythonDiffers: Differences = {
  answers: {
    on: {
      'aws-lambda': {
        body: '{"got": {"a": 1}}',
        http: { status: 200, body: '{"got": {"a": 1}}', headers: { 'content-type': 'application/json' } },
      },
      'aliyun-fc': {
        body: '{\n    "got": {\n        "a": 1\n    }\n}',
        http: {
          status: 200,
          body: '{\n    "got": {\n        "a": 1\n    }\n}',
          headers: { 'content-type': 'application/json' },
        },
        platformLines: [
          /^FunctionCompute python3\.\d+ runtime inited\.$/,
          /^FC Invoke Start RequestId: ID$/,
          /^FC Invoke End RequestId: ID$/,
          /^Duration: \d+\.\d\d ms, Billed Duration: \d+ ms, Memory Size: 512 MB, Max Memory Used: \d+\.\d\d MB$/,
        ],
      },
    },
  },
  'answers-http': {
    body: /^\{\s*"(statusCode": 201|body": "made)/,
    on: { openfaas: { body: 'made' } },
  },
  hopes: unknown,
  // What is neither text nor bytes is JSON on Function Compute as well.
  'answers-value undefined': json('null', 'null'),
  'answers-value null': json('null', 'null'),
  'answers-value nan': json('NaN', 'NaN'),
  'answers-value false': json('false', 'false'),
  'answers-value list': json('[1, {"a": null}]', '[\n    1,\n    {\n        "a": null\n    }\n]'),
  'answers-value date': {
    on: {
      'aws-lambda': {
        status: 'error',
        body: /Unable to marshal response: Object of type datetime is not JSON serializable/,
      },
      'aliyun-fc': { body: '"1970-01-01T00:00:00"' },
    },
  },
  'answers-value bytes': {
    on: {
      'aws-lambda': { body: Buffer.from([0xff, 0x00, 0xfe]) },
      'aliyun-fc': { body: Buffer.from([0xff, 0x00, 0xfe]) },
    },
  },
  'answers-value view': marshal(/(Object of type bytearray|bytearray\(.*\)) is not JSON serializable/),
  // Before Python 3.12 Lambda escapes what is not ASCII.
  'answers-value unicode': {
    on: { 'aws-lambda': { body: /^"(é 😀 𐀀|\\u00e9 \\ud83d\\ude00 \\ud800\\udc00)"$/ } },
  },
  // What becomes of it on Lambda depends on the version: from 3.12 on it cannot be sent.
  'answers-value halfCharacter': { on: { 'aws-lambda': false, 'aliyun-fc': { body: 'half ?' } } },
  'answers-value cycle': marshal(/Circular reference detected/),
  'answers-value bigint': json(`1${'0'.repeat(30)}`, `1${'0'.repeat(30)}`),
  'answers-value nestedBigint': json(`{"n": 1${'0'.repeat(30)}}`, /"n": 10{30}/),
  'answers-value throwingToJson': {
    on: {
      'aws-lambda': {
        status: 'error',
        error: /^Runtime\.MarshalError: /,
        body: /Object of type ThrowingToJson is not JSON serializable/,
      },
      'aliyun-fc': { status: 'error', error: /^RuntimeError: not this one$/ },
    },
  },
  'throws-error': {
    on: {
      'aws-lambda': {
        body: /^\{"errorMessage": "not like this", "errorType": "TypeError", "requestId": "[0-9a-f-]{36}", "stackTrace": \["  File \\".*errors\.py\\", line \d+, in throws_error\\n    raise TypeError\(/,
        http: { status: 500, body: '{"message":"Internal Server Error"}' },
        platformLines: [
          /^START /,
          /^\[ERROR\] TypeError: not like this\rTraceback \(most recent call last\):\r\u00a0\u00a0File "[^]*errors\.py", line \d+, in throws_error\r\u00a0{4}raise TypeError/,
          /^END /,
          /^REPORT /,
        ],
      },
      'aliyun-fc': {
        body: /^\{\n    "errorMessage": "not like this",\n    "errorType": "TypeError",\n    "stackTrace": \[\n        \[\n            "File \\"[^]*errors\.py\\"",\n            "line \d+",\n            "in throws_error",\n            "raise TypeError\(/,
        http: { status: 502, body: 'Internal Server Error' },
      },
    },
  },
  'throws-text': unknown,
  'throws-undefined': unknown,
  'throws-null': unknown,
  'throws-object': unknown,
  'throws-frozen': unknown,
  'rejects-later': { error: /^ArithmeticError: later$/ },
  'throws-in-timer': unknown,
  'rejects-in-background': unknown,
  'rejects-after-answer': unknown,
  // Invocations of Python are not watched for what they leave open.
  'leaves-timer': { check: () => {} },
  'leaves-server': { check: () => {} },
  logs: {
    logs: [
      { stream: 'stdout', level: 'info', text: "row 1 {'a': 1}", at: 'log' },
      { stream: 'stdout', level: 'info', text: 'info', at: 'info' },
      { stream: 'stdout', level: 'debug', text: 'debug', at: 'debug' },
      { stream: 'stdout', level: 'warn', text: 'careful now', at: 'warn' },
      { stream: 'stderr', level: 'error', text: 'bad\nand worse', at: 'error' },
      { stream: 'stdout', level: 'info', text: 'no line break' },
      { stream: 'stderr', level: 'error', text: 'to stderr' },
      { stream: 'stdout', level: 'info', text: 'and a rest' },
    ],
    on: {
      // Its template sets no logging up: warnings and worse go to stderr.
      openfaas: {
        logs: [
          { stream: 'stdout', level: 'info', text: "row 1 {'a': 1}", at: 'log' },
          { stream: 'stderr', level: 'warn', text: 'careful now', at: 'warn' },
          { stream: 'stderr', level: 'error', text: 'bad\nand worse', at: 'error' },
          { stream: 'stdout', level: 'info', text: 'no line break' },
          { stream: 'stderr', level: 'error', text: 'to stderr' },
          { stream: 'stdout', level: 'info', text: 'and a rest' },
        ],
      },
    },
  },
  'changes-world': {
    body: /"array": true,\s*"env": null,\s*"global": null|"env": null, "global": null, "array": true/,
  },
  'writes-temp': { body: /"text": "kept"/ },
  'module-throws': {
    on: {
      'aws-lambda': {
        body: /^\{"errorMessage":"broken at module level","errorType":"RuntimeError","requestId":"","stackTrace":\["  File \\".*moduleThrows\.py\\", line 5, in <module>\\n    raise RuntimeError/,
      },
      'aliyun-fc': {
        error: /^UserCodeError: Module initialization error: 'broken at module level'$/,
        body: /^\{\n    "errorMessage": "Module initialization error: 'broken at module level'",\n    "errorType": "UserCodeError",\n    "stackTrace": \[\n        "RuntimeError: broken at module level"\n    \]\n\}$/,
      },
    },
  },
  'module-syntax-error': {
    on: {
      'aws-lambda': {
        error:
          /^Runtime\.UserCodeSyntaxError: Syntax error in module 'moduleSyntaxError': invalid syntax \(moduleSyntaxError\.py, line 3\)$/,
        body: /"stackTrace":\["  File \\".*moduleSyntaxError\.py\\" Line 3\\n {8}const = = 1/,
      },
      'aliyun-fc': { error: /^UserCodeSyntaxError: Syntax error in module 'moduleSyntaxError'$/ },
    },
  },
  'module-needs-package': {
    on: {
      'aws-lambda': {
        error:
          /^Runtime\.ImportModuleError: Unable to import module 'moduleNeedsPackage': No module named 'a_package_that_is_not_there'$/,
      },
      'aliyun-fc': { error: /^ImportModuleError: Unable to import module 'moduleNeedsPackage'$/ },
    },
  },
  'handler-missing': {
    on: {
      'aws-lambda': { error: /^Runtime\.HandlerNotFound: Handler 'nowhere' missing on module 'answers'$/ },
    },
  },
  // It is called all the same, as in the clouds.
  'handler-no-function': {
    error: /^TypeError: 'str' object is not callable$/,
    on: {
      'aws-lambda': {},
      'aliyun-fc': {},
      knative: { error: /^ImportError: cannot import name 'handler' from 'exportsValue'$/ },
    },
  },
};
