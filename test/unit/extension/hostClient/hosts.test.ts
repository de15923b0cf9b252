import assert from 'node:assert/strict';
import test from 'node:test';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { FakeLauncher, functionState, settle } from '../../../support/fakeHosts.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

function setUp(t: { after(run: () => void): void }, paths: string[], projects = paths) {
  const mock = vscodeMock(paths);
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => (host.functions = [functionState('hello')]);
  const probed: string[] = [];
  const hosts = new Hosts(mock.api, launcher, (folder) => {
    probed.push(folder.name);
    return Promise.resolve(projects.includes(folder.uri.fsPath));
  });
  t.after(() => hosts.dispose());
  const states = () => hosts.all.map((host) => `${host.folder.name} ${host.state.kind}`);
  return { mock, launcher, hosts, probed, states };
}

test('starts a host for each folder with functions, and none for others', async (t) => {
  const { hosts, states, launcher } = setUp(t, ['/a', '/b', '/docs'], ['/a', '/b']);
  await hosts.startAll();
  assert.deepEqual(states(), ['a running', 'b running', 'docs none']);
  assert.equal(launcher.launched.length, 2);
  assert.deepEqual(
    hosts.withProject.map((host) => host.folder.name),
    ['a', 'b'],
  );
});

test('nothing is looked at or started until the workspace is trusted', async (t) => {
  const { mock, hosts, probed, states } = setUp(t, ['/a']);
  mock.setTrusted(false);
  await hosts.startAll();
  assert.deepEqual(probed, []);
  await assert.rejects(hosts.running(hosts.all[0]!), /not trusted/);
  assert.deepEqual(states(), ['a none']);
  mock.setTrusted(true);
  await settle();
  assert.deepEqual(states(), ['a running']);
});

test('folders come and go with their hosts', async (t) => {
  const { mock, hosts, states, launcher } = setUp(t, ['/a'], ['/a', '/b']);
  await hosts.startAll();
  const [first] = hosts.all;
  mock.changeFolders(['/b']);
  await settle();
  assert.deepEqual(states(), ['b running']);
  assert.equal(first?.state.kind, 'stopped');
  assert.equal(launcher.launched.length, 2);
});

test('a host is told of saved files of its folder only', async (t) => {
  const { mock, hosts, launcher } = setUp(t, ['/a', '/b']);
  await hosts.startAll();
  mock.save('/b/src/x.ts');
  const told = launcher.launched.map((host) => host.calls.filter(([method]) => method === 'filesSaved'));
  assert.deepEqual(told, [[], [['filesSaved', ['/b/src/x.ts']]]]);
});

test('a folder becomes a project when a likely file is saved, not with any other', async (t) => {
  const { mock, hosts, probed, states } = setUp(t, ['/a'], []);
  await hosts.startAll();
  mock.save('/a/notes.md');
  assert.deepEqual(probed, ['a']);
  mock.save('/a/index.js');
  assert.deepEqual(probed, ['a', 'a']);
  await settle();
  assert.deepEqual(states(), ['a none']);
});

test('a folder is found by its path or its URI', (t) => {
  const { hosts } = setUp(t, ['/a', '/b']);
  assert.equal(hosts.find('/b')?.folder.name, 'b');
  assert.equal(hosts.find('file:///b')?.folder.name, 'b');
  assert.equal(hosts.find('/c'), undefined);
});
