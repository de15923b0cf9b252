import { createHash } from 'node:crypto';
import type { Expectation, Row } from '../row.ts';

/** One result per row: what Lambda makes of it, and Function Compute. */
const values: [value: string, lambda: Expectation, fc: Expectation][] = [
  ['undefined', { body: 'null' }, { body: '' }],
  ['null', { body: 'null' }, { body: '' }],
  ['zero', { body: '0' }, { body: '0' }],
  ['number', { body: '4.5' }, { body: '4.5' }],
  ['nan', { body: 'null' }, { body: 'NaN' }],
  ['false', { body: 'false' }, { body: 'false' }],
  ['empty', { body: '""' }, { body: '' }],
  ['text', { body: '"text"' }, { body: 'text' }],
  ['list', { body: '[1,{"a":null}]' }, { body: '[1,{"a":null}]' }],
  ['date', { body: '"1970-01-01T00:00:00.000Z"' }, { body: '"1970-01-01T00:00:00.000Z"' }],
  ['bytes', { body: '{"type":"Buffer","data":[255,0,254]}' }, { body: Buffer.from([255, 0, 254]) }],
  ['view', { body: '{"0":1,"1":2,"2":250}' }, { body: Buffer.from([1, 2, 250]) }],
  ['unicode', { body: '"é 😀 𐀀"' }, { body: 'é 😀 𐀀' }],
  ['halfCharacter', { body: '"half \\ud83d"' }, { body: 'half \ufffd' }],
];

const notStringified: Expectation = {
  status: 'error',
  error: /^Runtime\.JSONStringifyError: Unable to stringify response body$/,
  body: /^\{"errorType":"Runtime\.JSONStringifyError","errorMessage":"Unable to stringify response body","trace":\[/,
};

/** Results that cannot be encoded. */
const unfit: [value: string, fc: Expectation][] = [
  ['cycle', { status: 'error', error: /^TypeError: Converting circular structure to JSON/ }],
  ['nestedBigint', { status: 'error', error: /^TypeError: Do not know how to serialize a BigInt$/ }],
  ['throwingToJson', { status: 'error', error: /^RangeError: not this one$/ }],
  // Alone it is a plain value there.
  ['bigint', { body: '10' }],
];

const large = 5 * 1024 * 1024;
const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const measured = (bytes: number): NonNullable<Expectation['check']> => {
  return (record, _, body) => {
    if (
      sha(body.toString()) !== sha(`"${'x'.repeat(bytes)}"`) &&
      sha(body.toString()) !== sha('x'.repeat(bytes))
    )
      throw new Error(`${body.length} bytes came back`);
    if (!record.result?.truncated) throw new Error('The record keeps a part of it only.');
  };
};

const timedOut: Record<'aws-lambda' | 'aliyun-fc', Expectation> = {
  'aws-lambda': {
    status: 'timeout',
    error: /^Sandbox\.Timedout: RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/,
    body: /^\{"errorType":"Sandbox\.Timedout","errorMessage":"RequestId: \S+ Error: Task timed out after 1\.00 seconds"\}$/,
  },
  'aliyun-fc': {
    status: 'timeout',
    body: /^\{"errorMessage":"Function timed out after 1 seconds \(maxMemoryUsage: \d+MB\)"\}$/,
  },
};

/** What handlers answer, and how. */
export const answers: Row[] = [
  {
    name: 'answers',
    module: 'answers',
    event: { a: 1 },
    body: '{"got":{"a":1}}',
    startKind: 'cold',
    phases: ['queue', 'spawn', 'boot', 'load', 'handler', 'teardown'],
    http: { status: 200, body: '{"got":{"a":1}}', headers: { 'content-type': 'application/json' } },
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
          /^FunctionCompute nodejs20 runtime inited\.$/,
          /^FC Invoke Start RequestId: ID$/,
          /^load code for handler:answers\.answers$/,
          /^FC Invoke End RequestId: ID$/,
          /^Duration: \d+\.\d\d ms, Billed Duration: \d+ ms, Memory Size: 512 MB, Max Memory Used: \d+\.\d\d MB$/,
        ],
      },
    },
    everyForm: true,
  },
  {
    name: 'answers-http',
    module: 'answers',
    http: {
      status: 201,
      body: 'made',
      headers: { 'x-kind': 'conformance', 'content-type': 'text/plain', 'content-length': '4' },
    },
    body: /^\{"statusCode":201,/,
  },
  {
    name: 'answers-by-callback',
    module: 'answers',
    trait: 'callbacks',
    event: [1],
    body: '{"got":[1]}',
    everyForm: true,
  },
  {
    // Lambda answers null when nothing is left to do; Function Compute waits for the callback.
    name: 'answers-nothing',
    module: 'answers',
    trait: 'callbacks',
    settings: { timeout: '1s' },
    on: { 'aws-lambda': { body: 'null' }, 'aliyun-fc': timedOut['aliyun-fc'] },
  },
  {
    name: 'hopes',
    module: 'answers',
    settings: { timeout: '1s' },
    on: { 'aws-lambda': { body: 'null' }, 'aliyun-fc': timedOut['aliyun-fc'] },
  },
  ...values.map(([value, lambda, fc]): Row => ({
    name: `answers-value ${value}`,
    export: 'answers-value',
    module: 'answers',
    event: { value },
    on: { 'aws-lambda': lambda, 'aliyun-fc': fc },
  })),
  ...unfit.map(([value, fc]): Row => ({
    name: `answers-value ${value}`,
    export: 'answers-value',
    module: 'answers',
    event: { value },
    on: { 'aws-lambda': notStringified, 'aliyun-fc': fc },
  })),
  {
    name: 'answers-large 5 MB',
    export: 'answers-large',
    module: 'answers',
    event: { bytes: large },
    check: measured(large),
  },
  {
    name: 'answers-large 6291555',
    export: 'answers-large',
    module: 'answers',
    // Two more for the quotes.
    event: { bytes: 6_291_555 },
    on: {
      'aws-lambda': {
        status: 'error',
        error: /^Function\.ResponseSizeTooLarge: /,
        body: /"errorType":"Function\.ResponseSizeTooLarge"/,
        http: { status: 500 },
      },
      'aliyun-fc': false,
    },
  },
  {
    name: 'answers-large 33554433',
    export: 'answers-large',
    module: 'answers',
    event: { bytes: 32 * 1024 * 1024 + 1 },
    on: { 'aws-lambda': false, 'aliyun-fc': { status: 'error', http: { status: 502 } } },
  },
  {
    name: 'measures-event',
    module: 'answers',
    event: { text: 'y'.repeat(large) },
    body: String(large),
  },
  {
    name: 'echoes',
    module: 'answers',
    event: Buffer.from(Array.from({ length: 1024 * 1024 }, (_, index) => (index * 7) % 256)),
    on: {
      'aws-lambda': false,
      'aliyun-fc': {
        body: Buffer.from(Array.from({ length: 1024 * 1024 }, (_, index) => (index * 7) % 256)),
      },
    },
  },
  {
    name: 'answers-twice',
    module: 'answers',
    trait: 'callbacks',
    on: { 'aws-lambda': { body: '"first"' }, 'aliyun-fc': { body: 'first' } },
  },
  {
    // The first counts, also while Lambda waits for the event loop to be empty before it sends it.
    name: 'answers-by-callback-and-promise',
    module: 'answers',
    trait: 'callbacks',
    on: { 'aws-lambda': { body: '"callback"' }, 'aliyun-fc': { body: 'callback' } },
  },
  {
    name: 'answers-after-throwing',
    module: 'answers',
    trait: 'callbacks',
    status: 'error',
    error: /^Error: thrown first$/,
  },
  {
    // Before Node 18 what a promise resolves to counts for nothing.
    name: 'answers-by-promise-alone',
    export: 'answers',
    module: 'answers',
    trait: 'callbacks',
    settings: { runtime: 'nodejs16', timeout: '1s' },
    then: 'nothing',
    on: { 'aws-lambda': false, 'aliyun-fc': timedOut['aliyun-fc'] },
  },
  {
    name: 'never-answers',
    module: 'answers',
    settings: { timeout: '1s' },
    on: {
      'aws-lambda': { ...timedOut['aws-lambda'], http: { status: 500 } },
      'aliyun-fc': { ...timedOut['aliyun-fc'], http: { status: 502, body: 'Internal Server Error' } },
    },
  },
  {
    // Runtimes from Node 24 on know no callback.
    name: 'takes-callback',
    module: 'answers',
    trait: 'callbacks',
    settings: { runtime: 'nodejs24.x' },
    then: 'same',
    on: {
      'aws-lambda': { status: 'error', error: /^Runtime\.CallbackHandlerDeprecated: / },
      'aliyun-fc': false,
    },
  },
];

/** Used by other tables as well. */
export { timedOut };
