import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { RemoteLogListener } from '../../../../extension/hostClient/hostApi.ts';
import type { DeployedFunction } from '../../../../runtime/model/deploy.ts';
import { PorchlightError } from '../../../../runtime/model/errors.ts';
import { Deferred } from '../../../../runtime/support/deferred.ts';
import { commandServices } from '../../../support/commandServices.ts';
import { functionState, settle } from '../../../support/fakeHosts.ts';
import { bodyOf, recordOf, remoteOf } from '../../../support/records.ts';

const deployed: DeployedFunction = { function: 'hello', target: 'prod', versions: [], urls: [] };
const place = { function: 'hello', target: 'prod', folder: '/p' };
const row = (id: string) => ({ argument: { ...place, invocation: id } });
const at = new Date(2026, 10, 26, 9, 8, 7).getTime();
const line = { id: '1', time: at, instance: 'hello-5c9f7-x2x4z', text: 'said hello' };

async function setUp(t: TestContext) {
  const set = commandServices(t);
  const ends = new Deferred<void>();
  let listener: RemoteLogListener | undefined;
  set.launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
    host.records.set(
      'here',
      recordOf('here', { logs: [{ t: 0, level: 'info', stream: 'stdout', text: 'hi' }] }),
    );
    host.answers.invoke = () => recordOf('new');
    host.answers.listDeployed = () => [deployed];
    host.answers.followRemoteLogs = (...args: unknown[]) => {
      listener = args[3] as RemoteLogListener;
      (args[4] as AbortSignal).addEventListener('abort', () => ends.reject(new Error('cancelled')));
      return ends.promise;
    };
  };
  await set.hosts.startAll();
  const host = set.launcher.launched[0]!;
  const { remote } = set.hosts.all[0]!;
  return { ...set, host, remote, ends, told: () => listener! };
}

test('a log is followed in the background until it is stopped; its lines go to a channel of its own', async (t) => {
  const { run, remote, dialogs, logged, told, host } = await setUp(t);
  await run('followDeployed', { argument: place });
  await run('followDeployed', { argument: place });
  assert.equal(host.calls.filter(([name]) => name === 'followRemoteLogs').length, 1);
  assert.deepEqual(remote.follows, [{ target: 'prod', function: 'hello' }]);
  assert.deepEqual(dialogs.shown, ['remark: $(eye) Following the log of hello on prod']);
  told().onLogged({ lines: [line], invocations: [remoteOf('r1')] });
  assert.deepEqual(logged, ['hello on prod: 09:08:07 f7-x2x4z  said hello']);
  assert.deepEqual(
    remote.invocations.map(({ id }) => id),
    ['r1'],
  );
  await run('stopFollowing', { argument: place });
  await settle();
  assert.deepEqual(remote.follows, []);
  assert.equal(dialogs.shown.length, 1, 'nobody is told of what he asked for');
  await run('stopFollowing');
});

test('what ends following is told, and trouble once with a way to stop', async (t) => {
  const { run, remote, dialogs, ends, told } = await setUp(t);
  await run('showRemoteLogs', { argument: place });
  told().onTrouble('The token is expired. Sign in again.');
  told().onLogged({ lines: [], invocations: [], linesOnly: true });
  assert.deepEqual(remote.follows, [
    {
      ...{ target: 'prod', function: 'hello' },
      trouble: 'The token is expired. Sign in again.',
      linesOnly: true,
    },
  ]);
  assert.deepEqual(dialogs.shown.slice(1), [
    'warn: The log of hello on prod cannot be read for now: The token is expired. Sign in again.',
  ]);
  told().onTrouble(undefined);
  assert.equal(remote.follows[0]?.trouble, undefined);
  ends.reject(new PorchlightError('NOT_DEPLOYED', { function: 'hello', target: 'prod' }));
  await settle();
  assert.match(dialogs.shown.at(-1) ?? '', /^error: hello is not deployed to "prod"/);
  assert.deepEqual(remote.follows, []);
});

test('a call of a target is made again here where its event is known', async (t) => {
  const { run, remote, host, dialogs } = await setUp(t);
  remote.add([remoteOf('r1', { event: bodyOf('{"a":7}') }), remoteOf('r2')]);
  await run('replayLocally', row('r1'));
  const invoked = host.calls.filter(([name]) => name === 'invoke');
  assert.deepEqual(invoked[0]![1], { function: 'hello', event: { encoding: 'utf8', data: '{"a":7}' } });
  await run('replayLocally', row('r2'));
  assert.equal(host.calls.filter(([name]) => name === 'invoke').length, 1);
  assert.match(dialogs.shown.at(-1) ?? '', /event of this invocation is not known here/);
});

test('its request id is copied, its log opens, and it is forgotten with the others', async (t) => {
  const { run, remote, mock, opened } = await setUp(t);
  const entry = { t: 1_500_000, level: 'warn' as const, stream: 'stderr' as const, text: 'careful' };
  remote.add([remoteOf('r1 (2)', { requestId: 'r1', startedAt: at, logs: [entry] })]);
  let copied = '';
  const writeText = (text: string) => Promise.resolve(void (copied = text));
  Object.assign(mock.api, { env: { clipboard: { writeText } } });
  await run('copyInvocationId', row('r1 (2)'));
  assert.equal(copied, 'r1');
  await run('internal.openBody', { ...place, invocation: 'r1 (2)', body: 'log' });
  assert.deepEqual(opened.at(-1), { name: 'hello log.log', text: '09:08:08 WARN  careful\n' });
  await run('clearInvocations');
  assert.deepEqual(remote.invocations, []);
  await assert.rejects(async () => run('selectForCompare', row('r1 (2)')), { code: 'INVOCATION_UNKNOWN' });
});

test('it is compared with one of this machine in what is known of both', async (t) => {
  const { run, remote, mock, opened } = await setUp(t);
  const logs = ['START RequestId: r1', 'hello'].map((text, t) => ({
    ...{ t, level: 'info' as const, text },
    stream: t === 0 ? ('platform' as const) : ('stdout' as const),
  }));
  remote.add([remoteOf('r1', { logs, memoryMB: 128, startKind: 'cold' })]);
  await run('selectForCompare', row('r1'));
  await run('compareWithSelected', { argument: { invocation: 'here', folder: '/p' } });
  const [, title, panes] = mock.executed.find(([command]) => command === 'vscode.changes')!;
  assert.match(String(title), /^hello \(prod\) \S+ ok ↔ hello \S+ ok$/);
  assert.equal((panes as unknown[]).length, 2);
  assert.deepEqual(
    opened.map(({ text }) => text),
    [
      'function: hello\nstatus: ok\nstart: cold\nmemory limit: 128 MB\non: prod\n',
      'function: hello\nstatus: ok\nstart: warm\nmemory limit: 128 MB\n',
      'INFO  hello\n',
      'INFO  hi\n',
    ],
  );
  await run('compareSelected', row('r1'), [row('r1'), { argument: { invocation: 'here', folder: '/p' } }]);
  assert.equal(mock.executed.filter(([command]) => command === 'vscode.changes').length, 2);
});
