import type { Differences, Expectation } from './row.ts';

const late: Expectation = {
  status: 'timeout',
  error: /^GatewayTimeout: The function did not answer within its 1 s \(timeoutSeconds\)\.$/,
};

/** Results by the function's server: what is false has no body, and neither has what is neither text, bytes nor object. */
const values: Record<string, string | Buffer> = {
  undefined: '',
  null: '',
  zero: '',
  number: '',
  nan: '',
  false: '',
  empty: '',
  text: 'text',
  list: '[1,{"a":null}]',
  date: '"1970-01-01T00:00:00.000Z"',
  bytes: Buffer.from([255, 0, 254]),
  view: Buffer.from([1, 2, 250]),
  unicode: 'é 😀 𐀀',
  halfCharacter: 'half \ufffd',
  bigint: '',
};

/** What comes of rows on Knative, whose functions are called with a context and a body and answer requests. */
export const knativeDiffers: Differences = {
  answers: {
    platformLines: [],
    http: {
      status: 200,
      body: '{"got":{"a":1}}',
      headers: { 'content-type': 'application/json; charset=utf-8', 'access-control-allow-origin': '*' },
    },
  },
  'answers-http': { body: 'made' },
  ...Object.fromEntries(Object.entries(values).map(([name, body]) => [`answers-value ${name}`, { body }])),
  'answers-value cycle': { status: 'error', error: /^TypeError: Converting circular structure to JSON/ },
  'answers-value nestedBigint': {
    status: 'error',
    error: /^TypeError: Do not know how to serialize a BigInt$/,
  },
  'answers-value throwingToJson': { status: 'error', error: /^RangeError: not this one$/ },
  'answers-large 33554433': {
    status: 'error',
    error: /^ResponseTooLarge: /,
    http: { status: 502 },
    check: () => {},
  },
  'measures-event': {
    status: 'error',
    error: /^BadRequest: Request body is too large$/,
    body: /"statusCode":413/,
    http: { status: 413 },
  },
  hopes: late,
  'never-answers': { ...late, http: { status: 504, body: 'request timeout' } },
  'ignores-sigterm': late,
  'blocks-its-loop': late,
  // A function is told no id of its call.
  'forges-twice': false,
  'knows-its-id': false,
  // A number has no body.
  'leaves-child': false,
  'leaves-detached-child': false,
  'module-throws': { body: 'broken at module level', phases: ['queue', 'spawn', 'boot', 'load', 'teardown'] },
  'module-syntax-error': { error: /SyntaxError: .*Unexpected token '='$/ },
  'throws-error': {
    body: 'not like this',
    http: { status: 500, body: 'not like this', headers: { 'content-type': 'text/plain; charset=utf-8' } },
    platformLines: [/^Error processing user function: "TypeError: not like this"$/],
  },
};
