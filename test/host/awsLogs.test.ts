import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { openAwsLambda } from '../../runtime/deploy/aws-lambda/index.ts';
import { followLogs, type Logged } from '../../runtime/deploy/followLogs.ts';
import { noPlaces } from '../../runtime/deploy/remoteLogs/codePlaces.ts';
import type { DeployTarget } from '../../runtime/deploy/target.ts';
import { startFaultyProxy, type FaultyProxy } from '../support/faultyProxy.ts';
import { overview } from '../support/remoteLogs.ts';
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

  it('become the invocations of a function, of both formats and of several environments', async () => {
    const logs = new CloudWatchLogsClient({ region: 'us-east-1', endpoint: moto.url });
    const logGroupName = '/aws/lambda/shop-orders';
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const now = Date.now();
    const report =
      'Duration: 12.30 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 65 MB\t';
    const event = (type: string, record: object): string =>
      JSON.stringify({ time: new Date(now).toISOString(), type, record });
    const metrics = { durationMs: 7, billedDurationMs: 8, memorySizeMB: 128, maxMemoryUsedMB: 60 };
    for (const [logStreamName, ...messages] of [
      [
        '2026/11/26/[7]aaaa',
        'INIT_START Runtime Version: nodejs:22.v3\n',
        'START RequestId: r1 Version: 7\n',
        `${new Date(now).toISOString()}\tr1\tINFO\tsaid hello\n`,
        'END RequestId: r1\n',
        `REPORT RequestId: r1\t${report}Init Duration: 150.00 ms\t\n`,
      ],
      [
        '2026/11/26/[7]bbbb',
        event('platform.start', { requestId: 'r2', version: '7' }),
        JSON.stringify({ level: 'INFO', requestId: 'r2', message: 'in JSON' }),
        event('platform.report', { requestId: 'r2', status: 'timeout', metrics }),
      ],
    ] as [string, ...string[]][]) {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const logEvents = messages.map((message, index) => ({ message, timestamp: now - 5000 + index }));
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
    logs.destroy();
    const opened = await target();
    const where = {
      ...{ name: 'prod', logWords: opened.logWords },
      current: () => Promise.resolve({ version: '7', packageHash: '', settings: {}, environment: {} }),
      readLogs: (...args: Parameters<NonNullable<DeployTarget['readLogs']>>) => opened.readLogs!(...args),
    } as unknown as DeployTarget;
    const told: Logged[] = [];
    await followLogs(() => Promise.resolve(where), {
      ...{ name: 'orders', since: now - 60_000, follow: false, signal, places: noPlaces },
      redact: (text) => text,
      onLogged: (logged) => told.push(logged),
      onTrouble: () => {},
    });
    assert.deepEqual(told.flatMap(({ invocations }) => invocations.map(overview)).sort(), [
      'r1 ok cold 12.3+150 13 65/128 version 7: said hello',
      'r2 timeout warm 7 8 60/128 version 7: in JSON',
    ]);
    assert.deepEqual(
      told.flatMap(({ lines }) => lines.filter(({ invocation }) => !invocation).map(({ text }) => text)),
      ['INIT_START Runtime Version: nodejs:22.v3'],
    );
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
