import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import fc from '@alicloud/fc20230330';
import type * as SdkModule from '@alicloud/fc20230330';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { openGate } from '../support/gate.ts';
import { startHostOf } from '../support/hostFixture.ts';

// The package is CommonJS whose client is the default among its exports.
const {
  default: Client,
  GetFunctionRequest,
  InvokeFunctionHeaders,
  InvokeFunctionRequest,
  ListFunctionsRequest,
} = fc as unknown as Sdk;
type Sdk = typeof SdkModule.default;

/** What the SDK throws for an answer that is none. */
interface SdkError extends Error {
  code: string;
  statusCode: number;
  data: { RequestId?: string; Message?: string };
}

describe('the SDK of Function Compute, unmodified', { timeout: 120_000 }, () => {
  let host: Host;
  let close: () => Promise<void>;
  let client: InstanceType<Sdk['default']>;
  before(async () => {
    host = await startHostOf({ after: (run) => (close = run) }, 'calls');
    client = new Client({
      endpoint: new URL(host.gateway.url).host,
      protocol: 'HTTP',
      regionId: 'cn-hangzhou',
      accessKeyId: 'example',
      accessKeySecret: 'example',
      toMap: () => ({}),
      validate: () => {},
    } as never);
  });
  after(() => close());

  const invoke = async (
    name: string,
    body: string | Buffer = '{}',
    headers: Record<string, string> = {},
    qualifier = 'LATEST',
  ) => {
    const { commonHeaders, ...own } = headers as never as { commonHeaders?: Record<string, string> };
    const answer = await client.invokeFunctionWithOptions(
      name,
      new InvokeFunctionRequest({ body: Readable.from([Buffer.from(body)]), qualifier }),
      new InvokeFunctionHeaders({ ...own, ...(commonHeaders && { commonHeaders }) }),
      { autoretry: false } as never,
    );
    return { ...answer, headers: answer.headers!, text: await readText(answer.body!) };
  };
  const refused = async (call: Promise<unknown>): Promise<SdkError> => {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Error, 'it was to be refused');
    return error as SdkError;
  };

  it('functions are there before they are called: listed and looked at', async () => {
    const options = { autoretry: false } as never;
    const listed = await client.listFunctionsWithOptions(new ListFunctionsRequest({}), {}, options);
    const names = listed.body!.functions!.map(({ functionName }) => functionName!);
    assert.ok(names.length > 0);
    const one = await client.getFunctionWithOptions(names[0]!, new GetFunctionRequest({}), {}, options);
    assert.deepEqual([one.body!.functionName, one.body!.state], [names[0], 'Active']);
    assert.equal(one.body!.environmentVariables, undefined);
    const unknown = await refused(
      client.getFunctionWithOptions('nobody', new GetFunctionRequest({}), {}, options),
    );
    assert.deepEqual([unknown.statusCode, unknown.code], [404, 'FunctionNotFound']);
  });

  it('a synchronous call with the end of the log', async () => {
    const answer = await invoke('tells-fc', 'any bytes', { xFcLogType: 'Tail', xFcInvocationType: 'Sync' });
    assert.deepEqual([answer.statusCode, answer.text], [200, 'any bytes']);
    assert.equal(answer.headers['x-fc-error-type'], undefined);
    const id = answer.headers['x-fc-request-id']!;
    const log = Buffer.from(answer.headers['x-fc-log-result']!, 'base64').toString('utf8');
    assert.match(
      log,
      new RegExp(
        `FC Invoke Start RequestId: ${id}\\nload code for handler:handlers\\.tellsFc\\n.* \\[info\\] told\\nFC Invoke End`,
      ),
    );
    assert.match(answer.headers['x-fc-invocation-duration']!, /^\d+$/);
    assert.match(answer.headers['x-fc-max-memory-usage']!, /^[\d.]+$/);
    assert.equal(answer.headers['x-fc-invocation-function-version'], 'LATEST');
    assert.equal((await host.record(id))?.function, 'tells-fc');
  });

  it('an asynchronous call, with an id of the caller that is taken once', async () => {
    const recorded = new Promise<InvocationRecord>((resolve) => {
      const subscription = host.registry.get('tells-fc').onDidFinish((record) => {
        subscription.dispose();
        resolve(record);
      });
    });
    const headers = { xFcInvocationType: 'Async', xFcAsyncTaskId: 'nightly' };
    const answer = await invoke('tells-fc', 'later', headers);
    assert.deepEqual([answer.statusCode, answer.text], [202, '']);
    assert.equal(answer.headers['x-fc-async-task-id'], 'nightly');
    assert.equal((await recorded).id, answer.headers['x-fc-request-id']);
    const error = await refused(invoke('tells-fc', 'later', headers));
    assert.equal(error.statusCode, 409);
  });

  const failures: [name: string, type: string, body: RegExp][] = [
    [
      'fails-fc',
      'UnhandledInvocationError',
      /^\{"errorMessage":"attempt 0","errorType":"Error","stackTrace":\[/,
    ],
    [
      'reports-fc',
      'HandledInvocationError',
      /^\{"errorMessage":"out of stock","errorType":"RangeError","stackTrace":\[/,
    ],
    [
      'exits-fc',
      'UnhandledInvocationError',
      /^\{"errorMessage":"Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: \d+MB\)"\}$/,
    ],
    [
      'hangs-fc',
      'UnhandledInvocationError',
      /^\{"errorMessage":"Function timed out after 1 seconds \(maxMemoryUsage: \d+MB\)"\}$/,
    ],
    ['initializes-fc', 'InitializationError', /"errorMessage":"no database"/],
  ];
  for (const [name, type, body] of failures) {
    it(`errors of functions: ${name}`, async () => {
      const answer = await invoke(name);
      assert.deepEqual([answer.statusCode, answer.headers['x-fc-error-type']], [200, type]);
      assert.match(answer.text, body);
    });
  }

  it('refused: an unknown function', async () => {
    const error = await refused(invoke('nobody'));
    assert.deepEqual([error.code, error.statusCode], ['FunctionNotFound', 404]);
    assert.match(error.message, /function 'nobody' does not exist/);
    assert.ok(error.data.RequestId);
  });

  it('refused: bad arguments', async () => {
    const error = await refused(invoke('tells-fc', '{}', { xFcLogType: 'Everything' }));
    assert.deepEqual([error.code, error.statusCode], ['InvalidArgument', 400]);
  });

  it('refused: an asynchronous event that is too large', async () => {
    const error = await refused(
      invoke('tells-fc', Buffer.alloc(200 * 1024, 'x'), { xFcInvocationType: 'Async' }),
    );
    assert.deepEqual([error.code, error.statusCode], ['EntityTooLarge', 400]);
    assert.match(error.message, /payload size exceeds maximum allowed size \(131072 bytes\)/);
  });

  it('an HTTP trigger refuses other methods and what is too large in the words of the platform', async () => {
    const url = `${host.gateway.url}/tells-fc`;
    const method = await fetch(url, { method: 'PUT' });
    assert.deepEqual([method.status, method.headers.get('allow')], [403, 'GET, POST']);
    assert.match(await method.text(), /"Code":"AccessDenied".*PUT/);
    const large = await fetch(url, { method: 'POST', body: Buffer.alloc(33 * 1024 * 1024) });
    assert.equal(large.status, 400);
    assert.match(await large.text(), /"Code":"EntityTooLarge"/);
    // Where the platform has no words of its own.
    assert.equal((await fetch(`${host.gateway.url}/second`, { method: 'PUT' })).status, 405);
  });

  it('a result that is too large', async () => {
    const answer = await invoke('answers-large-fc');
    assert.equal(answer.headers['x-fc-error-type'], 'UnhandledInvocationError');
    assert.match(answer.text, /exceeds the limit of 33554432 bytes/);
  });

  it('throttling', async (t) => {
    const gate = await openGate(t);
    const first = invoke('busy-fc', JSON.stringify({ gate: gate.url }));
    await gate.reached();
    const error = await refused(invoke('busy-fc', JSON.stringify({ gate: gate.url })));
    assert.deepEqual([error.code, error.statusCode], ['ResourceExhausted', 429]);
    gate.open();
    assert.equal((await first).text, 'waited');
  });

  it('a version that is not here is told in the record', async () => {
    const answer = await invoke('tells-fc', '1', {}, 'live');
    const record = await host.record(answer.headers['x-fc-request-id']!);
    assert.match(record?.notes.join() ?? '', /Asked for the version "live"/);
  });
});
