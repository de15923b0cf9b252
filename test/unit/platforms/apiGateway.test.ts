import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayRequest, Outcome } from '../../../runtime/model/platform.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const fc = findPlatform('aliyun-fc')!;
const hello = functionDefinition('/project', { name: 'hello', platform: 'aliyun-fc' });
const trigger = {
  kind: 'http' as const,
  name: 'http',
  path: '/orders/{id}',
  methods: [],
  shape: 'api-gateway',
};

function eventOf(request: Partial<GatewayRequest>): unknown {
  const whole = {
    method: 'POST',
    url: '/orders/7',
    rawHeaders: [],
    body: new Uint8Array(),
    remoteAddress: '127.0.0.1',
    pathParameters: { id: '7' },
    ...request,
  };
  const facts = { requestId: '1', trigger: 'http', at: new Date(0) };
  return JSON.parse(Buffer.from(fc.httpEvent(whole, trigger, hello, facts)).toString());
}

function answerOf(outcome: Outcome) {
  const { status, headers, body } = fc.httpResponse(outcome, trigger, { requestId: 'ID' });
  return { status, headers, body: Buffer.from(body).toString('latin1') };
}
const result = (value: unknown): Outcome => ({
  kind: 'result',
  body: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
});

test('a route of the API Gateway gives its function the event of that', () => {
  assert.deepEqual(
    eventOf({
      url: '/orders/a%20b?page=1&tag=x&tag=y',
      rawHeaders: [
        ['content-type', 'application/json; charset=utf-8'],
        ['x-own', '1'],
        ['X-Own', '2'],
      ],
      body: Buffer.from('{"a":1}'),
      pathParameters: { id: 'a b' },
    }),
    {
      path: '/orders/a b',
      httpMethod: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'X-Own': '1,2' },
      queryParameters: { page: '1', tag: 'x,y' },
      pathParameters: { id: 'a b' },
      body: '{"a":1}',
      isBase64Encoded: false,
    },
  );
});

test('bodies that are no text are base64', () => {
  const { body, isBase64Encoded } = eventOf({
    rawHeaders: [['Content-Type', 'image/png']],
    body: Buffer.from([255, 0]),
  }) as { body: string; isBase64Encoded: boolean };
  assert.deepEqual([body, isBase64Encoded], ['/wA=', true]);
});

test('its answer is the status, headers and body that the function returns', () => {
  const headers = { 'X-Own': 'yes', Server: 'mine', 'Content-Length': '99' };
  assert.deepEqual(answerOf(result({ isBase64Encoded: false, statusCode: 201, headers, body: 'made' })), {
    status: 201,
    headers: [
      ['X-Own', 'yes'],
      ['Server', 'mine'],
      ['X-Ca-Request-Id', 'ID'],
    ],
    body: 'made',
  });
  const binary = answerOf(result({ isBase64Encoded: true, statusCode: '200', headers: {}, body: '/wA=' }));
  assert.deepEqual([binary.status, binary.body], [200, '\xff\x00']);
});

const error = { type: 'Error', message: 'secret', stack: [] };
const failures: [what: string, outcome: Outcome][] = [
  ['text', result('plain')],
  ['an object without a status', result({ body: 'x' })],
  ['a status that is none', result({ statusCode: 7, body: 'x' })],
  ['an error', { kind: 'error', error, handled: false, category: 'unhandled', body: Buffer.from('{}') }],
];
for (const [what, outcome] of failures) {
  test(`${what} is answered as a failure of the function`, () => {
    const { status, body } = answerOf(outcome);
    assert.deepEqual([status, body], [503, 'Service Unavailable']);
  });
}
