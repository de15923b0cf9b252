import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { FolderHost } from '../../../../extension/hostClient/folderHost.ts';
import type { RemoteLogListener } from '../../../../extension/hostClient/hostApi.ts';
import { mostRemoteInvocations } from '../../../../extension/hostClient/remoteLogs.ts';
import { PorchlightError } from '../../../../runtime/model/errors.ts';
import { FakeLauncher, settle, type FakeHost } from '../../../support/fakeHosts.ts';
import { bodyOf, remoteOf } from '../../../support/records.ts';

const place = { target: 'prod', function: 'hello' };

/** Every follow that hosts were asked for, with a way to end it. */
interface Asked {
  from: number;
  listener: RemoteLogListener;
  signal: AbortSignal;
  fail: (error: Error) => void;
}

function setUp(t: TestContext) {
  const launcher = new FakeLauncher();
  const asked: Asked[] = [];
  launcher.prepare = (host) => {
    host.answers.followRemoteLogs = (
      ...[, , from, listener, signal]: [...[string, string, number], RemoteLogListener, AbortSignal]
    ) =>
      new Promise<void>((_resolve, reject) => {
        asked.push({ from, listener, signal, fail: reject });
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
  };
  const folder = new FolderHost({ name: 'p', path: '/p' }, launcher);
  t.after(() => folder.dispose());
  return { folder, remote: folder.remote, launcher, asked };
}

const line = (id: string, time: number) => ({ id, time, instance: 'i', text: id });

test('following goes on when the host is there again, and tells nothing twice', async (t) => {
  const { folder, remote, launcher, asked } = setUp(t);
  await folder.api();
  const ended = remote.start(place);
  const lines: string[] = [];
  remote.onDidChange((change) => {
    if (change.kind === 'lines') lines.push(...change.lines.map(({ id }) => id));
  });
  await settle();
  const now = launcher.clock.epochMs();
  assert.equal(asked[0]!.from, now - 15 * 60_000);
  asked[0]!.listener.onLogged({
    lines: [line('a', now)],
    invocations: [remoteOf('r', { status: 'running' })],
  });
  const host = launcher.launched[0] as FakeHost;
  host.disconnect();
  asked[0]!.fail(new Error('the connection was closed'));
  host.crash('killed');
  await settle();
  assert.equal(remote.follows.length, 1, 'it waits');
  await folder.api();
  await settle();
  assert.equal(asked.length, 2);
  assert.equal(asked[1]!.from, now - 60_000);
  asked[1]!.listener.onLogged({
    lines: [line('a', now), line('b', now + 1)],
    invocations: [remoteOf('r', { durationMs: 2 })],
  });
  assert.deepEqual(lines, ['a', 'b']);
  assert.deepEqual(
    remote.invocations.map(({ id, status, durationMs }) => [id, status, durationMs]),
    [['r', 'ok', 2]],
  );
  remote.stop(place);
  await ended;
  assert.ok(asked[1]!.signal.aborted);
  assert.deepEqual(remote.follows, []);
});

test('what the host itself says ends it', async (t) => {
  const { folder, remote, asked } = setUp(t);
  await folder.api();
  const ended = remote.start(place);
  await settle();
  asked[0]!.fail(new PorchlightError('NOT_DEPLOYED', place));
  await assert.rejects(ended, { code: 'NOT_DEPLOYED' });
  assert.deepEqual(remote.follows, []);
});

test('stopped while it waits for a host, and ended with the folder', async (t) => {
  const { folder, remote, asked } = setUp(t);
  const waiting = remote.start(place);
  await settle();
  assert.equal(asked.length, 0);
  remote.stop(place);
  await waiting;
  await folder.api();
  const ended = remote.start(place);
  await settle();
  folder.dispose();
  await ended;
  assert.ok(asked[0]!.signal.aborted);
});

test('a call from here and its lines in the log become one', (t) => {
  const { remote } = setUp(t);
  const entry = (text: string) => ({ t: 0, level: 'info' as const, stream: 'stdout' as const, text });
  const call = remoteOf('r1', {
    ...{ startedAt: 1000, called: true, event: bodyOf('{"a":1}'), result: bodyOf('{}'), logsCut: true },
    logs: [entry('the end')],
  });
  const log = remoteOf('r1', { startedAt: 1100, durationMs: 3, logs: [entry('all'), entry('the end')] });
  const running = { ...log, status: 'running' as const, logs: [entry('all')] };
  for (const order of [
    [call, running, log],
    [running, call, log],
    [log, call],
  ]) {
    remote.clear();
    for (const one of order) remote.add([one]);
    const [merged] = remote.invocations;
    const { logsCut: _cut, ...facts } = call;
    assert.deepEqual(merged, { ...facts, ...log });
  }
});

test('the newest are kept, those of other targets beside them', (t) => {
  const { remote } = setUp(t);
  remote.add([remoteOf('x', { target: 'test', startedAt: 1 }), remoteOf('x', { startedAt: 2 })]);
  assert.deepEqual(
    remote.invocations.map(({ target }) => target),
    ['prod', 'test'],
  );
  remote.add(Array.from({ length: 600 }, (_, index) => remoteOf(`r${index}`, { startedAt: 10 + index })));
  assert.equal(remote.invocations.length, mostRemoteInvocations);
  assert.equal(remote.invocations[0]!.id, 'r599');
  assert.equal(remote.find('prod', 'r0'), undefined);
});
