import assert from 'node:assert/strict';
import test from 'node:test';
import { FolderHost } from '../../../../extension/hostClient/folderHost.ts';
import type { HostState } from '../../../../extension/hostClient/hostState.ts';
import { FakeLauncher, functionState, instanceState, settle, summaryOf } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';

function setUp() {
  const launcher = new FakeLauncher();
  launcher.prepare = (host) =>
    (host.functions = [functionState('hello', { instances: [instanceState('hello', 1)] })]);
  const host = new FolderHost({ name: 'p', path: '/p' }, launcher);
  const states: HostState['kind'][] = [];
  const crashes: boolean[] = [];
  host.onDidChangeState((state) => states.push(state.kind));
  host.onDidCrash((crash) => crashes.push(crash.restarting));
  return { launcher, host, states, crashes };
}

test('starts one host, however many ask at once', async () => {
  const { launcher, host, states } = setUp();
  const [a, b] = await Promise.all([host.api(), host.api()]);
  assert.equal(a, b);
  assert.equal(launcher.launched.length, 1);
  assert.deepEqual(states, ['starting', 'running']);
  assert.equal(host.state.kind === 'running' && host.state.own, true);
  assert.deepEqual(
    host.mirror.functions.map((state) => state.name),
    ['hello'],
  );
});

test('joins a host that runs, and starts an own one when that goes', async () => {
  const { launcher, host, states, crashes } = setUp();
  launcher.running = launcher.create();
  await host.api();
  assert.equal(host.state.kind === 'running' && host.state.own, false);
  assert.equal(launcher.launched.length, 0);
  const other = launcher.running;
  launcher.running = undefined;
  other.disconnect();
  launcher.clock.advance(1000);
  await settle();
  assert.deepEqual(states, ['starting', 'running', 'waiting', 'starting', 'running']);
  assert.equal(host.state.kind === 'running' && host.state.own, true);
  // Another window that closes is no crash.
  assert.deepEqual(crashes, []);
});

test('a host whose address is stale is replaced', async () => {
  const { launcher, host } = setUp();
  launcher.readAddress = () =>
    Promise.resolve({ pid: 9, gateway: 'http://127.0.0.1:9', control: 'ws://127.0.0.1:9', token: 't' });
  await host.api();
  assert.equal(launcher.launched.length, 1);
});

test('starts a crashed host again with the history intact, and gives up after four crashes', async () => {
  const { launcher, host, states, crashes } = setUp();
  await host.api();
  host.mirror.setInvocation(summaryOf(recordOf('a', { status: 'running' })));
  for (let crash = 1; crash <= 4; crash++) {
    launcher.launched.at(-1)?.crash('boom');
    await settle();
    if (crash === 1) {
      assert.equal(host.mirror.invocation('a')?.status, 'interrupted');
      assert.deepEqual(host.mirror.function('hello')?.instances, []);
    }
    launcher.clock.advance(10_000);
    await settle();
  }
  assert.equal(launcher.launched.length, 4);
  assert.deepEqual(crashes, [true, true, true, false]);
  assert.equal(states.at(-1), 'failed');
  assert.match(host.state.kind === 'failed' ? host.state.message : '', /4 times.*boom/);
  // The user may try again.
  await host.restart();
  assert.equal(host.state.kind, 'running');
});

test('a host that is asked to stop has not crashed', async () => {
  const { launcher, host, states, crashes } = setUp();
  await host.api();
  await host.stop();
  await settle();
  launcher.clock.advance(60_000);
  assert.deepEqual(states, ['starting', 'running', 'stopped']);
  assert.deepEqual(crashes, []);
  assert.equal(launcher.launched.length, 1);
});

test('a start that fails is not repeated, and says why', async () => {
  const { launcher, host, states } = setUp();
  launcher.failNext = 'port taken.';
  await assert.rejects(host.api(), /port taken/);
  launcher.clock.advance(60_000);
  assert.deepEqual(states, ['starting', 'failed']);
  assert.match(host.state.kind === 'failed' ? host.state.message : '', /port taken/);
});

test('two windows that start at once share the host of the faster one', async () => {
  const { launcher, host } = setUp();
  const other = launcher.create();
  launcher.launch = () => {
    launcher.running = other;
    return Promise.reject(new Error('HOST_RUNNING'));
  };
  await host.api();
  assert.equal(host.state.kind === 'running' && host.state.pid, other.address.pid);
});

test('disposal ends the process at once and nothing starts afterwards', async () => {
  const { launcher, host } = setUp();
  await host.api();
  host.dispose();
  launcher.clock.advance(60_000);
  await settle();
  assert.equal(launcher.launched.length, 1);
  await assert.rejects(host.api(), /closed/);
});
