import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { FolderDebugging } from '../../../../extension/debug/folderDebugging.ts';
import { FolderHost } from '../../../../extension/hostClient/folderHost.ts';
import { PorchlightError } from '../../../../runtime/model/errors.ts';
import type { ControlConnection } from '../../../../runtime/protocol/control/connection.ts';
import {
  AttachDeclined,
  AttachRequested,
  StartDebugging,
  StopDebugging,
  type DebugTarget,
} from '../../../../runtime/protocol/control/messages.ts';
import {
  createRpcConnection,
  type RpcConnection,
} from '../../../../runtime/protocol/control/rpcConnection.ts';
import { FakeLauncher, functionState, settle } from '../../../support/fakeHosts.ts';
import { memoryCarrierPair } from '../../../support/memoryCarrier.ts';

const target = (sequence: number): DebugTarget => ({
  instance: `hello#${sequence}`,
  function: 'hello',
  sequence,
  pid: sequence,
  debugger: 'js-debug',
  websocketAddress: `ws${sequence}`,
  generated: [],
  skip: [],
});

/** Lets messages in flight arrive. */
async function arrive(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

suite('debugging a folder', () => {
  let launcher: FakeLauncher;
  let host: FolderHost;
  let told: string[];
  let peer: RpcConnection;
  let refuse: Error | undefined;
  let attach: (target: DebugTarget) => Promise<void>;
  let givenUp: string[];
  let lost: number;
  let debugging: FolderDebugging;

  /** A connection to a host that writes down what it is asked. */
  function connect(): Promise<ControlConnection> {
    const [ours, theirs] = memoryCarrierPair();
    peer = createRpcConnection(theirs, { peer: 'editor' });
    peer.onRequest(StartDebugging, ({ functions }) => {
      if (refuse) throw refuse;
      told.push(`start ${functions?.join(' ') ?? 'all'}`);
    });
    peer.onRequest(StopDebugging, () => void told.push('stop'));
    peer.onNotification(AttachDeclined, ({ instance, reason }) =>
      told.push(`declined ${instance}: ${reason}`),
    );
    return Promise.resolve(createRpcConnection(ours, { peer: 'host' }) as ControlConnection);
  }

  function create(functions?: string[]): FolderDebugging {
    return new FolderDebugging({
      host,
      connect,
      functions,
      attach: (one) => attach(one),
      missing: () => {},
      giveUp: (address) => givenUp.push(address),
      onLost: () => lost++,
      log: { info: () => {}, warn: () => {} },
    });
  }

  beforeEach(async () => {
    launcher = new FakeLauncher();
    launcher.prepare = (fake) => {
      fake.functions = [
        functionState('hello', { codeRoot: '/p/hello' }),
        functionState('other', { codeRoot: '/p/other' }),
      ];
    };
    host = new FolderHost({ name: 'p', path: '/p' }, launcher);
    await host.api();
    told = [];
    refuse = undefined;
    lost = 0;
    attach = async () => {};
    givenUp = [];
    debugging = create();
  });

  test('tells the host, attaches whoever asks, and stops', async () => {
    const attached: string[] = [];
    attach = async ({ instance }) => void attached.push(instance);
    await debugging.start();
    await debugging.started;
    peer.sendNotification(AttachRequested, target(1));
    peer.sendNotification(AttachRequested, target(2));
    await arrive();
    await debugging.stop();
    peer.sendNotification(AttachRequested, target(3));
    await arrive();
    assert.deepEqual(attached, ['hello#1', 'hello#2']);
    assert.deepEqual(told, ['start all', 'stop']);
  });

  test('addresses of a host that goes are given up', async () => {
    await debugging.start();
    for (const sequence of [1, 2]) peer.sendNotification(AttachRequested, target(sequence));
    await arrive();
    assert.deepEqual(givenUp, []);
    peer.dispose();
    await arrive();
    assert.deepEqual(givenUp, [target(1).websocketAddress, target(2).websocketAddress]);
  });

  test('an instance that cannot be attached is declined with the reason', async () => {
    attach = () => Promise.reject(new Error('js-debug is disabled.'));
    await debugging.start();
    peer.sendNotification(AttachRequested, target(1));
    await arrive();
    assert.deepEqual(told, ['start all', 'declined hello#1: js-debug is disabled.']);
  });

  test('a host that refuses makes the start fail', async () => {
    refuse = new PorchlightError('DEBUGGER_BUSY');
    await assert.rejects(debugging.start(), { code: 'DEBUGGER_BUSY' });
    await assert.rejects(debugging.started, { code: 'DEBUGGER_BUSY' });
    assert.equal(debugging.debugs('hello'), false);
  });

  test('more functions can be added, and all includes each', async () => {
    const one = create(['hello']);
    await one.start();
    assert.equal(one.debugs('other'), false);
    assert.equal(one.covers('/p/hello/a.ts'), true);
    assert.equal(one.covers('/p/other/a.ts'), false);
    await one.widen(['hello']);
    await one.widen(['other']);
    await one.widen(undefined);
    await one.widen(['hello']);
    assert.equal(one.debugs('third'), true);
    assert.deepEqual(told, ['start hello', 'start hello other', 'start all']);
  });

  test('a host that crashes and comes back goes on debugging', async () => {
    await debugging.start();
    launcher.launched[0]!.crash('boom');
    await settle();
    assert.equal(host.state.kind, 'waiting');
    launcher.clock.advance(60_000);
    await arrive();
    assert.equal(host.state.kind, 'running');
    assert.deepEqual(told, ['start all', 'start all']);
    assert.equal(lost, 0);
  });

  test('a host that is stopped ends debugging', async () => {
    await debugging.start();
    await host.stop();
    assert.equal(lost, 1);
  });

  test('a stop before the start is complete leaves nothing behind', async () => {
    await debugging.stop();
    await assert.rejects(debugging.started);
    assert.deepEqual(told, []);
  });
});
