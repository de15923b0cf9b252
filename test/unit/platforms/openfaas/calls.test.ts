import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerFacts, Outcome } from '../../../../runtime/model/platform.ts';
import { webResult } from '../../../../runtime/model/webMessage.ts';
import { findPlatform } from '../../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

const openfaas = findPlatform('openfaas')!;
const trigger = { kind: 'http', name: 'function', path: '/function/hello/*', shape: 'web' } as const;
const bytes = (text: string): Uint8Array => Buffer.from(text);

function answerOf(outcome: Outcome, facts: AnswerFacts = { requestId: 'made' }) {
  const { status, headers, body } = openfaas.httpResponse(outcome, { ...trigger, methods: [] }, facts);
  return { status, headers: Object.fromEntries(headers), body: Buffer.from(body).toString() };
}

test('answers say which call they are of, when it began and how long it took', () => {
  const result = webResult({ status: 200, headers: [], body: bytes('hi') });
  const facts = { requestId: 'made', request: { rawHeaders: [] }, at: new Date(5), elapsedMs: 0.311 };
  assert.deepEqual(answerOf({ kind: 'result', body: result }, facts), {
    status: 200,
    headers: { 'X-Call-Id': 'made', 'X-Start-Time': '5000000', 'X-Duration-Seconds': '0.000311' },
    body: 'hi',
  });
});

test("a caller's own id goes through, and what the function says of its call stays", () => {
  const request = { rawHeaders: [['x-call-id', 'given'] as [string, string]] };
  const plain = webResult({ status: 200, headers: [], body: bytes('') });
  assert.equal(
    answerOf({ kind: 'result', body: plain }, { requestId: 'made', request }).headers['X-Call-Id'],
    'given',
  );
  const own = webResult({ status: 200, headers: [['x-duration-seconds', '7']], body: bytes('') });
  const { headers } = answerOf({ kind: 'result', body: own }, { requestId: 'made', elapsedMs: 1 });
  assert.deepEqual(headers, { 'x-duration-seconds': '7', 'X-Call-Id': 'made' });
});

const timeouts: [header: string, ms: number | undefined][] = [
  ['1s', 1000],
  ['1m30s', 90_000],
  ['250ms', 250],
  ['5', undefined],
  ['soon', undefined],
  ['-1s', undefined],
  ['', undefined],
];
for (const [header, ms] of timeouts) {
  test(`X-Timeout "${header}" is ${ms === undefined ? 'not heeded' : `${ms} ms`}`, () => {
    assert.equal(openfaas.callerTimeoutMs!({ rawHeaders: [['X-Timeout', header]] }), ms);
  });
}

test('a namespace behind a name leads to the same function', () => {
  assert.equal(openfaas.usualPath!('/function/hello.openfaas-fn/a.b'), '/function/hello/a.b');
  assert.equal(openfaas.usualPath!('/function/hello/a.b'), undefined);
  assert.equal(openfaas.usualPath!('/function/.x'), undefined);
  assert.equal(openfaas.usualPath!('/other/a.b'), undefined);
});

test('only paths of functions are answered as unknown ones', () => {
  const { status, body } = openfaas.unknownPath!('/function/nobody')!;
  assert.equal(status, 404);
  assert.match(Buffer.from(body).toString(), /^error finding function nobody: /);
  assert.equal(openfaas.unknownPath!('/functions'), undefined);
});

function asyncCall(headers: Record<string, string>) {
  const endpoint = openfaas.invokeApi!.at('/async-function/hello/a')!;
  const call = endpoint.read({ query: new URLSearchParams(), headers });
  if ('kind' in call) throw new Error(call.kind);
  return { endpoint, call };
}

test('an asynchronous call keeps what its caller says of it', () => {
  const { endpoint, call } = asyncCall({
    'x-call-id': 'given',
    'x-timeout': '2s',
    'x-callback-url': 'http://127.0.0.1/x',
  });
  const { callId, timeoutMs, callbackUrl, mode } = call;
  assert.deepEqual([callId, timeoutMs, callbackUrl, mode], ['given', 2000, 'http://127.0.0.1/x', 'async']);
  assert.deepEqual(endpoint.accepted(call, 'made').headers[0], ['X-Call-Id', 'given']);
  assert.deepEqual(asyncCall({}).endpoint.accepted(asyncCall({}).call, 'made').headers[0], [
    'X-Call-Id',
    'made',
  ]);
});

test('a callback has the headers of the function, of the call, and none of the connection', () => {
  const { endpoint, call } = asyncCall({});
  const body = webResult({
    status: 418,
    headers: [
      ['Content-Type', 'text/tea'],
      ['Connection', 'close'],
      ['Content-Length', '3'],
      ['x-function-name', 'forged'],
    ],
    body: bytes('tea'),
  });
  const record = { function: 'hello', durationMs: 12.5 } as Parameters<
    NonNullable<typeof endpoint.callback>
  >[0]['record'];
  const callback = endpoint.callback!(
    { call, definition: functionDefinition('/p'), outcome: { kind: 'result', body }, record },
    'made',
  );
  assert.equal(Buffer.from(callback.body).toString(), 'tea');
  assert.deepEqual(callback.headers, [
    ['Content-Type', 'text/tea'],
    ['X-Call-Id', 'made'],
    ['X-Duration-Seconds', '0.012500'],
    ['X-Function-Status', '418'],
    ['X-Function-Name', 'hello'],
    ['User-Agent', 'queue-worker'],
  ]);
});
