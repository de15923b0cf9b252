import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpTrigger } from '../../../runtime/model/functionDefinition.ts';
import type { HttpAuth } from '../../../runtime/model/httpAuth.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const stated = '';
const trigger = (shape: string, auth: HttpAuth): HttpTrigger => ({
  kind: 'http',
  name: 'http',
  path: '/*',
  methods: [],
  shape,
  auth,
});

function refusal(
  platform: string,
  shape: string,
  auth: HttpAuth,
  headers: Record<string, string> = {},
  url = '/',
): [status: number, body: unknown] | undefined {
  const facts = { trigger: trigger(shape, auth), requestId: 'ID', nowMs: now };
  const answer = findPlatform(platform)!.httpAuth!({ rawHeaders: Object.entries(headers), url }, auth, facts);
  return answer && [answer.status, JSON.parse(Buffer.from(answer.body).toString())];
}

const signature: HttpAuth = { kind: 'signature', stated };
const acs = 'ACS3-HMAC-SHA256 Credential=AK,SignedHeaders=host;x-acs-date,Signature=0a1b';
const fcError = (Code: string, Message: string) => ({ Code, Message, RequestId: 'ID' });

test('Function Compute: what is missing is a bad request, what is wrong is forbidden', () => {
  const of = (headers: Record<string, string>) => refusal('aliyun-fc', 'fc3', signature, headers);
  const date = new Date(now - 14 * 60_000).toUTCString();
  assert.deepEqual(of({}), [
    400,
    fcError('MissingRequiredHeader', 'required HTTP header Date was not specified'),
  ]);
  assert.deepEqual(of({ Date: date }), [
    400,
    fcError('MissingRequiredHeader', 'required HTTP header Authorization was not specified'),
  ]);
  assert.deepEqual(
    [of({ Date: date, Authorization: 'Bearer x' })?.[0], of({ Date: 'soon', Authorization: acs })?.[0]],
    [403, 403],
  );
  const late = new Date(now - 16 * 60_000).toISOString();
  const refused = of({ 'X-Acs-Date': late, Authorization: acs });
  assert.deepEqual(refused, [
    403,
    fcError('SignatureNotMatch', 'the time of the request differs by more than 15 minutes'),
  ]);
  assert.equal(of({ 'x-acs-date': new Date(now).toISOString(), authorization: acs }), undefined);
  assert.equal(of({ Date: date, Authorization: 'FC AK:c2lnbmVk' }), undefined);
});

test('Function Compute: tokens where the trigger looks for them', () => {
  const auth: HttpAuth = { kind: 'token', stated, from: { query: 'token' } };
  assert.equal(refusal('aliyun-fc', 'fc3', auth)?.[0], 403);
  assert.equal(refusal('aliyun-fc', 'fc3', auth, {}, '/x?token=a.b.c'), undefined);
});

test('Lambda: each kind of API has its own answer', () => {
  const rows: [shape: string, kind: HttpAuth['kind'], status: number, body: object][] = [
    ['function-url', 'signature', 403, { Message: 'Forbidden' }],
    ['http-api', 'signature', 403, { message: 'Forbidden' }],
    ['rest-api', 'signature', 403, { message: 'Missing Authentication Token' }],
    ['rest-api', 'token', 401, { message: 'Unauthorized' }],
    ['http-api', 'token', 401, { message: 'Unauthorized' }],
    ['rest-api', 'apiKey', 403, { message: 'Forbidden' }],
  ];
  const good: Record<HttpAuth['kind'], Record<string, string>> = {
    signature: {
      Authorization:
        'AWS4-HMAC-SHA256 Credential=AK/20260102/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0a',
    },
    token: { authorization: 'Bearer x' },
    apiKey: { 'X-Api-Key': 'k' },
  };
  for (const [shape, kind, status, body] of rows) {
    assert.deepEqual(refusal('aws-lambda', shape, { kind, stated }), [status, body], `${shape} ${kind}`);
    assert.equal(refusal('aws-lambda', shape, { kind, stated }, good[kind]), undefined, `${shape} ${kind}`);
  }
  const presigned = '/?X-Amz-Credential=AK%2F20260102&X-Amz-Signature=0a';
  assert.equal(refusal('aws-lambda', 'function-url', signature, {}, presigned), undefined);
});

test('Lambda: events say who called', () => {
  const event = (shape: string, auth: HttpAuth, headers: [string, string][]) => {
    const request = {
      method: 'GET',
      url: '/',
      rawHeaders: headers,
      body: Buffer.alloc(0),
      remoteAddress: '127.0.0.1',
      pathParameters: {},
    };
    const bytes = findPlatform('aws-lambda')!.httpEvent(
      request,
      trigger(shape, auth),
      functionDefinition('/p'),
      { requestId: 'ID', trigger: 'http', at: new Date(now) },
    );
    const { requestContext } = JSON.parse(Buffer.from(bytes).toString()) as {
      requestContext: Record<string, unknown>;
    };
    return requestContext;
  };
  const signed: [string, string] = [
    'authorization',
    'AWS4-HMAC-SHA256 Credential=AK/2/r/lambda/aws4_request',
  ];
  const ofUrl = event('function-url', signature, [signed]);
  assert.equal(ofUrl['accountId'], '123456789012');
  assert.deepEqual(ofUrl['authorizer'], {
    iam: {
      accessKey: 'AK',
      accountId: '123456789012',
      callerId: '123456789012',
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: 'arn:aws:iam::123456789012:root',
      userId: '123456789012',
    },
  });
  assert.equal(event('function-url', signature, [])['accountId'], 'anonymous');
  const claims = Buffer.from('{"sub":"ann","groups":["a","b"],"exp":17}').toString('base64url');
  const bearer: [string, string] = ['Authorization', `Bearer e30.${claims}.sig`];
  const token: HttpAuth = { kind: 'token', stated };
  const texts = { sub: 'ann', groups: '[a b]', exp: '17' };
  assert.deepEqual(event('http-api', token, [bearer])['authorizer'], {
    jwt: { claims: texts, scopes: null },
  });
  assert.deepEqual(event('rest-api', token, [bearer])['authorizer'], { claims: texts });
  assert.equal(event('http-api', token, [['Authorization', 'opaque']])['authorizer'], undefined);
});
