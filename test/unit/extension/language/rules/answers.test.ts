import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FunctionFacts } from '../../../../../extension/language/server/rules/facts.ts';
import { facts, findings, fixed, httpTrigger, marked } from '../../../../support/checkRules.ts';

const fc: Partial<FunctionFacts> = { platform: 'aliyun-fc' };

/* Callback and promise. */

test('an async handler that answers by its callback', () => {
  const text = `exports.handler = async (event, context, callback) => {
  if (!event.ok) return callback(new Error('no'));
  callback(null, { ok: true });
};`;
  const [found] = findings('callback-and-promise', text);
  assert.match(found!.message, /^This handler is async and answers by callback all the same: Node.js 24/);
  assert.equal(found!.fails, undefined);
  assert.equal(
    fixed('callback-and-promise', text),
    `exports.handler = async (event, context) => {
  if (!event.ok) throw new Error('no');
  return { ok: true };
};`,
  );
});

test('an answer that gets lost', () => {
  const both = `exports.handler = async (event, context, callback) => {\n  callback(null, 1);\n  return 2;\n};`;
  const [found] = findings('callback-and-promise', both);
  assert.match(found!.message, /by callback and by what it returns: the first counts/);
  assert.equal(found!.fails, true);
  assert.equal(found!.fix, undefined);
  const late = `exports.handler = async (event, context, callback) => {\n  db.get(event, (error, row) => callback(error, row));\n};`;
  assert.match(findings('callback-and-promise', late)[0]!.message, /its promise answers first/);
});

test('a runtime that refuses callbacks', () => {
  const text = 'exports.handler = async (event, context, done) => done(null, 1);';
  const [found] = findings('callback-and-promise', text, { runtimeVersion: 24 });
  assert.match(
    found!.message,
    /^Node.js 24 of Lambda refuses handlers with a callback: hello does not start/,
  );
});

test('handlers that answer in one way', () => {
  const silent: [string, Partial<FunctionFacts>?][] = [
    ['exports.handler = (event, context, callback) => callback(null, 1);'],
    ['exports.handler = async (event, context) => 1;'],
    ['exports.handler = async (event, context, callback) => 1;'],
    ['exports.handler = async () => { const callback = () => 1; callback(); };'],
    ['exports.handler = wrap(async (event, context, callback) => callback(null, 1));'],
    [
      'exports.handler = async (event, context, callback) => callback(null, 1);',
      { ...fc, runtimeVersion: 14 },
    ],
    ['exports.handler = async (context, body, callback) => callback(null, 1);', { platform: 'knative' }],
  ];
  for (const [text, own] of silent) assert.deepEqual(marked('callback-and-promise', text, own), [], text);
});

/* A handler that never answers. */

const silentPaths: [name: string, text: string, marked: string][] = [
  [
    'an early return',
    `exports.handler = (event, context, callback) => {
  if (!event.id) {
    console.log('no id');
    return;
  }
  callback(null, event.id);
};`,
    '4: return;',
  ],
  [
    'the end',
    `exports.handler = (event, context, callback) => {\n  if (event.id) callback(null, 1);\n};`,
    '3: }',
  ],
  [
    'a case',
    `exports.handler = function (event, context, cb) {
  switch (event.kind) {
    case 'a':
      return cb(null, 'a');
    case 'b':
      console.log('b');
      break;
    default:
      cb(new Error('kind'));
  }
};`,
    '11: }',
  ],
  [
    'an error that ends in the log',
    `exports.handler = (event, context, callback) => {
  db.get(event.id, (err, data) => {
    if (err) {
      console.error(err);
      return;
    }
    callback(null, data);
  });
};`,
    '5: return;',
  ],
  [
    'a connection that fails',
    `exports.handler = (event, context, callback) => {
  connection.connect(function (err) {
    if (err) {
      console.error(err.stack);
      return;
    }
    connection.query('select 1', (error, rows) => callback(error, rows));
  });
};`,
    '5: return;',
  ],
  [
    'an error with an else',
    `exports.handler = (event, context, callback) => {
  db.get(event.id, (err, data) => {
    if (err) console.error(err);
    else callback(null, data);
  });
};`,
    '3: err',
  ],
];

for (const [name, text, expected] of silentPaths) {
  test(`no answer: ${name}`, () => assert.deepEqual(marked('never-answers', text, fc), [expected]));
}

const answered: [name: string, text: string, own?: Partial<FunctionFacts>][] = [
  ['on every path', `exports.handler = (e, c, callback) => { if (e) callback(null, 1); else callback(e); };`],
  [
    'later',
    `exports.handler = (e, c, callback) => { get(e).then((x) => callback(null, x)).catch(callback); };`,
  ],
  [
    'by a helper',
    `exports.handler = (e, c, callback) => { const done = (x) => callback(null, x); if (e) return done(1); done(2); };`,
  ],
  ['by a function that gets it', `exports.handler = (e, c, callback) => { respond(e, callback); };`],
  [
    'by the context',
    `exports.handler = (e, context, callback) => { if (e) return context.succeed(1); callback(null, 1); };`,
  ],
  [
    'by an exception',
    `exports.handler = (e, c, callback) => { if (!e) throw new Error('e'); callback(null, 1); };`,
  ],
  [
    'by try and catch',
    `exports.handler = (e, c, callback) => { try { callback(null, f(e)); } catch (error) { callback(error); } };`,
  ],
  [
    'by a listener',
    `exports.handler = (x, c, cb) => { on('data', (e) => { if (e) { return; } cb(null, x); }); };`,
  ],
  [
    'by what comes after the error',
    `exports.handler = (e, c, cb) => { db.get(e, (err, data) => { if (err) { log(err); } cb(err, data); }); };`,
  ],
  ['by a promise', `exports.handler = async (e, c, callback) => { if (!e) return; callback(null, 1); };`],
  [
    'by a promise on one path',
    `exports.handler = (e, c, callback) => { if (e) return run(e); callback(null, 1); };`,
  ],
  ['without a callback', `exports.handler = (e, c) => { if (!e) return; return 1; };`],
  ['with one that is not used', `exports.handler = (e, c, callback) => { return 1; };`],
  [
    'in a loop',
    `exports.handler = (e, c, callback) => { for (const each of e) { if (each) return callback(null, each); } callback(null, 0); };`,
  ],
  ['while it is typed', `exports.handler = (e, c, callback) => { if (e) { callback(null, 1) } else {`],
];

for (const [name, text, own] of answered) {
  test(`answered: ${name}`, () => assert.deepEqual(marked('never-answers', text, own ?? fc), []));
}

test('what a missing answer means is the platform’s', () => {
  const [, text] = silentPaths[0]!;
  assert.match(findings('never-answers', text)[0]!.message, /Lambda answers null/);
  assert.match(findings('never-answers', text, fc)[0]!.message, /waits until hello is ended by its time-out/);
});

test('a response that is never sent (Function Compute 2.0)', () => {
  const http = { ...fc, answersByResponse: true, triggers: [httpTrigger('fc2')] };
  const text = `exports.handler = (req, resp, context) => {
  resp.setHeader('a', 'b');
  if (req.method === 'POST') return;
  resp.send('hello');
};`;
  assert.deepEqual(marked('never-answers', text, http), ['3: return;']);
  const right = `exports.handler = (req, resp, context) => { getRawBody(req, (err, body) => { resp.send(body); }); };`;
  assert.deepEqual(marked('never-answers', right, http), []);
});

/* Shapes of answers. */

const rest = { triggers: [httpTrigger('rest-api')] };
const answers = (body: string): string => `exports.handler = async (event) => {\n  ${body}\n};`;

test('what a REST API refuses', () => {
  const refused: [string, string][] = [
    [`return { statusCode: 200, body: { ok: true } };`, '2: { ok: true }'],
    [`return { statusCode: 200, body: [1] };`, '2: [1]'],
    [`return { statusCode: 'ok', body: '' };`, `2: 'ok'`],
    [`return { statusCode: 99, body: '' };`, '2: 99'],
    [`return 'hello';`, `2: 'hello'`],
    [`return [1, 2];`, '2: [1, 2]'],
    [`return { statusCode: 200, headers: { 'Set-Cookie': ['a=1', 'b=2'] }, body: '' };`, `2: ['a=1', 'b=2']`],
    [`return event.ok ? { statusCode: 200, body: {} } : fail();`, '2: {}'],
  ];
  for (const [body, expected] of refused)
    assert.deepEqual(marked('response-shape', answers(body), rest), [expected], body);
  const helper = `const answer = (status) => ({ statusCode: status, body: { status } });\nexports.handler = async () => answer(200);`;
  assert.deepEqual(marked('response-shape', helper, rest), ['1: { status }']);
  const callback = `exports.handler = (e, c, callback) => callback(null, { statusCode: 200, body: {} });`;
  assert.deepEqual(marked('response-shape', callback, rest), ['1: {}']);
});

test('what a REST API takes', () => {
  const taken = [
    `return { statusCode: 200, body: JSON.stringify({ ok: true }) };`,
    `return { statusCode: '200', body: '' };`,
    'return { statusCode: 204 };',
    'return { statusCode: code, headers, body };',
    `return { ...common, body: {} };`,
    'return answer(200, {});',
    `return { statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] }, body: '' };`,
    'list.map(() => { return "text"; });\n  return { statusCode: 200 };',
  ];
  for (const body of taken) assert.deepEqual(marked('response-shape', answers(body), rest), [], body);
});

test('an answer that becomes a body, and what is none of the rule’s business', () => {
  const meant = answers(`return { headers: { a: 'b' }, body: 'x' };`);
  for (const shape of ['http-api', 'function-url', 'fc3'])
    assert.equal(marked('response-shape', meant, { triggers: [httpTrigger(shape)] }).length, 1, shape);
  const plain = answers('return { body: {}, ok: true };');
  assert.deepEqual(marked('response-shape', plain, { triggers: [httpTrigger('http-api')] }), []);
  const bad = answers('return { statusCode: 200, body: {} };');
  assert.deepEqual(marked('response-shape', bad), [], 'no HTTP trigger');
  const mixed = { triggers: [...rest.triggers, { kind: 'timer', name: 't', config: {} } as const] };
  assert.deepEqual(marked('response-shape', bad, mixed), [], 'called by others as well');
  assert.deepEqual(
    marked('response-shape', `exports.handler = middy(async () => ({ statusCode: 200, body: {} }));`, rest),
    [],
  );
});

test('the fix of a body', () => {
  const text = answers('return { statusCode: 200, body: { ok: true } };');
  assert.equal(
    fixed('response-shape', text, rest),
    answers('return { statusCode: 200, body: JSON.stringify({ ok: true }) };'),
  );
  assert.equal(facts().name, 'hello');
});
