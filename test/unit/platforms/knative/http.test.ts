import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailureCategory, GatewayRequest, PlatformFault } from '../../../../runtime/model/platform.ts';
import { readWebEvent, webResult } from '../../../../runtime/model/webMessage.ts';
import { findPlatform } from '../../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';

const knative = findPlatform('knative')!;
const hello = functionDefinition('/project', { name: 'hello', platform: 'knative' });
const trigger = {
  kind: 'http',
  name: 'http',
  path: '/hello/*',
  mount: '/hello',
  methods: [],
  shape: 'web',
} as const;

function eventOf(request: Partial<GatewayRequest>) {
  const whole = {
    method: 'GET',
    url: '/hello',
    rawHeaders: [],
    body: new Uint8Array(),
    remoteAddress: '127.0.0.1',
    pathParameters: {},
    ...request,
  };
  const facts = { requestId: '1', trigger: 'http', at: new Date(0) };
  const event = knative.httpEvent(whole, { ...trigger, methods: [] }, hello, facts);
  return readWebEvent(event)!;
}

test('a request keeps what it is, below its mount, and says which way it came', () => {
  const { method, url, headers } = eventOf({
    method: 'PUT',
    url: '/hello/cart?a=1',
    rawHeaders: [['X-Own', 'kept']],
  });
  assert.equal(`${method} ${url}`, 'PUT /cart?a=1');
  assert.deepEqual(headers, [
    ['X-Own', 'kept'],
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-Proto', 'http'],
    ['Forwarded', 'for=127.0.0.1;proto=http'],
  ]);
  assert.equal(eventOf({ url: '/hello?x=1' }).url, '/?x=1');
});

test('what proxies before said is kept in front', () => {
  const rawHeaders: [string, string][] = [
    ['x-forwarded-for', '10.0.0.1'],
    ['X-Forwarded-Proto', 'https'],
    ['forwarded', 'for=10.0.0.1'],
  ];
  const headers = Object.fromEntries(eventOf({ rawHeaders, remoteAddress: '::1' }).headers);
  assert.equal(headers['X-Forwarded-For'], '10.0.0.1, ::1');
  assert.equal(headers['X-Forwarded-Proto'], 'https');
  assert.equal(headers['Forwarded'], 'for=10.0.0.1, for="[::1]";proto=http');
});

test('answers of containers pass, those of proxies stand for what gave none', () => {
  const respond = (category: FailureCategory, fault: PlatformFault) => {
    const error = knative.fault(fault);
    const body = knative.errorBody(error);
    const outcome = { kind: 'error', error, handled: false, category, body } as const;
    const { status, body: text } = knative.httpResponse(
      outcome,
      { ...trigger, methods: [] },
      { requestId: '1' },
    );
    return `${status} ${Buffer.from(text).toString()}`;
  };
  const facts = { requestId: '1', maxMemoryMB: 1, durationMs: 1 };
  assert.equal(
    respond('timeout', { kind: 'timeout', timeoutMs: 1000, at: new Date(0), ...facts }),
    '504 request timeout',
  );
  assert.equal(respond('exit', { kind: 'exit', code: 1, signal: null, ...facts }), '502 EOF\n');
  assert.equal(respond('oom', { kind: 'oom', memoryMB: 64, ...facts }), '502 EOF\n');
  assert.match(
    respond('tooLarge', { kind: 'tooLarge', bytes: 2, limit: 1, ...facts }),
    /^502 The answer of 2 bytes/,
  );
  const answer = { status: 418, headers: [['x-a', 'b']] as [string, string][], body: Buffer.from('short') };
  const passed = knative.httpResponse(
    { kind: 'result', body: webResult(answer) },
    { ...trigger, methods: [] },
    { requestId: '1' },
  );
  assert.deepEqual(passed, answer);
  const full = knative.throttled();
  assert.equal(`${full.status} ${Buffer.from(full.body).toString()}`, '503 pending request queue full\n');
});

test('a container finds what Knative tells it, and users cannot say otherwise', () => {
  const env = knative.environment(hello, {
    instanceId: '1',
    codeRoot: '/project',
    provisioned: false,
    version: '22.1.0',
    startedAt: new Date(0),
  });
  assert.deepEqual(env, {
    PORT: '8080',
    K_SERVICE: 'hello',
    K_CONFIGURATION: 'hello',
    K_REVISION: 'hello-00001',
  });
  for (const name of Object.keys(env)) assert.ok(knative.isReservedVariable(name));
  assert.ok(!knative.isReservedVariable('FUNC_LOG_LEVEL'));
});

test('why a container is not ready', () => {
  const failure = {
    command: './server',
    program: '/project/server',
    byDefault: false,
    code: 3,
    signal: null,
  };
  const messageOf = (why: 'missing' | 'exited' | 'silent') =>
    knative.fault({
      kind: 'start',
      failure: { ...failure, why, port: 8080, waitedMs: 2000, output: 'no database' },
      durationMs: 1,
      maxMemoryMB: 1,
      requestId: '1',
    }).message;
  assert.match(messageOf('missing'), /there is no "\.\/server"\. It printed:\nno database$/);
  assert.match(messageOf('exited'), /ended \(exit code 3\) before it listened/);
  assert.match(messageOf('silent'), /nothing answers on port 8080 after 2 s/);
});
