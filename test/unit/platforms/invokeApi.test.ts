import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import type { ApiCall, ApiEndpoint, Refusal } from '../../../runtime/model/invokeApi.ts';
import type { FailureCategory, Outcome } from '../../../runtime/model/platform.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';
import { recordOf } from '../../support/records.ts';

const lambda = findPlatform('aws-lambda')!;
const fc = findPlatform('aliyun-fc')!;
const lambdaPath = (name: string): string => `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
const streamPath = '/2021-11-15/functions/hello/response-streaming-invocations';
const fcPath = '/2023-03-30/functions/hello/invocations';
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

function at(path: string): ApiEndpoint {
  const endpoint = lambda.invokeApi!.at(path) ?? fc.invokeApi!.at(path);
  assert.ok(endpoint, path);
  return endpoint;
}

function read(path: string, headers: Record<string, string> = {}, query = ''): ApiCall | Refusal {
  return at(path).read({ headers, query: new URLSearchParams(query) });
}

test('paths: only those of the APIs are taken', () => {
  const rows: [path: string, names: string[] | undefined][] = [
    [lambdaPath('hello'), ['hello']],
    [lambdaPath('hello:live'), ['hello']],
    [lambdaPath('arn:aws:lambda:us-east-1:123456789012:function:hello'), ['hello']],
    [lambdaPath('arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:hello:$LATEST'), ['hello']],
    [lambdaPath('123456789012:function:hello'), ['hello']],
    [lambdaPath('function:hello'), ['hello']],
    [lambdaPath('no spaces'), []],
    [streamPath, ['hello']],
    [fcPath, ['hello']],
    ['/2016-08-15/services/shop.live/functions/hello/invocations', ['shop$hello', 'hello']],
    ['/2015-03-31/functions/hello', undefined],
    ['/2015-03-31/functions/hello/invocations/more', undefined],
    ['/2015-03-31/functions', undefined],
    ['/2024/report', undefined],
  ];
  for (const [path, names] of rows) {
    const found = lambda.invokeApi!.at(path) ?? fc.invokeApi!.at(path);
    assert.deepEqual(found?.names, names, path);
  }
});

test('Lambda: what a request asks for', () => {
  const call = read(lambdaPath('hello'), { 'x-amz-log-type': 'Tail', 'x-amzn-trace-id': 'Root=1' });
  assert.deepEqual(call, {
    mode: 'sync',
    limit: 6_291_456,
    tail: true,
    facts: { trace: 'Root=1' },
    notes: [],
  });
  const event = read(lambdaPath('hello:live'), { 'x-amz-invocation-type': 'Event' }, 'Qualifier=live');
  assert.deepEqual(event, {
    mode: 'async',
    limit: 1_048_576,
    tail: false,
    facts: { qualifier: 'live' },
    notes: ['Asked for the version "live": here there is the code of now only.'],
  });
});

const base64 = (value: string): string => Buffer.from(value).toString('base64');

test('Lambda: the client context is JSON in base64, of synchronous calls only', () => {
  const header = { 'x-amz-client-context': base64('{"custom":{"a":"é"}}') };
  const facts = (call: ApiCall | Refusal) => ('facts' in call ? call.facts : call);
  assert.deepEqual(facts(read(lambdaPath('hello'), header)), { clientContext: { custom: { a: 'é' } } });
  assert.deepEqual(facts(read(lambdaPath('hello'), { ...header, 'x-amz-invocation-type': 'Event' })), {});
  const definition = functionDefinition('/p');
  const context = lambda.callContext(definition, {
    requestId: 'ID',
    trigger: 'event',
    call: { clientContext: { a: 1 } },
  });
  assert.deepEqual(context['clientContext'], { a: 1 });
});

const invalid: [name: string, path: string, headers: Record<string, string>, query: string, code: string][] =
  [
    ['name', lambdaPath('no spaces'), {}, '', 'ValidationException'],
    ['qualifier', lambdaPath('hello'), {}, 'Qualifier=a%20b', 'ValidationException'],
    ['two qualifiers', lambdaPath('hello:a'), {}, 'Qualifier=b', 'InvalidParameterValueException'],
    [
      'type',
      lambdaPath('hello'),
      { 'x-amz-invocation-type': 'Sometimes' },
      '',
      'InvalidParameterValueException',
    ],
    [
      'type of stream',
      streamPath,
      { 'x-amz-invocation-type': 'Event' },
      '',
      'InvalidParameterValueException',
    ],
    ['log type', lambdaPath('hello'), { 'x-amz-log-type': 'All' }, '', 'InvalidParameterValueException'],
    ['context', lambdaPath('hello'), { 'x-amz-client-context': '!!' }, '', 'InvalidRequestContentException'],
    [
      'null context',
      lambdaPath('hello'),
      { 'x-amz-client-context': base64('null') },
      '',
      'InvalidRequestContentException',
    ],
    [
      'long context',
      lambdaPath('hello'),
      { 'x-amz-client-context': base64(JSON.stringify('x'.repeat(2700))) },
      '',
      'InvalidRequestContentException',
    ],
    ['FC type', fcPath, { 'x-fc-invocation-type': 'Event' }, '', 'InvalidArgument'],
    ['FC log type', fcPath, { 'x-fc-log-type': 'All' }, '', 'InvalidArgument'],
    ['no delay', fcPath, { 'x-fc-invocation-type': 'Async', 'x-fc-async-delay': '0' }, '', 'InvalidArgument'],
    [
      'long delay',
      fcPath,
      { 'x-fc-invocation-type': 'Async', 'x-fc-async-delay': '3600' },
      '',
      'InvalidArgument',
    ],
    ['delay', fcPath, { 'x-fc-async-delay': 'soon' }, '', 'InvalidArgument'],
    ['task id', fcPath, { 'x-fc-async-task-id': '1 2' }, '', 'InvalidArgument'],
  ];
for (const [name, path, headers, query, code] of invalid) {
  test(`refused: ${name}`, () => {
    const refusal = read(path, headers, query);
    assert.ok('kind' in refusal && refusal.kind === 'invalid', JSON.stringify(refusal));
    assert.equal(refusal.code, code);
    assert.equal(at(path).refuse(refusal, 'ID').status, 400);
  });
}

test('Function Compute: what a request asks for', () => {
  const headers = {
    'x-fc-invocation-type': 'Async',
    'x-fc-async-delay': '1.5',
    'x-fc-async-task-id': 'nightly-1',
  };
  assert.deepEqual(read(fcPath, headers, 'qualifier=LATEST'), {
    mode: 'async',
    limit: 131_072,
    tail: false,
    facts: {},
    notes: [],
    delayMs: 1500,
    taskId: 'nightly-1',
  });
  const sync = read('/2016-08-15/services/shop.prod/functions/hello/invocations', {
    'x-fc-log-type': 'Tail',
  });
  assert.deepEqual(sync, {
    mode: 'sync',
    limit: 33_554_432,
    tail: true,
    facts: { qualifier: 'prod' },
    notes: ['Asked for the version "prod": here there is the code of now only.'],
  });
});

const refusals: [Refusal, lambda: [number, string], fc: [number, string]][] = [
  [{ kind: 'method', method: 'GET' }, [405, 'MethodNotAllowedException'], [400, 'PathNotSupported']],
  [{ kind: 'forbidden', detail: 'no' }, [403, 'AccessDeniedException'], [403, 'AccessDenied']],
  [
    { kind: 'unknownFunction', known: ['a'], gateway: 'http://127.0.0.1:1' },
    [404, 'ResourceNotFoundException'],
    [404, 'FunctionNotFound'],
  ],
  [{ kind: 'notJson', detail: 'no' }, [400, 'InvalidRequestContentException'], [400, 'InvalidArgument']],
  [
    { kind: 'tooLarge', bytes: 9, limit: 8, mode: 'sync' },
    [413, 'RequestTooLargeException'],
    [400, 'EntityTooLarge'],
  ],
  [{ kind: 'throttled' }, [429, 'TooManyRequestsException'], [429, 'ResourceExhausted']],
  [
    { kind: 'recursion', detail: 'round' },
    [400, 'RecursiveInvocationException'],
    [400, 'LimitExceededError'],
  ],
  [{ kind: 'taskExists', taskId: 't' }, [500, 'ServiceException'], [409, 'AsyncTaskAlreadyExists']],
  [{ kind: 'internal', detail: 'ours' }, [500, 'ServiceException'], [500, 'InternalServerError']],
];
for (const [refusal, [lambdaStatus, lambdaCode], [fcStatus, fcCode]] of refusals) {
  test(`answer to a call that is refused: ${refusal.kind}`, () => {
    const ofLambda = at(lambdaPath('hello')).refuse(refusal, 'ID');
    const headers = new Map(ofLambda.headers);
    assert.deepEqual([ofLambda.status, headers.get('x-amzn-ErrorType')], [lambdaStatus, lambdaCode]);
    assert.equal(headers.get('x-amzn-RequestId'), 'ID');
    assert.match(text(ofLambda.body), /"Type":"(User|Service)","[mM]essage":"./);
    const ofFc = at(fcPath).refuse(refusal, 'ID');
    const body = JSON.parse(text(ofFc.body)) as Record<string, string>;
    assert.deepEqual([ofFc.status, body['Code'], body['RequestId']], [fcStatus, fcCode, 'ID']);
    const ofFc2 = at('/2016-08-15/services/s/functions/hello/invocations').refuse(refusal, 'ID');
    const body2 = JSON.parse(text(ofFc2.body)) as Record<string, string>;
    assert.deepEqual(Object.keys(body2), ['ErrorCode', 'ErrorMessage']);
    assert.equal(body2['ErrorCode'], fcCode);
  });
}

test('an unknown function: who was asked, what is known, and how to reach the cloud', () => {
  const refusal: Refusal = { kind: 'unknownFunction', known: ['a', 'b'], gateway: 'http://127.0.0.1:4000' };
  const body = text(at(lambdaPath('other')).refuse(refusal, 'ID').body);
  assert.match(
    body,
    /Function not found: other\. Porchlight at http:\/\/127\.0\.0\.1:4000 was asked, not AWS/,
  );
  assert.match(body, /functions: a, b\. .*AWS_ENDPOINT_URL_LAMBDA= \(empty\)/);
});

const call: ApiCall = { mode: 'sync', limit: 1, tail: false, facts: {}, notes: [] };
const result: Outcome = { kind: 'result', body: Buffer.from('{"ok":true}') };
const failure: Extract<Outcome, { kind: 'error' }> = {
  kind: 'error',
  category: 'unhandled',
  handled: false,
  error: { type: 'TypeError', message: 'no', stack: [] },
  body: Buffer.from('{"errorType":"TypeError"}'),
};

const definition = functionDefinition('/p');

test('Lambda: the tail is the end of the log in its own form, at most 4096 bytes', () => {
  const line = { t: 1500, level: 'info' as const, stream: 'stdout' as const };
  const place = { file: '/p/index.js', line: 1, column: 1 };
  const logs = [
    { ...line, text: 'START RequestId: ID', stream: 'platform' as const },
    { ...line, text: 'two\nlines', at: place },
    { ...line, text: 'written' },
  ];
  const record = recordOf('ID', { receivedAt: Date.UTC(2026, 0, 2), logs });
  const answer = at(lambdaPath('hello')).answer({
    call: { ...call, tail: true },
    definition,
    outcome: failure,
    record,
  });
  const headers = new Map(answer.headers);
  assert.deepEqual([answer.status, headers.get('X-Amz-Function-Error')], [200, 'Unhandled']);
  const tail = Buffer.from(headers.get('X-Amz-Log-Result')!, 'base64').toString('utf8');
  assert.equal(tail, 'START RequestId: ID\n2026-01-02T00:00:00.001Z\tID\tINFO\ttwo\rlines\nwritten\n');
  const long = recordOf('ID', { logs: [{ ...line, text: 'x'.repeat(9000) }] });
  const cut = new Map(
    at(lambdaPath('hello')).answer({
      call: { ...call, tail: true },
      definition,
      outcome: result,
      record: long,
    }).headers,
  );
  assert.equal(Buffer.from(cut.get('X-Amz-Log-Result')!, 'base64').length, 4096);
});

/** Names and payloads of the events of a stream; every checksum is checked. */
function decodeEvents(bytes: Uint8Array): [type: string, payload: string][] {
  const events: [string, string][] = [];
  const all = Buffer.from(bytes);
  for (let start = 0; start < all.length;) {
    const length = all.readUInt32BE(start);
    const message = all.subarray(start, start + length);
    assert.equal(message.readUInt32BE(8), crc32(message.subarray(0, 8)));
    assert.equal(message.readUInt32BE(length - 4), crc32(message.subarray(0, length - 4)));
    const payloadStart = 12 + message.readUInt32BE(4);
    const headers = message.toString('latin1', 12, payloadStart);
    const type = /PayloadChunk|InvokeComplete/.exec(headers)?.[0] ?? '';
    events.push([type, message.toString('utf8', payloadStart, length - 4)]);
    start += length;
  }
  return events;
}

test('Lambda: a stream holds the result in chunks, and an error in its last event', () => {
  const record = recordOf('ID');
  const large: Outcome = { kind: 'result', body: Buffer.alloc(70_000, 'x') };
  const events = decodeEvents(at(streamPath).answer({ call, definition, outcome: large, record }).body);
  assert.deepEqual(
    events.map(([type, payload]) => [type, payload.length]),
    [
      ['PayloadChunk', 65_536],
      ['PayloadChunk', 4464],
      ['InvokeComplete', 2],
    ],
  );
  assert.deepEqual(decodeEvents(at(streamPath).answer({ call, definition, outcome: failure, record }).body), [
    ['InvokeComplete', '{"ErrorCode":"TypeError","ErrorDetails":"{\\"errorType\\":\\"TypeError\\"}"}'],
  ]);
});

test('Function Compute: facts of the invocation, and what kind of error it was', () => {
  const headersOf = (outcome: Outcome, changes = {}) =>
    new Map(at(fcPath).answer({ call, definition, outcome, record: recordOf('ID', changes) }).headers);
  const headers = headersOf(result, { durationMs: 12.6, maxMemoryMB: 45 });
  assert.equal(headers.get('x-fc-invocation-duration'), '13');
  assert.equal(headers.get('x-fc-max-memory-usage'), '45.00');
  assert.equal(headers.get('x-fc-error-type'), undefined);
  assert.equal(headersOf(failure).get('x-fc-error-type'), 'UnhandledInvocationError');
  const typeOf = (category: FailureCategory) => headersOf({ ...failure, category }).get('x-fc-error-type');
  assert.equal(typeOf('handled'), 'HandledInvocationError');
  assert.equal(typeOf('initialization'), 'InitializationError');
  assert.equal(typeOf('timeout'), 'UnhandledInvocationError');
});

test('Lambda: the trace names the invocation, continues its caller and is read back', () => {
  const id = '58ba3dbe-32ee-4c79-a64e-795536c71526';
  const trace = 'Root=1-6b07e127-f94813db3b9d6b7ff282287b;Parent=ffffffffffffffff;Sampled=1;Lineage=a:0';
  const facts = { requestId: 'other', invocationId: id, trigger: 'event', call: { trace } };
  const header = String(lambda.callContext(functionDefinition('/p'), facts)['traceHeader']);
  assert.equal(header, 'Root=1-6b07e127-f94813db3b9d6b7ff282287b;Parent=58ba3dbe32ee4c79;Sampled=1');
  const prefix = lambda.invokeApi!.callerPrefix!({ 'x-amzn-trace-id': header });
  assert.ok(prefix && id.startsWith(prefix));
  for (const odd of ['', 'Parent=58ba3dbe', 'Parent=58ba3dbe32ee4c79a', 'Root=1-2-3'])
    assert.equal(lambda.invokeApi!.callerPrefix!({ 'x-amzn-trace-id': odd }), undefined, odd);
});

test('SDKs in instances find the gateway, unless the user says otherwise', () => {
  const gateway = 'http://127.0.0.1:4000';
  const variables = (user: Record<string, string>, files: string[] = [], hasQueues = false) =>
    Object.keys(
      lambda.invokeApi!.environment({
        gateway,
        user,
        hasHomeFile: (path) => files.includes(path),
        hasQueues,
      }),
    ).sort();
  const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  assert.deepEqual(variables({}), ['AWS_ENDPOINT_URL_LAMBDA', ...credentials].sort());
  assert.deepEqual(variables({ AWS_ENDPOINT_URL_LAMBDA: '' }), credentials);
  assert.deepEqual(variables({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }), credentials);
  assert.deepEqual(variables({ AWS_PROFILE: 'dev' }), ['AWS_ENDPOINT_URL_LAMBDA']);
  assert.deepEqual(variables({}, ['.aws/credentials']), ['AWS_ENDPOINT_URL_LAMBDA']);
  assert.ok(variables({}, [], true).includes('AWS_ENDPOINT_URL_SQS'));
  for (const name of ['AWS_ENDPOINT_URL_SQS', 'AWS_ENDPOINT_URL'])
    assert.ok(!variables({ [name]: 'http://127.0.0.1:4566' }, [], true).includes('AWS_ENDPOINT_URL_SQS'));
  const facts = { gateway, user: {}, hasHomeFile: () => false, hasQueues: true };
  assert.deepEqual(fc.invokeApi!.environment(facts), {});
});

test('asynchronous calls are repeated by the rules of the platform', () => {
  const { retries } = lambda.invokeApi!;
  assert.deepEqual([retries.attempts, retries.afterFailureMs(1), retries.afterFailureMs(2)], [3, 1000, 2000]);
  assert.deepEqual([1, 2, 3, 20, 5000].map(retries.afterThrottleMs), [1000, 2000, 4000, 300_000, 300_000]);
  assert.equal(fc.invokeApi!.retries.attempts, 4);
});

test('Function Compute 2.0: a service that is not there, and a function that is not', () => {
  const codeOf = (path: string, known: string[]): unknown => {
    const refusal: Refusal = { kind: 'unknownFunction', known, gateway: 'http://127.0.0.1:1' };
    const answer = fc.invokeApi!.at(path)!.refuse(refusal, 'ID');
    assert.equal(answer.status, 404);
    return (JSON.parse(text(answer.body)) as Record<string, unknown>)['ErrorCode'];
  };
  const path = (service: string) => `/2016-08-15/services/${service}/functions/hello/invocations`;
  assert.equal(codeOf(path('shop.live'), ['other$hello']), 'ServiceNotFound');
  assert.equal(codeOf(path('shop'), ['shop$bye']), 'FunctionNotFound');
  // A project of 3.0 knows no services.
  assert.equal(codeOf(path('shop'), ['bye']), 'FunctionNotFound');
});
