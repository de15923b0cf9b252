import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { PorchlightError } from '../../../../runtime/model/errors.ts';
import { connectControl } from '../../../../runtime/protocol/control/connection.ts';
import {
  FilesSaved,
  GetInvocation,
  Hello,
  HostMessage,
  ListFunctions,
  type HelloResult,
} from '../../../../runtime/protocol/control/messages.ts';
import { createRpcConnection } from '../../../../runtime/protocol/control/rpcConnection.ts';
import { protocolVersion } from '../../../../runtime/protocol/version.ts';
import { Deferred } from '../../../../runtime/support/deferred.ts';
import { webSocketCarrier } from '../../../../runtime/support/webSocketCarrier.ts';
import { memoryCarrierPair } from '../../../support/memoryCarrier.ts';

const client = { kind: 'cli', name: 'test', pid: 1 } as const;

function helloOf(version: number): HelloResult {
  return {
    protocolVersion: version,
    version: '0.0.0',
    pid: 1,
    root: '/p',
    gateway: 'http://127.0.0.1:1',
    functions: [],
    problems: [],
    triggers: [],
    recent: [],
  };
}

function joined(version = protocolVersion) {
  const [near, far] = memoryCarrierPair();
  const host = createRpcConnection(far, { peer: 'client' });
  host.onRequest(Hello, () => helloOf(version));
  const connect = () =>
    connectControl({ url: 'ws://x', token: 't', client, root: '/p', open: () => Promise.resolve(near) });
  return { host, connect };
}

test('says hello, asks without parameters, tells both ways', async () => {
  const { host, connect } = joined();
  host.onRequest(ListFunctions, () => ({ functions: [], problems: [] }));
  const saved = new Promise((resolve) => host.onNotification(FilesSaved, resolve));
  const connection = await connect();
  assert.equal(connection.hello.root, '/p');
  assert.deepEqual(await connection.sendRequest(ListFunctions), { functions: [], problems: [] });
  connection.sendNotification(FilesSaved, { files: ['/p/a.ts'] });
  assert.deepEqual(await saved, { files: ['/p/a.ts'] });
  const heard: string[] = [];
  const both = new Promise<void>((resolve) => {
    connection.onNotification(HostMessage, ({ text }) => heard.push(`1 ${text}`));
    connection.onNotification(HostMessage, ({ text }) => {
      heard.push(`2 ${text}`);
      resolve();
    });
  });
  host.sendNotification(HostMessage, { level: 'info', text: 'hi' });
  await both;
  assert.deepEqual(heard, ['1 hi', '2 hi']);
  connection.dispose();
});

test('restores an error of the catalogue with the stack of the caller', async () => {
  const { host, connect } = joined();
  host.onRequest(GetInvocation, ({ id }) => {
    throw new PorchlightError('INVOCATION_UNKNOWN', { id });
  });
  const connection = await connect();
  const error = await connection.sendRequest(GetInvocation, { id: 'x' }).catch((e: unknown) => e);
  assert.ok(error instanceof PorchlightError);
  assert.equal(error.code, 'INVOCATION_UNKNOWN');
  assert.equal(error.kind, 'user');
  assert.deepEqual(error.facts, { id: 'x' });
  assert.match(error.message, /no invocation "x"/);
  assert.match(error.stack ?? '', /connection\.test\.ts/);
  connection.dispose();
});

test('other failures arrive as INTERNAL and are told to the owner of the handler', async () => {
  const [near, far] = memoryCarrierPair();
  const told: string[] = [];
  const host = createRpcConnection(far, { peer: 'c', onInternalError: (method) => told.push(method) });
  const caller = createRpcConnection(near, { peer: '/p' });
  host.onRequest(ListFunctions, () => {
    throw new TypeError('oops');
  });
  await assert.rejects(caller.sendRequest(ListFunctions), { code: 'INTERNAL', message: 'oops' });
  assert.deepEqual(told, ['functions/list']);
  await assert.rejects(caller.sendRequest(GetInvocation, { id: 'x' }), { code: 'INTERNAL' });
});

test('a call that is cancelled aborts the handler; the answer is the peer’s', async () => {
  const { host, connect } = joined();
  host.onRequest(GetInvocation, async (_, signal) => {
    if (!signal.aborted) await once(signal, 'abort');
    return null;
  });
  const connection = await connect();
  const controller = new AbortController();
  const call = connection.sendRequest(GetInvocation, { id: 'x' }, { signal: controller.signal });
  controller.abort();
  assert.equal(await call, null);
  connection.dispose();
});

test('closing rejects what is pending, aborts what runs, and later calls fail at once', async () => {
  const { host, connect } = joined();
  const started = new Deferred<AbortSignal>();
  host.onRequest(GetInvocation, (_, signal) => {
    started.resolve(signal);
    return new Promise(() => {});
  });
  const connection = await connect();
  const call = connection.sendRequest(GetInvocation, { id: 'x' });
  call.catch(() => {});
  const signal = await started.promise;
  const closed = new Promise((resolve) => connection.onClose(resolve));
  host.carrier.close('host stopped');
  assert.equal(await closed, 'host stopped');
  await assert.rejects(call, { code: 'HOST_UNREACHABLE', message: /\/p does not answer: host stopped/ });
  assert.ok(signal.aborted);
  await assert.rejects(connection.sendRequest(GetInvocation, { id: 'y' }), { code: 'HOST_UNREACHABLE' });
  assert.ok(connection.closed);
});

test('a message that is not JSON closes the connection', async () => {
  const [near, far] = memoryCarrierPair();
  const host = createRpcConnection(far, { peer: 'c' });
  const closed = new Promise((resolve) => host.onClose(resolve));
  near.send('{');
  assert.match(String(await closed), /not JSON/);
});

test('a host of another version is refused', async () => {
  await assert.rejects(joined(99).connect(), { code: 'PROTOCOL_VERSION' });
});

test('over a real socket: the token goes with the upgrade; nobody there is HOST_UNREACHABLE', async (t) => {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    verifyClient: ({ req }: { req: IncomingMessage }) => req.headers.authorization === 'Bearer right',
  });
  t.after(() => server.close());
  await once(server, 'listening');
  server.on('connection', (socket) => {
    const host = createRpcConnection(webSocketCarrier(socket), { peer: 'client' });
    host.onRequest(Hello, () => helloOf(protocolVersion));
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = await connectControl({ url, token: 'right', client });
  assert.equal(connection.hello.pid, 1);
  await assert.rejects(connectControl({ url, token: 'wrong', client }), {
    code: 'HOST_UNREACHABLE',
    message: /401/,
  });
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => connection.onClose(resolve));
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(connectControl({ url, token: 'right', client }), { code: 'HOST_UNREACHABLE' });
});
