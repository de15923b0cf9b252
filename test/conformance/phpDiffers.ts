import type { Differences } from './row.ts';

const onFc = (expected: NonNullable<Differences[string]>): Differences[string] =>
  expected === false ? false : { on: { 'aliyun-fc': expected } };

/** PHP knows no promise, no callback, no timer, and no value that is thrown without being an error. */
const unknown = false;

/** What the contract of PHP says where it is not what that of Node.js says. */
export const phpDiffers: Differences = {
  answers: onFc({
    platformLines: [
      /^FunctionCompute php7\.2 runtime inited\.$/,
      /^FC Invoke Start RequestId: ID$/,
      /^FC Invoke End RequestId: ID$/,
      /^Duration: \d+\.\d\d ms, Billed Duration: \d+ ms, Memory Size: 512 MB, Max Memory Used: \d+\.\d\d MB$/,
    ],
  }),
  hopes: unknown,
  'answers-value nan': onFc({
    status: 'error',
    error: /cannot be written as JSON: Inf and NaN cannot be JSON encoded$/,
    body: /"errorType":"UnexpectedValueException"/,
  }),
  'answers-value date': onFc({ body: /^\{"date":"1970-01-01 00:00:00\.000000","timezone_type":\d,/ }),
  // Text is bytes.
  'answers-value halfCharacter': onFc({ body: Buffer.from('half \u00f0\u009f', 'latin1') }),
  'answers-value view': unknown,
  'answers-value bigint': unknown,
  'answers-value nestedBigint': unknown,
  'answers-value cycle': onFc({
    status: 'error',
    error: /cannot be written as JSON: (Recursion detected|Maximum stack depth exceeded)/,
  }),
  'answers-value throwingToJson': onFc({ status: 'error', error: /^RangeException: not this one$/ }),
  'throws-error': onFc({
    body: /^\{"errorMessage":"not like this","errorType":"TypeError","stackTrace":\{"file":"[^"]*errors\.php","line":\d+,"traceString":"#0 [^"]*event\.php\(\d+\): \{closure\}\(\)\\n#1 /,
    http: { status: 502, body: 'Internal Server Error' },
  }),
  'throws-text': unknown,
  'throws-undefined': unknown,
  'throws-null': unknown,
  'throws-object': unknown,
  'throws-frozen': unknown,
  // An exception's text cannot be made to throw.
  'throws-hostile': unknown,
  'rejects-later': unknown,
  'throws-in-timer': unknown,
  'rejects-in-background': unknown,
  'rejects-after-answer': unknown,
  'exits-after-answer 0': unknown,
  'exits-after-answer 3': unknown,
  // Invocations of PHP are not watched for what they leave open.
  'leaves-timer': unknown,
  'leaves-server': { check: () => {} },
  logs: {
    logs: [
      { stream: 'stdout', level: 'info', text: 'row 1 {"a":1}', at: 'log' },
      { stream: 'stdout', level: 'info', text: 'info', at: 'info' },
      { stream: 'stdout', level: 'debug', text: 'debug', at: 'debug' },
      { stream: 'stdout', level: 'warn', text: 'careful', at: 'warn' },
      { stream: 'stderr', level: 'error', text: 'bad\nand worse', at: 'error' },
      { stream: 'stdout', level: 'info', text: 'no line break', at: 'print' },
      { stream: 'stdout', level: 'info', text: 'with values {"id":7}', at: 'values' },
      { stream: 'stdout', level: 'info', text: 'Array\n(\n    [0] => 1\n)', at: 'print_r' },
      { stream: 'stdout', level: 'info', text: 'float(1.5)', at: 'var_dump' },
      { stream: 'stdout', level: 'info', text: 'and a rest', at: 'rest' },
    ],
  },
  'prints-natively': {
    logsInclude: [
      { stream: 'stderr', level: 'error', text: 'from a child' },
      { stream: 'stdout', level: 'info', text: 'from a descriptor' },
    ],
  },
  // PHP closes no descriptor that it has not opened.
  'closes-channel-out': unknown,
  'closes-channel-out-and-waits': unknown,
  'closes-channel-in': unknown,
  'module-syntax-error': {
    error: /^UserCodeSyntaxError: syntax error, unexpected token "=", expecting identifier/,
  },
  'module-needs-package': onFc({
    error:
      /^(Error|FatalError): (Uncaught )?(Failed opening required|require\(\): Failed opening required) '.*vendor\/autoload\.php'/,
    at: 'module-needs-package',
  }),
};
