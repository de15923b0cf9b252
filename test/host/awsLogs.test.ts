import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { openAwsLambda } from '../../runtime/deploy/aws-lambda/index.ts';
import { startFaultyProxy, type FaultyProxy } from '../support/faultyProxy.ts';
import { motoIsInstalled, startMoto, type MotoServer } from '../support/motoServer.ts';

const skip = motoIsInstalled() ? false : 'moto_server is not installed (Python package moto).';
const { signal } = new AbortController();

describe('logs of functions on AWS Lambda', { skip }, () => {
  const environment = { ...process.env };
  let moto: MotoServer;
  let proxy: FaultyProxy;
  before(async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'planted-secret-access-key',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    moto = await startMoto();
    proxy = await startFaultyProxy(moto.url);
  });
  after(async () => {
    process.env = environment;
    await proxy?.close();
    moto?.stop();
  });

  const target = () =>
    openAwsLambda(
      'prod',
      { region: 'us-east-1', endpoint: proxy.url, prefix: 'shop-' },
      { functions: () => Promise.resolve([]) },
    );

  it('are read from a time on, of all environments; before the first call there are none', async () => {
    const { readLogs } = await bound();
    assert.deepEqual(await readLogs('hello', 0), []);
    const logs = new CloudWatchLogsClient({ region: 'us-east-1', endpoint: moto.url });
    const logGroupName = '/aws/lambda/shop-hello';
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const now = Date.now();
    for (const [logStreamName, ...messages] of [
      ['2026/11/26/[7]aaaa', 'START RequestId: r1 Version: 7\n', 'said hello\n'],
      ['2026/11/26/[7]bbbb', 'REPORT RequestId: r2\tDuration: 1.00 ms\tBilled Duration: 2 ms\t\n'],
    ] as [string, ...string[]][]) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const logEvents = messages.map((message, index) => ({ message, timestamp: now - 5000 + index }));
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
    logs.destroy();
    const lines = await readLogs('hello', now - 60_000);
    assert.deepEqual(lines.map(({ instance, text }) => `${instance.slice(-4)} ${text.trimEnd()}`).sort(), [
      'aaaa START RequestId: r1 Version: 7',
      'aaaa said hello',
      'bbbb REPORT RequestId: r2\tDuration: 1.00 ms\tBilled Duration: 2 ms',
    ]);
    assert.equal(new Set(lines.map(({ id }) => id)).size, 3);
    assert.deepEqual(await readLogs('hello', now), []);
  });

  it('need a right, which is named', async () => {
    const { readLogs } = await bound();
    const body = { __type: 'AccessDeniedException', message: 'User is not authorized.' };
    proxy.inject(/^POST \/$/, { status: 400, body });
    await assert.rejects(readLogs('hello', 0), {
      code: 'CREDENTIALS_REFUSED',
      message: /They need the right logs:FilterLogEvents\./,
    });
    assert.equal(proxy.waiting, 0);
  });

  const bound = async () => {
    const opened = await target();
    return { readLogs: (name: string, since: number) => opened.readLogs!(name, since, signal) };
  };
});
