import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { test, type TestContext } from 'node:test';
import { text } from 'node:stream/consumers';
import type { Answered, Listener } from '../../../../../runtime/languages/custom/conversation.ts';
import { RuntimeApi } from '../../../../../runtime/languages/custom/runtimeApi.ts';
import { SentStream } from '../../../../../runtime/languages/custom/sentStream.ts';
import { programOf } from '../../../../../runtime/model/program.ts';
import { findPlatform } from '../../../../../runtime/platforms/index.ts';
import type { RawError } from '../../../../../runtime/protocol/instance/messages.ts';
import { systemClock } from '../../../../../runtime/support/clock.ts';
import { functionDefinition } from '../../../../support/functionDefinition.ts';

interface Told {
  answered: [id: string, Answered][];
  failed: [id: string, RawError, body: string][];
  initFailed: RawError[];
  streamed: string[];
}

/** Lambda's runtime API as a program sees it, and what the instance is told. */
async function serve(t: TestContext) {
  const told: Told = { answered: [], failed: [], initFailed: [], streamed: [] };
  const definition = { ...functionDefinition('/p'), platform: 'aws-lambda', language: 'custom' };
  const none = (): void => {};
  const listener: Listener = {
    clock: systemClock,
    definition,
    program: programOf(definition),
    limits: { ...findPlatform('aws-lambda')!.limits, responseBytes: 100 },
    concurrency: 1,
    env: {},
    debugged: false,
    beside: { log: none, watch: none, forget: none },
    ready: none,
    initFailed: (error) => void told.initFailed.push(error),
    hook: () => Promise.resolve(),
    stream: async (_id, _start, source) => {
      const stream = new SentStream(source, (chunk) => {
        told.streamed.push(chunk.toString());
        stream.taken(chunk.byteLength);
      });
      return { complete: await stream.ended };
    },
    answered: (id, answered) => void told.answered.push([id, answered]),
    failed: (id, _startUs, error, body) => void told.failed.push([id, error, body.toString()]),
    listensForTermination: none,
    terminate: none,
    mayHaveEnded: none,
    giveUp: none,
  };
  const api = new RuntimeApi(listener);
  const { AWS_LAMBDA_RUNTIME_API: address } = await api.open();
  t.after(() => api.close());
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const answer = await fetch(`http://${address}${path}`, { method, ...init });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  };
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    ask('POST', `/2018-06-01/runtime${path}`, { body, headers });
  /** Hands an event over, and takes it. */
  const begin = async (id: string) => {
    api.invoke({ type: 'invoke', id, timeoutMs: 3000, context: {}, debugged: false }, Buffer.from('{"a":1}'));
    return ask('GET', '/2018-06-01/runtime/invocation/next');
  };
  return { told, ask, post, begin, address: address! };
}

test('an event, its result, and what is said of a second one', async (t) => {
  const { told, post, begin, ask } = await serve(t);
  const next = await begin('one');
  assert.equal(next.body, '{"a":1}');
  assert.equal(next.headers.get('lambda-runtime-aws-request-id'), 'one');
  assert.match(next.headers.get('lambda-runtime-deadline-ms') ?? '', /^\d{13}$/);
  const running = await ask('GET', '/2018-06-01/runtime/invocation/next');
  assert.equal(running.status, 403);
  const sent = await post('/invocation/one/response', '"x"');
  assert.deepEqual([sent.status, JSON.parse(sent.body)], [202, { status: 'OK' }]);
  assert.deepEqual(
    told.answered.map(([id, { body }]) => [id, body.toString()]),
    [['one', '"x"']],
  );
  for (const path of ['/invocation/one/response', '/invocation/one/error', '/init/error']) {
    const again = await post(path, '{}');
    assert.deepEqual([again.status, errorType(again.body)], [403, 'InvalidStateTransition'], path);
  }
});

const errorType = (body: string) => (JSON.parse(body) as { errorType: string }).errorType;

const refusals: [
  what: string,
  path: string,
  body: string,
  headers: Record<string, string>,
  status: number,
  type: string,
][] = [
  ['an unknown id', '/invocation/nobody/response', '"x"', {}, 400, 'InvalidRequestID'],
  ['an unknown id of an error', '/invocation/nobody/error', '{}', {}, 400, 'InvalidRequestID'],
  ['too large a result', '/invocation/one/response', 'x'.repeat(101), {}, 413, 'RequestEntityTooLarge'],
  [
    'a mode that is none',
    '/invocation/one/response',
    '"x"',
    { 'Lambda-Runtime-Function-Response-Mode': 'sideways' },
    400,
    'InvalidFunctionResponseMode',
  ],
];
for (const [what, path, body, headers, status, type] of refusals) {
  test(`refused: ${what}`, async (t) => {
    const { told, post, begin } = await serve(t);
    await begin('one');
    const answer = await post(path, body, headers);
    assert.deepEqual([answer.status, errorType(answer.body)], [status, type]);
    if (status === 413) assert.deepEqual(told.answered[0]?.[1].omittedBytes, 101);
  });
}

test('errors: their types have the form of the platform', async (t) => {
  const rows: [header: string | undefined, body: string, type: string][] = [
    ['Function.Broken', '{"errorMessage":"no","errorType":"Own"}', 'Own'],
    ['Runtime.Odd', 'no JSON', 'Runtime.Odd'],
    ['something', 'no JSON', 'Function.Unknown'],
    [undefined, 'no JSON', 'Function.Unknown'],
  ];
  const { told, post, begin } = await serve(t);
  for (const [index, [header, body, type]] of rows.entries()) {
    await begin(`${index}`);
    const headers: Record<string, string> = header ? { 'Lambda-Runtime-Function-Error-Type': header } : {};
    assert.equal((await post(`/invocation/${index}/error`, body, headers)).status, 202);
    assert.deepEqual([told.failed[index]?.[1].type, told.failed[index]?.[2]], [type, body]);
  }
});

test('an initialization that failed is told once', async (t) => {
  const { told, post } = await serve(t);
  const headers = { 'Lambda-Runtime-Function-Error-Type': 'Runtime.NoConfig' };
  assert.equal((await post('/init/error', 'no JSON', headers)).status, 202);
  assert.equal((await post('/init/error', '{}')).status, 403);
  assert.deepEqual(
    told.initFailed.map(({ type }) => type),
    ['Runtime.NoConfig'],
  );
});

test('other paths and methods', async (t) => {
  const { ask } = await serve(t);
  assert.deepEqual((await ask('GET', '/ping')).body, 'pong');
  assert.equal((await ask('GET', '/2018-06-01/runtime/other')).status, 404);
  assert.equal((await ask('GET', '/elsewhere')).status, 404);
  assert.equal((await ask('POST', '/2018-06-01/runtime/invocation/next')).status, 405);
  assert.equal((await ask('GET', '/2018-06-01/runtime/invocation/one/response')).status, 405);
});

/** A streamed result; the caller writes and ends it. */
function stream(address: string, id: string) {
  const outgoing = request(`http://${address}/2018-06-01/runtime/invocation/${id}/response`, {
    method: 'POST',
    headers: {
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      'Transfer-Encoding': 'chunked',
      Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    },
  });
  const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.once('response', (response: IncomingMessage) => {
      void text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
  return { outgoing, answer };
}

test('a streamed result, and one whose trailers say that it failed', async (t) => {
  const { told, begin, address } = await serve(t);
  await begin('good');
  const good = stream(address, 'good');
  // Longer than a result in one piece may be.
  good.outgoing.write('x'.repeat(90));
  good.outgoing.end('y'.repeat(90));
  assert.equal((await good.answer).status, 202);
  assert.equal(told.streamed.join(''), 'x'.repeat(90) + 'y'.repeat(90));
  assert.deepEqual(
    told.answered.map(([id, { body }]) => [id, body.byteLength]),
    [['good', 0]],
  );

  await begin('bad');
  const bad = stream(address, 'bad');
  const body = '{"errorMessage":"broke off","errorType":"Function.Broken"}';
  bad.outgoing.write('begun');
  bad.outgoing.addTrailers({
    'Lambda-Runtime-Function-Error-Type': 'Function.Broken',
    'Lambda-Runtime-Function-Error-Body': Buffer.from(body).toString('base64'),
  });
  bad.outgoing.end();
  assert.equal((await bad.answer).status, 202);
  assert.deepEqual(
    told.failed.map(([id, { type, message }, said]) => [id, type, message, said]),
    [['bad', 'Function.Broken', 'broke off', body]],
  );

  await begin('bare');
  const bare = stream(address, 'bare');
  bare.outgoing.write('begun');
  bare.outgoing.addTrailers({ 'Lambda-Runtime-Function-Error-Type': 'nonsense' });
  bare.outgoing.end();
  await bare.answer;
  assert.deepEqual(told.failed.at(-1)?.slice(2), ['{"errorType":"Function.Unknown","errorMessage":""}']);
});
