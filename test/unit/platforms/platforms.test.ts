import assert from 'node:assert/strict';
import { sep } from 'node:path';
import { test } from 'node:test';
import type { InvocationSummary } from '../../../runtime/model/invocationRecord.ts';
import type { PlatformFault, StartFailure } from '../../../runtime/model/platform.ts';
import { platformIds } from '../../../runtime/model/platformDefaults.ts';
import { findPlatform, platforms } from '../../../runtime/platforms/index.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const fc = findPlatform('aliyun-fc')!;
const lambda = findPlatform('aws-lambda')!;
const hello = functionDefinition('/project', { memoryMB: 512, runtime: 'nodejs20' });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

function summary(changes: Partial<InvocationSummary>): InvocationSummary {
  return {
    id: 'ID',
    function: 'hello',
    platform: 'aws-lambda',
    artifact: '',
    trigger: 'event',
    startKind: 'warm',
    receivedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    phases: [],
    durationMs: 12.344,
    wallMs: 1000,
    billedMs: 13,
    pausedMs: 0,
    debugged: false,
    memoryMB: 512,
    maxMemoryMB: 65,
    status: 'ok',
    notes: [],
    logCount: 0,
    ...changes,
  };
}

const coldPhases = (['queue', 'spawn', 'boot', 'load', 'init'] as const).map((name, index) => ({
  name,
  startUs: index * 1000,
  durationUs: 1000,
}));

test('every platform with defaults has a contract, and the other way round', () => {
  assert.deepEqual(platforms.map(({ id }) => id).sort(), [...platformIds].sort());
  assert.equal(findPlatform('nowhere'), undefined);
});

test('request ids have the form of the platform', () => {
  assert.match(fc.newRequestId(), /^1-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}$/);
  assert.match(lambda.newRequestId(), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.notEqual(fc.newRequestId(), fc.newRequestId());
});

test('environment of Function Compute', () => {
  const env = fc.environment(
    { ...hello, initializer: { handler: 'index.init', timeoutMs: 5000 } },
    {
      instanceId: 'hello#1',
      codeRoot: '/project/code',
      provisioned: false,
      version: '',
      startedAt: new Date(0),
    },
  );
  assert.deepEqual(env, {
    FC_FUNC_CODE_PATH: `/project/code${sep}`,
    FC_ACCOUNT_ID: '123456789012',
    FC_REGION: 'us-east-1',
    FC_FUNCTION_NAME: 'hello',
    FC_FUNCTION_HANDLER: 'index.handler',
    FC_FUNCTION_MEMORY_SIZE: '512',
    FC_INSTANCE_ID: 'hello#1',
    FC_FUNCTION_VERSION: 'LATEST',
    FC_QUALIFIER: 'LATEST',
    FC_RUNTIME: 'nodejs20',
    FC_TIMEOUT: '3',
    FC_INITIALIZER_HANDLER: 'index.init',
    FC_INITIALIZATION_TIMEOUT: '5',
    TZ: 'UTC',
  });
  assert.ok(fc.isReservedVariable('FC_REGION'));
  assert.ok(!fc.isReservedVariable('ALIBABA_CLOUD_ACCESS_KEY_ID'));
});

test('environment of Lambda', () => {
  const env = lambda.environment(hello, {
    instanceId: 'hello#1',
    codeRoot: '/project/code',
    provisioned: false,
    version: '',
    startedAt: new Date(0),
  });
  assert.equal(env['_HANDLER'], 'index.handler');
  assert.equal(env['LAMBDA_TASK_ROOT'], '/project/code');
  assert.equal(env['AWS_EXECUTION_ENV'], 'AWS_Lambda_nodejs20');
  assert.equal(env['AWS_LAMBDA_LOG_GROUP_NAME'], '/aws/lambda/hello');
  assert.equal(env['TZ'], ':UTC');
  assert.match(env['AWS_LAMBDA_LOG_STREAM_NAME']!, /^1970\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/);
  for (const name of Object.keys(env)) {
    const settable = ['LANG', 'TZ', 'AWS_XRAY_CONTEXT_MISSING'].includes(name);
    assert.equal(lambda.isReservedVariable(name), !settable, name);
  }
  assert.ok(!lambda.isReservedVariable('AWS_ACCESS_KEY_ID'));
});

test('context data', () => {
  const facts = { requestId: 'ID', trigger: 'event' };
  const { traceHeader, ...shown } = {
    ...lambda.context({ ...hello, region: 'cn-north-1' }),
    ...lambda.callContext(hello, facts),
  };
  assert.match(String(traceHeader), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
  assert.deepEqual(shown, {
    functionName: 'hello',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws-cn:lambda:cn-north-1:123456789012:function:hello',
    memoryLimitInMB: '512',
    awsRequestId: 'ID',
    logGroupName: '/aws/lambda/hello',
  });
  assert.deepEqual(
    { ...fc.context(hello), ...fc.callContext(hello, facts) },
    {
      requestId: 'ID',
      credentials: { accessKeyId: '', accessKeySecret: '', securityToken: '' },
      function: { name: 'hello', handler: 'index.handler', memory: 512, timeout: 3 },
      service: { name: '', logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
      region: 'us-east-1',
      accountId: '123456789012',
      retryCount: 0,
      tracing: { openTracingSpanContext: '', openTracingSpanBaggages: {}, jaegerEndpoint: '' },
    },
  );
});

const facts = { maxMemoryMB: 8, requestId: 'ID' };
const faults: [fault: PlatformFault, fc: string, lambda: string][] = [
  [
    { kind: 'timeout', timeoutMs: 60_000, at: new Date(0), ...facts },
    '{"errorMessage":"Function timed out after 60 seconds (maxMemoryUsage: 8MB)"}',
    '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 60.00 seconds"}',
  ],
  [
    { kind: 'exit', code: 1, signal: null, durationMs: 12.2, ...facts },
    '{"errorMessage":"Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 8MB)"}',
    '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 1"}',
  ],
  [
    { kind: 'exit', code: 0, signal: null, durationMs: 12, ...facts },
    '{"errorMessage":"Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 8MB)"}',
    '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited without providing a reason"}',
  ],
  [
    { kind: 'exit', code: null, signal: 'SIGSEGV', durationMs: 12, ...facts },
    '{"errorMessage":"Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 8MB)"}',
    '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: signal: segmentation fault"}',
  ],
  [
    { kind: 'oom', memoryMB: 512, durationMs: 12, ...facts },
    '{"errorMessage":"Process exited unexpectedly before completing request (duration: 12ms, maxMemoryUsage: 8MB)"}',
    '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: signal: killed"}',
  ],
];

for (const [fault, ofFc, ofLambda] of faults) {
  test(`fault ${fault.kind} ${'code' in fault ? (fault.code ?? fault.signal) : ''}`, () => {
    assert.equal(text(fc.errorBody(fc.fault(fault))), ofFc);
    assert.equal(text(lambda.errorBody(lambda.fault(fault))), ofLambda);
  });
}

const started = { command: './bootstrap', program: '/p/bootstrap', byDefault: false, output: 'said' };
const gone = { code: null, signal: null };
const startFailures: [what: string, failure: StartFailure, fc: string, lambda: string][] = [
  [
    'no bootstrap',
    { ...started, ...gone, why: 'missing', byDefault: true },
    'FunctionNotStarted: The function cannot be started. Failed to start function instance. Error: the file /p/bootstrap is not exist',
    "Runtime.InvalidEntrypoint: RequestId: ID Error: Couldn't find valid bootstrap(s): [/p/bootstrap]",
  ],
  [
    'no such command',
    { ...started, ...gone, why: 'missing' },
    "CAExited: Function instance exited unexpectedly(code 2, message:no such file or directory) with start command './bootstrap '. Logs:said",
    'Runtime.InvalidEntrypoint: RequestId: ID Error: fork/exec /p/bootstrap: no such file or directory',
  ],
  [
    'may not be run',
    { ...started, ...gone, why: 'denied' },
    "CAExited: Function instance exited unexpectedly(code 13, message:permission denied) with start command './bootstrap '. Logs:said",
    'Runtime.InvalidEntrypoint: RequestId: ID Error: fork/exec /p/bootstrap: permission denied',
  ],
  [
    'of another machine',
    { ...started, ...gone, why: 'format' },
    "CAExited: Function instance exited unexpectedly(code 8, message:exec format error) with start command './bootstrap '. Logs:said",
    'Runtime.InvalidEntrypoint: RequestId: ID Error: fork/exec /p/bootstrap: exec format error',
  ],
  [
    'interpreter missing',
    { ...started, code: 127, signal: null, why: 'exited' },
    "CAExited: Function instance exited unexpectedly(code 127, message:exited) with start command './bootstrap '. Logs:said",
    'Runtime.ExitError: RequestId: ID Error: Runtime exited with error: exit status 127',
  ],
  [
    'killed',
    { ...started, code: null, signal: 'SIGKILL', why: 'exited' },
    "CAExited: Function instance exited unexpectedly(code 137, message:signal: SIGKILL) with start command './bootstrap '. Logs:said",
    'Runtime.ExitError: RequestId: ID Error: Runtime exited with error: signal: killed',
  ],
  [
    'silent',
    { ...started, ...gone, why: 'silent', port: 9001, waitedMs: 120_000 },
    'FunctionNotStarted: Function instance health check failed on port 9001 in 120 seconds.\nLogs:said',
    'Runtime.NotListening: ./bootstrap did not listen on port 9001 within 120 s. Its server has to use the port that the variable PORT names.',
  ],
];
for (const [what, failure, ofFc, ofLambda] of startFailures) {
  test(`a program that does not come to serve: ${what}`, () => {
    const fault: PlatformFault = { kind: 'start', failure, durationMs: 1, ...facts };
    const said = ({ type, message }: { type: string; message: string }) => `${type}: ${message}`;
    assert.equal(said(fc.fault(fault)), ofFc);
    assert.equal(said(lambda.fault(fault)), ofLambda);
  });
}

test('billed time: whole milliseconds, on Lambda with the init phase', () => {
  assert.equal(fc.billedMs(450.38), 451);
  assert.equal(lambda.billedMs(12.34), 13);
});

test('lines of Function Compute', () => {
  assert.deepEqual(fc.startLines(hello, summary({})), ['FC Invoke Start RequestId: ID']);
  assert.deepEqual(
    fc.startLines(
      { ...hello, initializer: { handler: 'index.init', timeoutMs: 1 } },
      summary({ startKind: 'cold' }),
    ),
    ['FC Invoke Start RequestId: ID', 'load code for handler:index.handler'],
  );
  // Only the Node.js runtime says so.
  const python = { ...hello, language: 'python' as const };
  assert.equal(fc.startLines(python, summary({ startKind: 'cold' })).length, 1);
  const hook = { kind: 'hook', hook: 'initializer', requestId: 'ID' } as const;
  assert.deepEqual(
    [
      ...fc.lifeCycleLines(hello, { kind: 'booted', version: '' }),
      ...fc.lifeCycleLines(hello, { ...hook, edge: 'start' }),
      ...fc.lifeCycleLines(hello, { ...hook, edge: 'end', failed: true }),
      ...fc.lifeCycleLines(hello, { ...hook, hook: 'preStop', edge: 'end' }),
    ],
    [
      'FunctionCompute nodejs20 runtime inited.',
      'FC Initialize Start RequestId: ID',
      'FC Initialize End RequestId: ID, Error: Unhandled function error',
      'FC PreStop End RequestId: ID',
    ],
  );
  const initialized = { ...hello, initializer: { handler: 'index.init', timeoutMs: 1 } };
  assert.deepEqual(fc.lifeCycleLines(initialized, { ...hook, edge: 'start' }), [
    'FC Initialize Start RequestId: ID',
    'load code for handler:index.init',
  ]);
  assert.match(fc.endLines(hello, summary({}), false)[0]!, /^Duration: /);
  assert.deepEqual(fc.endLines(hello, summary({ durationMs: 450.38, billedMs: 451, maxMemoryMB: 16.71 })), [
    'FC Invoke End RequestId: ID',
    'Duration: 450.38 ms, Billed Duration: 451 ms, Memory Size: 512 MB, Max Memory Used: 16.71 MB',
  ]);
  const end = (changes: Partial<InvocationSummary>) => fc.endLines(hello, summary(changes))[0];
  const error = (type: string) => ({ status: 'error' as const, error: { type, message: '', stack: [] } });
  assert.match(end(error('FunctionHandledError'))!, /ID, Error: Handled function error$/);
  assert.match(end(error('TypeError'))!, /ID, Error: Unhandled function error$/);
  assert.match(end({ status: 'timeout' })!, /ID, Error: Unhandled function error$/);
  assert.match(
    end({ status: 'interrupted' })!,
    /ID, Error: Invocation canceled by client \(duration: 12ms, maxMemoryUsage: 65MB\)$/,
  );
});

test('lines of Lambda for an error of the code, and for an initialization that failed', () => {
  const error = { type: 'TypeError', message: 'no\nway', stack: ['TypeError: no', 'at x'] };
  const at = new Date(Date.UTC(2026, 0, 2));
  const line = (from: 'handler' | 'process' | 'init', type = error.type) =>
    lambda.failureLines({ ...error, type }, { requestId: 'ID', at, from })[0];
  assert.equal(
    line('handler'),
    '2026-01-02T00:00:00.000Z\tID\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"no\\nway","stack":["TypeError: no","at x"]}',
  );
  assert.match(line('process')!, /\tID\tERROR\tUncaught Exception \t\{/);
  assert.match(line('process', 'Runtime.UnhandledPromiseRejection')!, /\tUnhandled Promise Rejection \t/);
  assert.match(line('init')!, /\tundefined\tERROR\tUncaught Exception \t/);
  const failed = { kind: 'initFailed', phase: 'init', durationMs: 10_008.334, errorType: 'X' } as const;
  assert.deepEqual(
    [
      ...lambda.lifeCycleLines(hello, { ...failed, status: 'timeout' }),
      ...lambda.lifeCycleLines(hello, { ...failed, status: 'error', phase: 'invoke' }),
    ],
    [
      'INIT_REPORT Init Duration: 10008.33 ms\tPhase: init\tStatus: timeout',
      'INIT_REPORT Init Duration: 10008.33 ms\tPhase: invoke\tStatus: error\tError Type: X',
    ],
  );
});

test('a result that is too large', () => {
  const fault = { kind: 'tooLarge', bytes: 7_000_000, limit: 6_291_556, ...facts } as const;
  assert.deepEqual(lambda.fault(fault), {
    type: 'Function.ResponseSizeTooLarge',
    message: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    stack: [],
  });
  assert.equal(
    text(fc.errorBody(fc.fault(fault))),
    '{"errorMessage":"The response of 7000000 bytes exceeds the limit of 6291556 bytes (maxMemoryUsage: 8MB)"}',
  );
});

test('lines of Lambda', () => {
  assert.deepEqual(lambda.startLines(hello, summary({})), ['START RequestId: ID Version: $LATEST']);
  assert.deepEqual(lambda.endLines(hello, summary({})), [
    'END RequestId: ID',
    'REPORT RequestId: ID\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\tMax Memory Used: 65 MB\t',
  ]);
  const [, report] = lambda.endLines(hello, summary({ startKind: 'cold', phases: coldPhases }));
  assert.match(report!, /\tMax Memory Used: 65 MB\tInit Duration: 2\.00 ms\t$/);
  const fault = lambda.fault({ kind: 'timeout', timeoutMs: 3000, at: new Date(0), ...facts });
  assert.equal(
    lambda.endLines(hello, summary({ status: 'timeout', error: fault })).at(-1),
    '2026-01-02T03:04:06.000Z ID Task timed out after 3.00 seconds',
  );
});

test('throttling', () => {
  assert.equal(fc.throttled().status, 429);
  assert.match(text(fc.throttled().body), /ResourceExhausted/);
  assert.equal(lambda.throttled().status, 429);
  assert.match(text(lambda.throttled().body), /ConcurrentInvocationLimitExceeded/);
});

test('a runtime that nobody named is that of the version that runs, if the platform offers it', () => {
  const of = (platform: string, version: string, language = 'nodejs', runtime?: string) => {
    const definition = {
      ...functionDefinition('/p'),
      platform,
      language,
      ...(runtime === undefined ? {} : { runtime }),
    };
    const facts = { instanceId: 'i', codeRoot: '/p', provisioned: false, version, startedAt: new Date(0) };
    const env = findPlatform(platform)!.environment(definition, facts);
    return env['AWS_EXECUTION_ENV'] ?? env['FC_RUNTIME'];
  };
  assert.equal(of('aws-lambda', '22.11.0'), 'AWS_Lambda_nodejs22.x');
  assert.equal(of('aws-lambda', '24.1.0', 'nodejs', 'nodejs18.x'), 'AWS_Lambda_nodejs18.x');
  assert.equal(of('aws-lambda', '23.1.0'), 'AWS_Lambda_nodejs20.x');
  assert.equal(of('aws-lambda', '3.9.2', 'python'), 'AWS_Lambda_python3.9');
  assert.equal(of('aws-lambda', '', 'custom'), 'AWS_Lambda_provided.al2023');
  assert.equal(of('aliyun-fc', '18.20.1'), 'nodejs18');
  assert.equal(of('aliyun-fc', '24.1.0'), 'nodejs20');
  assert.equal(of('aliyun-fc', '3.10.12', 'python'), 'python3.10');
});

test('faults that are found before code runs have the type that the cloud gives them while it loads', () => {
  const bodyOf = (platform: string, type: string) =>
    Buffer.from(findPlatform(platform)!.errorBody({ type, message: 'm', stack: [] })).toString();
  assert.match(bodyOf('aws-lambda', 'HANDLER_INVALID'), /"errorType":"Runtime\.MalformedHandlerName"/);
  assert.match(bodyOf('aws-lambda', 'MODULE_MISSING'), /"errorType":"Runtime\.ImportModuleError"/);
  assert.match(bodyOf('aliyun-fc', 'MODULE_MISSING'), /"errorType":"ImportModuleError"/);
});

test('Lambda: packages that its runtimes bring along are named when they are missing here', () => {
  const noteOf = (message: string) =>
    lambda.loadNote!({ type: 'Runtime.ImportModuleError', message, stack: [] });
  assert.match(
    noteOf("Error: Cannot find module '@aws-sdk/client-s3'")!,
    /npm install --save-dev @aws-sdk\/client-s3$/,
  );
  assert.match(
    noteOf("Error: Cannot find package '@aws-sdk/lib-dynamodb' imported from /p/a.mjs")!,
    /brings @aws-sdk\/lib-dynamodb along/,
  );
  assert.match(noteOf("Unable to import module 'app': No module named 'boto3'")!, /pip install boto3$/);
  assert.equal(noteOf("Error: Cannot find module 'uuid'"), undefined);
});

test('Lambda: a call that timed out is reported to have taken its time-out', () => {
  const late = summary({ status: 'timeout', durationMs: 60_009.22, billedMs: 60_000 });
  const report = lambda.endLines({ ...hello, timeoutMs: 60_000 }, late)[1]!;
  assert.match(report, /\tDuration: 60000\.00 ms\tBilled Duration: 60000 ms\t/);
});
