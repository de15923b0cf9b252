import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpTrigger } from '../../../runtime/model/functionDefinition.ts';
import type { GatewayRequest, Outcome } from '../../../runtime/model/platform.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const hello = functionDefinition('/project');
const facts = {
  requestId: 'ID',
  trigger: 'http',
  at: new Date(Date.UTC(2020, 2, 12, 19, 3, 58, 390)),
};

function request(changes: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    method: 'GET',
    url: '/hello/my%20path?a=1&a=2&b=3',
    rawHeaders: [
      ['Host', 'localhost:8080'],
      ['user-agent', 'curl/8'],
      ['X-Multi', 'v1'],
      ['x-multi', 'v2'],
      ['Cookie', 'c=1; d=2'],
    ],
    body: new Uint8Array(),
    remoteAddress: '::ffff:127.0.0.1',
    pathParameters: {},
    ...changes,
  };
}

function trigger(shape: string, changes: Partial<HttpTrigger> = {}): HttpTrigger {
  return { kind: 'http', name: 'http', path: '/hello/*', mount: '/hello', methods: [], shape, ...changes };
}

function event(given: HttpTrigger, of: GatewayRequest = request()): Record<string, unknown> {
  const platform = findPlatform(given.shape === 'fc3' ? 'aliyun-fc' : 'aws-lambda')!;
  return JSON.parse(Buffer.from(platform.httpEvent(of, given, hello, facts)).toString('utf8')) as Record<
    string,
    unknown
  >;
}

const post = (type: string | undefined, body: string | Uint8Array) =>
  request({
    method: 'POST',
    rawHeaders: type === undefined ? [] : [['content-type', type]],
    body: Buffer.from(body as string),
  });

test('the event of a Function Compute HTTP trigger', () => {
  assert.deepEqual(event(trigger('fc3')), {
    version: 'v1',
    rawPath: '/my%20path',
    body: '',
    isBase64Encoded: true,
    headers: { Host: 'localhost:8080', 'User-Agent': 'curl/8', 'X-Multi': 'v1,v2', Cookie: 'c=1; d=2' },
    queryParameters: { a: '1,2', b: '3' },
    requestContext: {
      accountId: '123456789012',
      domainName: 'localhost:8080',
      domainPrefix: 'localhost:8080',
      http: {
        method: 'GET',
        path: '/my path',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'curl/8',
      },
      requestId: 'ID',
      time: '2020-03-12T19:03:58Z',
      timeEpoch: '1584039838390',
    },
  });
});

test('the event of a function URL', () => {
  assert.deepEqual(event(trigger('function-url')), {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/my%20path',
    rawQueryString: 'a=1&a=2&b=3',
    cookies: ['c=1', 'd=2'],
    headers: { host: 'localhost:8080', 'user-agent': 'curl/8', 'x-multi': 'v1,v2' },
    queryStringParameters: { a: '1,2', b: '3' },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'localhost:8080',
      domainName: 'localhost:8080',
      domainPrefix: 'localhost:8080',
      http: {
        method: 'GET',
        path: '/my%20path',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'curl/8',
      },
      requestId: 'ID',
      routeKey: '$default',
      stage: '$default',
      time: '12/Mar/2020:19:03:58 +0000',
      timeEpoch: 1584039838390,
    },
    isBase64Encoded: false,
  });
});

test('the event of an HTTP API route', () => {
  const route = { kind: 'http', name: 'a', path: '/p/{id}', methods: ['GET'], shape: 'http-api' } as const;
  const given = event({ ...route, methods: ['GET'] }, request({ url: '/p/7', pathParameters: { id: '7' } }));
  assert.equal(given['routeKey'], 'GET /p/{id}');
  assert.deepEqual(given['pathParameters'], { id: '7' });
  assert.equal(given['rawQueryString'], '');
  assert.ok(!('queryStringParameters' in given));
  assert.equal(event({ ...route, methods: [] }, request({ url: '/p/7' }))['routeKey'], 'ANY /p/{id}');
  assert.equal(event({ ...route, path: '/*', methods: [] })['routeKey'], '$default');
});

test('the event of a REST API route', () => {
  const route: HttpTrigger = {
    kind: 'http',
    name: 'a',
    path: '/p/{proxy+}',
    methods: ['GET'],
    shape: 'rest-api',
  };
  const given = event(route, request({ url: '/p/a%20b?a=1&a=2', pathParameters: { proxy: 'a b' } }));
  assert.equal(given['resource'], '/p/{proxy+}');
  assert.equal(given['path'], '/p/a b');
  assert.equal(given['httpMethod'], 'GET');
  assert.deepEqual(given['queryStringParameters'], { a: '2' });
  assert.deepEqual(given['multiValueQueryStringParameters'], { a: ['1', '2'] });
  assert.deepEqual(given['pathParameters'], { proxy: 'a b' });
  assert.equal(given['body'], null);
  assert.equal(given['isBase64Encoded'], false);
  const context = given['requestContext'] as Record<string, unknown>;
  assert.equal(context['stage'], 'Prod');
  assert.equal(context['path'], '/Prod/p/a b');
  assert.equal(context['resourcePath'], '/p/{proxy+}');
  assert.equal((context['identity'] as Record<string, unknown>)['sourceIp'], '127.0.0.1');
  assert.equal(event(route, request({ url: '/p/x' }))['queryStringParameters'], null);
});

const bytes = Uint8Array.from([0xff, 0xfe]);
const bodies: [
  shape: string,
  type: string | undefined,
  body: string | Uint8Array,
  isBase64Encoded: boolean,
][] = [
  ['fc3', 'text/plain; charset=utf-8', 'é', false],
  ['fc3', 'application/json', '{}', false],
  ['fc3', 'application/x-www-form-urlencoded', 'a=1', true],
  ['fc3', undefined, 'a', true],
  ['fc3', 'text/plain', bytes, true],
  ['function-url', 'application/json', '{}', false],
  ['function-url', 'application/vnd.api+json', '{}', false],
  ['http-api', 'application/x-www-form-urlencoded', 'a=1', true],
  ['http-api', 'application/octet-stream', bytes, true],
  ['rest-api', 'application/x-www-form-urlencoded', 'a=1', false],
  ['rest-api', 'application/octet-stream', bytes, true],
];

for (const [shape, type, body, isBase64Encoded] of bodies) {
  test(`${shape}: a body of type ${type} arrives as ${isBase64Encoded ? 'base64' : 'text'}`, () => {
    const given = event(trigger(shape), post(type, body));
    assert.equal(given['isBase64Encoded'], isBase64Encoded);
    const expected = isBase64Encoded ? Buffer.from(body as string).toString('base64') : body;
    assert.equal(given['body'], expected);
  });
}

test('hostile requests become events', () => {
  for (const shape of ['fc3', 'function-url', 'http-api', 'rest-api']) {
    const hostile = request({
      url: '/hello/%zz?%zz=1&__proto__=x&a',
      rawHeaders: [
        ['__proto__', 'x'],
        ['X', '\u00ff'],
      ],
    });
    const given = event(trigger(shape), hostile);
    const query = (given['queryParameters'] ?? given['queryStringParameters']) as object;
    assert.ok(Object.hasOwn(query, '__proto__'), shape);
  }
});

const ok = (result: unknown): Outcome => ({
  kind: 'result',
  body: Buffer.from(typeof result === 'string' ? result : JSON.stringify(result)),
});
const failed: Outcome = {
  kind: 'error',
  category: 'unhandled',
  handled: false,
  error: { type: 'TypeError', message: 'secret', stack: [] },
  body: Buffer.from('{"errorMessage":"secret"}'),
};

/** `status content-type body`, and other headers behind it. */
function answer(shape: string, outcome: Outcome): string {
  const platform = findPlatform(shape === 'fc3' ? 'aliyun-fc' : 'aws-lambda')!;
  const { status, headers, body } = platform.httpResponse(outcome, trigger(shape), { requestId: 'ID' });
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const id = shape === 'fc3' ? 'X-Fc-Request-Id' : 'x-amzn-RequestId';
  assert.ok(
    headers.some(([name, value]) => name === id && value === 'ID'),
    'the request id is stated',
  );
  const more = headers.filter(([name]) => name !== id && name.toLowerCase() !== 'content-type');
  return [status, type, Buffer.from(body).toString('latin1'), ...more.map((pair) => pair.join('='))].join(
    ' | ',
  );
}

const json = 'application/json';
const answers: [shape: string, outcome: Outcome, expected: string][] = [
  ['fc3', ok({ a: 1 }), `200 | ${json} | {"a":1}`],
  ['fc3', ok('plain'), `200 | ${json} | plain`],
  ['fc3', ok(''), `200 | ${json} | `],
  [
    'fc3',
    ok({
      statusCode: 201,
      headers: { 'content-type': 'text/html', Server: 'x', 'X-Fc-A': 'b', n: 1 },
      body: 'hi',
    }),
    '201 | text/html | hi | n=1',
  ],
  ['fc3', ok({ statusCode: 200, body: { a: 1 } }), `200 | ${json} | {"a":1}`],
  ['fc3', ok({ statusCode: 200, isBase64Encoded: true, body: '/w==' }), `200 | ${json} | \u00ff`],
  ['fc3', ok({ statusCode: 200, isBase64Encoded: true, body: 'no base64!' }), `200 | ${json} | no base64!`],
  ['fc3', ok({ statusCode: 99, body: 'x' }), '502 | text/plain; charset=utf-8 | Internal Server Error'],
  ['fc3', failed, '502 | text/plain; charset=utf-8 | Internal Server Error'],
  ['function-url', ok({ a: 1 }), `200 | ${json} | {"a":1}`],
  ['function-url', ok('"text"'), `200 | ${json} | "text"`],
  ['function-url', ok('null'), `200 | ${json} | null`],
  [
    'function-url',
    ok({ statusCode: 200, body: 'hi', cookies: ['a=1', 'b=2'] }),
    `200 | ${json} | hi | Set-Cookie=a=1 | Set-Cookie=b=2`,
  ],
  ['function-url', failed, '502 | text/plain; charset=utf-8 | Internal Server Error'],
  ['http-api', ok({ statusCode: 204 }), '204 | text/plain;charset=UTF-8 | '],
  [
    'http-api',
    ok({ statusCode: 200, headers: { 'bad name': 'x', evil: 'a\r\nb: c', ok: 'y' } }),
    '200 | text/plain;charset=UTF-8 |  | ok=y',
  ],
  ['http-api', failed, `500 | ${json} | {"message":"Internal Server Error"}`],
  [
    'rest-api',
    ok({ statusCode: 200, body: 'x', headers: { A: '1' }, multiValueHeaders: { a: ['2', '3'] } }),
    `200 | ${json} | x | a=2 | a=3`,
  ],
  ['rest-api', ok({ body: 'x' }), `200 | ${json} | x`],
  ['rest-api', ok({ statusCode: '201' }), `201 | ${json} | `],
  ['rest-api', ok('"text"'), `502 | ${json} | {"message": "Internal server error"}`],
  [
    'rest-api',
    ok({ statusCode: 200, body: { a: 1 } }),
    `502 | ${json} | {"message": "Internal server error"}`,
  ],
  ['rest-api', failed, `502 | ${json} | {"message": "Internal server error"}`],
];

for (const [shape, outcome, expected] of answers) {
  test(`${shape} answers ${outcome.kind === 'error' ? 'an error' : Buffer.from(outcome.body).toString()}`, () => {
    assert.equal(answer(shape, outcome), expected);
  });
}

test('Function Compute: headers of more than 8 KB, methods and sizes that a trigger does not take', () => {
  const trigger = { kind: 'http' as const, name: 'http', path: '/a', methods: [], shape: 'fc3' };
  const answerOf = (value: string) => {
    const body = Buffer.from(JSON.stringify({ statusCode: 200, headers: { 'x-long': value }, body: 'x' }));
    return findPlatform('aliyun-fc')!.httpResponse({ kind: 'result', body }, trigger, { requestId: 'ID' });
  };
  assert.equal(answerOf('x'.repeat(8000)).status, 200);
  const large = answerOf('x'.repeat(8192));
  assert.deepEqual([large.status, Buffer.from(large.body).toString()], [502, 'Internal Server Error']);
  const refuse = findPlatform('aliyun-fc')!.httpRefusal!;
  const method = refuse({ kind: 'method', method: 'PUT', allowed: ['GET', 'POST'] }, 'ID');
  assert.equal(method.status, 403);
  assert.deepEqual(JSON.parse(Buffer.from(method.body).toString()), {
    Code: 'AccessDenied',
    Message: 'the HTTP method PUT is not allowed, only GET, POST',
    RequestId: 'ID',
  });
  const size = refuse({ kind: 'tooLarge', limit: 10 }, 'ID');
  assert.equal(size.status, 400);
  assert.match(Buffer.from(size.body).toString(), /"EntityTooLarge".*\(10 bytes\)/);
});
