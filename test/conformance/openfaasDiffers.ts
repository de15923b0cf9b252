import type { Differences, Expectation } from './row.ts';

const late: Expectation = {
  status: 'timeout',
  error: /^ExecTimeout: The function did not answer within its 1 s \(exec_timeout\)\.$/,
};

/** A value that the template's server cannot send: it answers with the error, and no status of its own. */
const unsendable = (error: RegExp): Expectation => ({ status: 'error', error });

/** Results as the Node.js templates send them, by express 4: numbers are taken for the status. */
const values: Record<string, Expectation> = {
  undefined: { body: '' },
  null: { body: '' },
  zero: unsendable(/^RangeError: Invalid status code: 0$/),
  number: unsendable(/^RangeError: Invalid status code: 4\.5$/),
  nan: unsendable(/^RangeError: Invalid status code: NaN$/),
  false: { body: 'false' },
  empty: { body: '' },
  text: { body: 'text' },
  list: { body: '[1,{"a":null}]' },
  date: { body: '"1970-01-01T00:00:00.000Z"' },
  bytes: { body: Buffer.from([255, 0, 254]) },
  view: { body: '{"0":1,"1":2,"2":250}' },
  unicode: { body: 'é 😀 𐀀' },
  halfCharacter: { body: 'half \ufffd' },
  bigint: unsendable(/^TypeError: /),
  cycle: unsendable(/^TypeError: Converting circular structure to JSON/),
  nestedBigint: unsendable(/^TypeError: Do not know how to serialize a BigInt$/),
  throwingToJson: unsendable(/^RangeError: not this one$/),
};

/** Rows of what instances and languages do whatever the platform is: the clouds' tables show them. */
const ofLanguagesAlone = [
  'closes-channel-in',
  'closes-channel-out',
  'closes-channel-out-and-waits',
  'closes-output',
  'floods-lines',
  'floods-one-line',
  'floods-one-line-natively',
  'forges-other',
  'forges-twice',
  'forks-talkers',
  'leaves-child',
  'leaves-detached-child',
  'leaves-server',
  'leaves-timer',
  'peaks',
  'prints-frames',
  'prints-natively',
  'writes-absurd-lengths',
  'writes-half-frame',
  'writes-text',
  'writes-unknown-type',
  'writes-wrong-fields',
];

const none = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, false] as const));

/** Bodies beyond the 100 kB of `MAX_JSON_SIZE` are refused before the handler is called. */
const tooLarge: Expectation = {
  status: 'error',
  error: /request entity too large$/,
  body: /request entity too large/,
  http: { status: 413 },
};

/** What comes of rows on OpenFaaS, called by the Node.js template: a request and a context that says what is answered. */
const openfaasDiffers: Differences = {
  ...none(ofLanguagesAlone),
  answers: {
    platformLines: [],
    http: {
      status: 200,
      body: '{"got":{"a":1}}',
      headers: { 'content-type': 'text/html; charset=utf-8' },
    },
  },
  // An object is the body, whatever its fields are called.
  'answers-http': {
    http: { status: 200, body: /^\{"statusCode":201,/, headers: { 'x-kind': null } },
  },
  ...Object.fromEntries(
    Object.entries(values).map(([name, expected]) => [`answers-value ${name}`, expected]),
  ),
  'answers-large 33554433': {
    status: 'error',
    error: /^ResponseTooLarge: /,
    http: { status: 500, body: '' },
    check: () => {},
  },
  'measures-event': tooLarge,
  echoes: { ...tooLarge, body: /request entity too large/ },
  hopes: late,
  'never-answers': { ...late, http: { status: 504, body: '' } },
  'ignores-sigterm': late,
  'blocks-its-loop': late,
  // A function is told the id of its call by a header alone.
  'knows-its-id': false,
  'module-throws': {
    body: /broken at module level/,
    phases: ['queue', 'spawn', 'boot', 'load', 'teardown'],
  },
  // A function has five minutes to become ready.
  'module-blocks': false,
  'module-awaits': false,
  // There are no hooks in a template.
  'throws-at-init': false,
  'never-ready': false,
  'module-syntax-error': { error: /SyntaxError: .*Unexpected token '='$/ },
  // The template answers with what is thrown, and whatever status has been set.
  'throws-error': {
    body: 'TypeError: not like this',
    http: {
      status: 200,
      body: 'TypeError: not like this',
      headers: { 'content-type': 'text/html; charset=utf-8' },
    },
    platformLines: [/^TypeError: not like this\n {4}at /],
  },
  'throws-text': { body: 'just text' },
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
const noValues = none([...Object.keys(values), 'decimal', 'set'].map((name) => `answers-value ${name}`));

const large: Expectation = { body: String(5 * 1024 * 1024), status: 'ok', error: undefined };
const answersJson = { status: 200, body: '{"got":{"a":1}}', headers: { 'content-type': 'application/json' } };
const notReady: Expectation = {
  status: 'crashed',
  error: /^FunctionNotReady: The function is not ready: ".*program\.cjs" ended \(exit code 1\)/,
  at: undefined,
  phases: undefined,
  body: /^The function is not ready: /,
};

/** The same for programs behind the watchdog: their answers are their own, and an error is a status. */
const openfaasPrograms: Differences = {
  ...openfaasDiffers,
  ...noValues,
  ...none(otherPrograms),
  answers: { platformLines: [], http: answersJson },
  'answers-http': { body: /^\{"statusCode":201,/, http: { status: 200 } },
  'measures-event': large,
  echoes: {},
  'throws-error': { body: /"errorMessage":"not like this"/, platformLines: [], http: { status: 500 } },
  'throws-text': { body: /"errorMessage":"just text"/ },
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
};

/** The same for Python, called by the template `python3-http`: its server knows text, bytes and dicts with a body. */
const openfaasPython: Differences = {
  ...openfaasDiffers,
  ...noValues,
  answers: {
    platformLines: [],
    body: '{"got": {"a": 1}}',
    http: {
      status: 200,
      body: '{"got": {"a": 1}}',
      headers: { 'content-type': 'text/html; charset=utf-8' },
    },
  },
  'answers-http': {
    http: { status: 201, body: 'made', headers: { 'x-kind': 'conformance', 'content-type': 'text/plain' } },
  },
  'measures-event': large,
  echoes: {},
  'throws-error': {
    body: /not like this/,
    http: {
      status: 500,
      body: /^<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error<\/title>/,
    },
    platformLines: [],
  },
  'throws-text': false,
  'module-syntax-error': { error: /^SyntaxError: invalid syntax/ },
};

/** What comes of rows on OpenFaaS, for a form of code. */
export function openfaasTable({ id }: { id: string }): Differences {
  return id === 'custom' ? openfaasPrograms : id === 'python' ? openfaasPython : openfaasDiffers;
}
