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
const knativeDiffers: Differences = {
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
  'module-throws': { body: 'broken at module level', phases: ['queue', 'spawn', 'boot', 'load', 'teardown'] },
  // A container has ten minutes to become ready.
  'module-blocks': false,
  'module-awaits': false,
  'throws-at-init': { status: 'error', error: /not ready$/ },
  'never-ready': { status: 'timeout' },
  'module-syntax-error': { error: /SyntaxError: .*Unexpected token '='$/ },
  'throws-error': {
    body: 'not like this',
    http: { status: 500, body: 'not like this', headers: { 'content-type': 'text/plain; charset=utf-8' } },
    platformLines: [/^Error processing user function: "TypeError: not like this"$/],
  },
};

/** Rows of what only programs do that is none of a web server. */
const otherPrograms = [
  'tells-headers',
  'answers-oddly',
  'answers-with-bad-mode',
  'reports-unknown-type',
  'streams',
  'streams and fails',
  'has-extension',
];

/** What becomes of a returned value is the fixture's own doing where a function sends its answers itself. */
const noValues = Object.fromEntries(
  [...Object.keys(values), 'cycle', 'nestedBigint', 'throwingToJson', 'decimal', 'set'].map(
    (name) => [`answers-value ${name}`, false] as const,
  ),
);

const large: Expectation = { body: String(5 * 1024 * 1024) };
const answersJson = { status: 200, body: '{"got":{"a":1}}', headers: { 'content-type': 'application/json' } };
const notReady: Expectation = {
  status: 'crashed',
  error: /^ContainerNotReady: The container is not ready: ".*program\.cjs" ended \(exit code 1\)/,
  at: undefined,
  phases: undefined,
  body: /^The container is not ready: /,
};

/** The same for programs: their answers are their own, and an error is a status. */
const knativePrograms: Differences = {
  ...knativeDiffers,
  ...noValues,
  ...Object.fromEntries(otherPrograms.map((name) => [name, false] as const)),
  answers: { platformLines: [], http: answersJson },
  'answers-http': { body: /^\{"statusCode":201,/, http: { status: 200 } },
  'measures-event': large,
  'throws-error': { body: /"errorMessage":"not like this"/, platformLines: [], http: { status: 500 } },
  // With several calls at a time nobody knows whose the rest of a line is.
  logs: false,
  'throws-subclass': { at: undefined },
  'rejects-later': { at: undefined },
  'module-throws': notReady,
  'module-syntax-error': notReady,
  'module-needs-package': notReady,
  'handler-missing': notReady,
  'handler-no-function': notReady,
  'module-missing': notReady,
  // There are no hooks.
  'throws-at-init': false,
  'never-ready': false,
};

/** The same for Python: functions are ASGI applications. */
const knativePython: Differences = {
  ...knativeDiffers,
  ...noValues,
  answers: {
    platformLines: [],
    body: '{"got": {"a": 1}}',
    http: { ...answersJson, body: '{"got": {"a": 1}}' },
  },
  'answers-http': { http: { status: 200 } },
  'measures-event': large,
  'throws-error': {
    body: 'Error: not like this',
    http: { status: 500, body: 'Error: not like this', headers: { 'content-type': 'text/plain' } },
    platformLines: [],
  },
  'module-syntax-error': { error: /^SyntaxError: invalid syntax/ },
  // The fixture runs an event loop of its own, where one runs already.
  'rejects-later': false,
  'prints-frames': false,
  // Hooks take a context where clouds have one.
  'throws-at-init': false,
  'never-ready': false,
};

/** What comes of rows on Knative, for a form of code. */
export function knativeTable({ id }: { id: string }): Differences {
  return id === 'custom' ? knativePrograms : id === 'python' ? knativePython : knativeDiffers;
}
