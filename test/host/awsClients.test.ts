import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  LambdaServiceException,
  ListFunctionsCommand,
  TooManyRequestsException,
  type InvokeCommandInput,
  type InvokeWithResponseStreamCommandInput,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { openGate } from '../support/gate.ts';
import { startHostOf } from '../support/hostFixture.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };

const hasCli = spawnSync('aws', ['--version'], { stdio: 'ignore' }).status === 0;

describe('clients of AWS, unmodified', { timeout: 120_000 }, () => {
  let host: Host;
  let close: () => Promise<void>;
  let client: LambdaClient;
  before(async () => {
    host = await startHostOf({ after: (run) => (close = run) }, 'calls');
    client = clientOf({});
  });
  after(async () => {
    client.destroy();
    await close();
  });

  const clientOf = (more: { maxAttempts?: number }) =>
    new LambdaClient({ endpoint: host.gateway.url, region: 'us-east-1', credentials, ...more });
  const invoke = (FunctionName: string, input: Omit<InvokeCommandInput, 'FunctionName'> = {}) =>
    client.send(new InvokeCommand({ FunctionName, ...input }));
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');
  const refused = async (call: Promise<unknown>): Promise<LambdaServiceException> => {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof LambdaServiceException, String(error));
    return error;
  };
  const nextRecords = (name: string, count: number): Promise<InvocationRecord[]> =>
    new Promise((resolve) => {
      const records = new Map<string, InvocationRecord>();
      const subscription = host.registry.get(name).onDidFinish((record) => {
        if (records.set(record.id, record).size < count) return;
        subscription.dispose();
        resolve([...records.values()]);
      });
    });

  it('functions are there before they are called: listed, looked at, waited for', async () => {
    const { Functions: functions = [] } = await client.send(new ListFunctionsCommand({}));
    const names = functions.map(({ FunctionName }) => FunctionName);
    assert.ok(names.includes('tells') && names.length > 3, String(names));
    const { Configuration: told } = await client.send(new GetFunctionCommand({ FunctionName: 'tells:live' }));
    assert.deepEqual([told?.FunctionName, told?.State, told?.Version], ['tells', 'Active', '$LATEST']);
    // What a function's variables hold is nobody else's.
    assert.equal(told?.Environment, undefined);
    const alone = await client.send(new GetFunctionConfigurationCommand({ FunctionName: told?.FunctionArn }));
    assert.equal(alone.FunctionName, 'tells');
    const waited = await waitUntilFunctionActiveV2({ client, maxWaitTime: 10 }, { FunctionName: 'tells' });
    assert.equal(waited.state, 'SUCCESS');
    const unknown = await refused(client.send(new GetFunctionCommand({ FunctionName: 'nobody' })));
    assert.deepEqual([unknown.name, unknown.$metadata.httpStatusCode], ['ResourceNotFoundException', 404]);
  });

  it('a synchronous call with the end of the log, a context and a qualifier', async () => {
    const context = Buffer.from('{"custom":{"a":1}}').toString('base64');
    const answer = await invoke('tells', {
      Payload: json([1]),
      LogType: 'Tail',
      ClientContext: context,
      Qualifier: '$LATEST',
    });
    assert.deepEqual(
      [answer.StatusCode, answer.FunctionError, answer.ExecutedVersion],
      [200, undefined, '$LATEST'],
    );
    assert.equal(text(answer.Payload), '{"event":[1],"clientContext":{"custom":{"a":1}}}');
    const { requestId } = answer.$metadata;
    const log = Buffer.from(answer.LogResult!, 'base64').toString('utf8');
    assert.match(
      log,
      new RegExp(`^START RequestId: ${requestId} Version: \\$LATEST\\n.*\\ttold\\nEND `, 's'),
    );
    const record = await host.record(requestId!);
    assert.equal(record?.function, 'tells');
  });

  it('names: an ARN, a partial ARN, and with a version that is not here', async () => {
    const names = [
      'arn:aws:lambda:us-east-1:123456789012:function:tells',
      '123456789012:function:tells',
      'tells:live',
    ];
    for (const name of names) {
      const answer = await invoke(name, { Payload: json(2) });
      assert.equal(text(answer.Payload), '{"event":2}');
    }
    const answer = await invoke('tells', { Payload: json(3), Qualifier: '7' });
    const record = await host.record(answer.$metadata.requestId!);
    assert.match(record?.notes.join() ?? '', /Asked for the version "7"/);
  });

  it('an event is accepted, repeated when the function fails, and known as one request', async () => {
    const recorded = nextRecords('fails', 2);
    const answer = await invoke('fails', { InvocationType: 'Event', Payload: json({}) });
    assert.deepEqual([answer.StatusCode, text(answer.Payload)], [202, '']);
    const [first, second] = await recorded;
    assert.deepEqual([first?.id, second?.requestId], [answer.$metadata.requestId, first?.id]);
  });

  it('a dry run', async () => {
    const answer = await invoke('fails', { InvocationType: 'DryRun' });
    assert.deepEqual([answer.StatusCode, answer.FunctionError], [204, undefined]);
  });

  const failures: [name: string, payload: RegExp][] = [
    ['fails', /^\{"errorType":"TypeError","errorMessage":"not today","trace":\[/],
    [
      'exits',
      /^\{"errorType":"Runtime\.ExitError","errorMessage":"RequestId: \S+ Error: Runtime exited with error: exit status 3"\}$/,
    ],
    [
      'hangs',
      /^\{"errorType":"Sandbox\.Timedout","errorMessage":"RequestId: \S+ Error: Task timed out after 1\.00 seconds"\}$/,
    ],
    [
      'answers-large',
      /^\{"errorType":"Function\.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size \(6291556 bytes\)\."\}$/,
    ],
  ];
  for (const [name, payload] of failures) {
    it(`errors of functions: ${name}`, async () => {
      const answer = await invoke(name, { Payload: json({}) });
      assert.deepEqual([answer.StatusCode, answer.FunctionError], [200, 'Unhandled']);
      assert.match(text(answer.Payload), payload);
    });
  }

  const refusals: [what: string, input: InvokeCommandInput, name: string, status: number][] = [
    ['an unknown function', { FunctionName: 'nobody' }, 'ResourceNotFoundException', 404],
    [
      'an event that is no JSON',
      { FunctionName: 'tells', Payload: Buffer.from('{') },
      'InvalidRequestContentException',
      400,
    ],
    [
      'an event that is too large',
      { FunctionName: 'tells', Payload: json('x'.repeat(6_300_000)) },
      'RequestTooLargeException',
      413,
    ],
    [
      'an asynchronous one that is too large',
      { FunctionName: 'tells', InvocationType: 'Event', Payload: json('x'.repeat(1_100_000)) },
      'RequestTooLargeException',
      413,
    ],
    [
      'a context that is none',
      { FunctionName: 'tells', ClientContext: 'no' },
      'InvalidRequestContentException',
      400,
    ],
    [
      'two qualifiers',
      { FunctionName: 'tells:live', Qualifier: 'test' },
      'InvalidParameterValueException',
      400,
    ],
  ];
  for (const [what, input, name, status] of refusals) {
    it(`refused: ${what}`, async () => {
      const error = await refused(client.send(new InvokeCommand(input)));
      assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, status]);
      assert.ok(error.message.length > 10, error.message);
    });
  }

  it('throttling is an exception of its own, and repeated by the SDK', async (t) => {
    const gate = await openGate(t);
    const first = invoke('busy', { Payload: json({ gate: gate.url }) });
    await gate.reached();
    const impatient = clientOf({ maxAttempts: 1 });
    t.after(() => void impatient.destroy());
    const input = { FunctionName: 'busy', Payload: json({ gate: gate.url }) };
    const error = await refused(impatient.send(new InvokeCommand(input)));
    assert.ok(error instanceof TooManyRequestsException);
    assert.deepEqual(
      [error.Reason, error.$metadata.httpStatusCode],
      ['ConcurrentInvocationLimitExceeded', 429],
    );
    // The one that waits is let go once the other has been refused.
    const throttled = new Promise<void>((resolve) => {
      const subscription = host.registry.get('busy').onDidFinish(({ status }) => {
        if (status !== 'throttled') return;
        subscription.dispose();
        resolve();
      });
    });
    const patient = clientOf({ maxAttempts: 10 });
    t.after(() => void patient.destroy());
    const repeated = patient.send(new InvokeCommand(input));
    await throttled;
    gate.open();
    gate.open();
    assert.equal(text((await first).Payload), '"waited"');
    const { Payload, $metadata } = await repeated;
    assert.equal(text(Payload), '"waited"');
    assert.ok($metadata.attempts! > 1);
  });

  const stream = (input: InvokeWithResponseStreamCommandInput) =>
    client.send(new InvokeWithResponseStreamCommand(input));

  it('a result is read while it is made, and its log at the end', async (t) => {
    const gate = await openGate(t);
    const payload = json({ gate: gate.url });
    const answer = await stream({ FunctionName: 'writes', LogType: 'Tail', Payload: payload });
    assert.equal(answer.ExecutedVersion, '$LATEST');
    let result = '';
    let log = '';
    for await (const { PayloadChunk, InvokeComplete } of answer.EventStream!) {
      result += text(PayloadChunk?.Payload);
      if (result === 'first ') gate.open();
      if (InvokeComplete) {
        assert.equal(InvokeComplete.ErrorCode, undefined);
        log = Buffer.from(InvokeComplete.LogResult!, 'base64').toString('utf8');
      }
    }
    assert.equal(result, 'first second');
    assert.match(log, /\ttold\nEND RequestId: .*REPORT RequestId: /s);
  });

  it('what fails on the way says so at its end', async () => {
    const answer = await stream({ FunctionName: 'writes', Payload: json({ fails: 'not today' }) });
    const events = [];
    for await (const event of answer.EventStream!) events.push(event);
    assert.equal(text(events[0]?.PayloadChunk?.Payload), 'first ');
    const { InvokeComplete } = events.at(-1)!;
    assert.equal(InvokeComplete?.ErrorCode, 'TypeError');
    assert.match(InvokeComplete?.ErrorDetails ?? '', /"errorMessage":"not today"/);
  });

  it('streams of unknown functions and of other types are refused', async () => {
    const unknown = await refused(stream({ FunctionName: 'nobody' }));
    assert.equal(unknown.name, 'ResourceNotFoundException');
    const event = await refused(stream({ FunctionName: 'writes', InvocationType: 'Event' as never }));
    assert.equal(event.name, 'InvalidParameterValueException');
  });

  it('the command line of AWS', { skip: hasCli ? false : 'There is no `aws` here.' }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'porchlight-aws-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'result.json');
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_LAMBDA: host.gateway.url,
      AWS_MAX_ATTEMPTS: '1',
    };
    const aws = (...args: string[]) =>
      promisify(execFile)('aws', ['lambda', 'invoke', ...args, file], { env });
    const { stdout } = await aws('--function-name', 'tells', '--log-type', 'Tail', '--output', 'json');
    const said = JSON.parse(stdout) as { StatusCode: number; LogResult: string };
    assert.equal(said.StatusCode, 200);
    assert.match(Buffer.from(said.LogResult, 'base64').toString('utf8'), /\ttold\n/);
    assert.equal(await readFile(file, 'utf8'), '{"event":{}}');
    const failed = await aws('--function-name', 'fails', '--output', 'json');
    assert.equal((JSON.parse(failed.stdout) as { FunctionError: string }).FunctionError, 'Unhandled');
    await assert.rejects(aws('--function-name', 'nobody'), /ResourceNotFoundException/);
  });
});
