import type { Differences } from './row.ts';

const exits = (lambda: RegExp, fc: RegExp): Differences[string] => ({
  status: 'crashed',
  error: undefined,
  on: { 'aws-lambda': { error: lambda }, 'aliyun-fc': { body: fc } },
});

const endedUnexpectedly =
  /^\{"errorMessage":"Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: \d+MB\)"\}$/;
const exitError = (reason: string) =>
  new RegExp(`^Runtime\\.ExitError: RequestId: \\S+ Error: Runtime exited with error: ${reason}$`);

/** A start that fails in the code: Lambda is told what it is, Function Compute sees a process that ended. */
const failedStart = (lambda: RegExp, code = 1): Differences[string] => ({
  at: undefined,
  phases: undefined,
  on: {
    'aws-lambda': { status: 'error', error: lambda, body: /"errorType":/ },
    'aliyun-fc': {
      status: 'crashed',
      error: new RegExp(
        `^CAExited: Function instance exited unexpectedly\\(code ${code}, message:[^)]*\\) with start command '.*program\\.cjs '\\. Logs:`,
      ),
      body: /^\{"errorMessage":"Function instance exited unexpectedly/,
    },
  },
});

/** What is thrown ends as the program's own client reports it: on Function Compute, by `x-fc-status`. */
const reported = (
  error: RegExp,
  lambda: string | RegExp,
  fc: string | RegExp = /"errorMessage":/,
): Differences[string] => ({
  status: 'error',
  error: undefined,
  on: {
    'aws-lambda': { error, body: lambda },
    'aliyun-fc': { error: /^InvocationError: /, errorType: 'InvocationError', body: fc },
  },
});

const printed = (stream: 'stdout' | 'stderr', text: string | RegExp) => ({
  stream,
  level: stream === 'stdout' ? 'info' : 'error',
  text,
});

/** What comes of programs where it is not what runtimes with handlers do. */
export const programsDiffer: Differences = {
  answers: {
    on: {
      'aws-lambda': {
        platformLines: [
          /^START RequestId: ID Version: \$LATEST$/,
          /^END RequestId: ID$/,
          /^REPORT RequestId: ID\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 512 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t$/,
        ],
      },
      'aliyun-fc': {
        platformLines: [
          /^FunctionCompute custom\.debian10 runtime inited\.$/,
          /^FC Invoke Start RequestId: ID$/,
          /^FC Invoke End RequestId: ID$/,
          /^Duration: \d+\.\d\d ms, Billed Duration: \d+ ms, Memory Size: 512 MB, Max Memory Used: \d+\.\d\d MB$/,
        ],
      },
    },
  },
  // Results are what the program sends: the clouds add nothing to them.
  'answers-value nan': { on: { 'aws-lambda': { body: 'null' }, 'aliyun-fc': { body: 'null' } } },
  'answers-value view': {
    on: { 'aws-lambda': { body: '{"0":1,"1":2,"2":250}' }, 'aliyun-fc': { body: '{"0":1,"1":2,"2":250}' } },
  },
  'answers-value cycle': reported(/^TypeError: Converting circular/, /Converting circular/),
  'answers-value nestedBigint': reported(/^TypeError: Do not know how/, /BigInt/),
  'answers-value throwingToJson': reported(/^RangeError: not this one$/, /not this one/),
  'answers-value bigint': reported(/^TypeError: Do not know how/, /BigInt/),
  hopes: false,
  'throws-error': {
    error: undefined,
    at: undefined,
    on: {
      'aws-lambda': {
        error: /^TypeError: not like this$/,
        at: 'throws-error',
        body: /^\{"errorMessage":"not like this","errorType":"TypeError","stackTrace":\["TypeError: not like this","/,
        http: { status: 500, body: '{"message":"Internal Server Error"}' },
        // What a client reports it does not also print.
        platformLines: [/^START /, /^END /, /^REPORT /],
      },
      'aliyun-fc': {
        error: /^InvocationError: not like this$/,
        errorType: 'InvocationError',
        at: 'throws-error',
        body: /^\{"errorMessage":"not like this","errorType":"TypeError","stackTrace":\[/,
        http: { status: 502, body: 'Internal Server Error' },
      },
    },
  },
  'throws-subclass': reported(/^PaymentRefused: no money$/, /"errorType":"PaymentRefused"/),
  'throws-text': reported(
    /^string: just text$/,
    '{"errorMessage":"just text","errorType":"string","stackTrace":[]}',
  ),
  'throws-undefined': reported(/^undefined: undefined$/, /"errorMessage":"undefined"/),
  'throws-null': reported(/^object: null$/, /"errorMessage":"null"/),
  'throws-object': reported(/^object: \[object Object\]$/, /\[object Object\]/),
  'throws-frozen': reported(/^Error: frozen$/, /frozen/),
  'throws-hostile': reported(/^Error: reading it throws$/, /reading it throws/),
  'rejects-later': reported(/^RangeError: later$/, /later/),
  'throws-in-timer': { ...exits(exitError('exit status 1'), endedUnexpectedly), at: undefined },
  'rejects-in-background': exits(exitError('exit status 1'), endedUnexpectedly),
  // Programs are not watched for what they leave open.
  'leaves-timer': { check: () => {} },
  'leaves-server': { check: () => {} },
  logs: {
    logs: undefined,
    logsInclude: [
      printed('stdout', 'row 1 { a: 1 }'),
      printed('stderr', 'careful'),
      printed('stderr', 'and worse'),
      printed('stdout', 'no line break'),
      printed('stderr', 'to stderr'),
      printed('stdout', 'and a rest'),
    ],
  },
  // A plain Node.js that writes to a full pipe gets an error; of one that waits for it, the answer may be first.
  'floods-lines': false,
  'floods-one-line': { check: () => {} },
  // It has closed them for good.
  'closes-output': false,
  'knows-its-id': {},
  'module-throws': failedStart(/^Error: broken at module level$/),
  'module-syntax-error': failedStart(/^SyntaxError: Unexpected token '='$/),
  'module-exits': {
    on: {
      'aws-lambda': { error: /^Runtime\.ExitError: .*exit status 5$/ },
      'aliyun-fc': { body: /^\{"errorMessage":"Function instance exited unexpectedly\(code 5, message:/ },
    },
  },
  'module-needs-package': failedStart(/^Error: Cannot find module 'a-package-that-is-not-there'/),
  'handler-missing': failedStart(/^NoSuchFunction: answers\.nowhere is no function$/),
  'handler-no-function': failedStart(/^NoSuchFunction: exportsValue\.handler is no function$/),
  'module-missing': { ...failedStart(/^Error: Cannot find module '\.\/nowhere'/), error: undefined },
  'throws-at-init': {
    on: {
      'aliyun-fc': { status: 'error', error: /not ready$/, errorType: 'InitializationError' },
    },
  },
};
