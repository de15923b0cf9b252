import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { eventText } from '../../../../extension/commands/editedEvent.ts';
import type { TriggerState } from '../../../../runtime/protocol/control/triggers.ts';
import { commandServices } from '../../../support/commandServices.ts';
import { functionState } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';

const state = (name: string, changes: Partial<TriggerState> = {}): TriggerState => ({
  function: 'hello',
  name,
  kind: 'timer',
  summary: 'every 5 minutes',
  status: 'stopped',
  fired: 0,
  ...changes,
});

async function setUp(t: TestContext, triggers: TriggerState[]) {
  const prepared = commandServices(t);
  const { launcher, hosts } = prepared;
  launcher.prepare = (host) => {
    host.functions = [
      functionState('hello', {
        triggers: [{ kind: 'event', name: 'stream', config: { type: 'DynamoDB' } }],
      }),
    ];
    host.answers.listTriggers = () => triggers;
    host.answers.fireTrigger = () => ({ trigger: 'often', record: recordOf('fired') });
    host.answers.setTriggerRunning = (_name: string, trigger: string, running: boolean) =>
      state(trigger, { status: running ? 'running' : 'stopped' });
    host.answers.actOnTrigger = () => 'emptied';
    host.answers.invoke = () => recordOf('sent');
    host.answers.listTests = () => ({ tests: [], problems: [], folders: { hello: '/p/events' } });
  };
  await hosts.startAll();
  const host = launcher.launched[0]!;
  const calls = (method: string) => host.calls.filter(([name]) => name === method).map(([, ...args]) => args);
  return { ...prepared, calls };
}

test('Fire Now fires the trigger of its row, or the one there is', async (t) => {
  const { run, calls, dialogs } = await setUp(t, [state('often'), state('web', { kind: 'http' })]);
  await run('fireTrigger', { function: 'hello', folder: '/p', trigger: 'often' });
  await run('fireTrigger', { function: 'hello', folder: '/p' });
  assert.deepEqual(calls('fireTrigger'), [
    [{ function: 'hello', trigger: 'often' }],
    [{ function: 'hello', trigger: 'often' }],
  ]);
  assert.match(dialogs.shown[0]!, /^remark: \$\(pass\)/);
  await assert.rejects(async () => run('fireTrigger', { function: 'hello', trigger: 'gone' }), {
    code: 'TRIGGER_UNKNOWN',
  });
});

test('starting and stopping offer what can be started and stopped', async (t) => {
  const { run, calls, dialogs } = await setUp(t, [
    state('a'),
    state('b', { status: 'disabled' }),
    state('c', { status: 'running' }),
    state('d', { kind: 'event', status: 'manual' }),
  ]);
  dialogs.picks = ['b'];
  await run('startTrigger', { function: 'hello', folder: '/p' });
  assert.equal(dialogs.shown[0], 'pick: a | b');
  await run('stopTrigger', { function: 'hello', folder: '/p' });
  assert.deepEqual(calls('setTriggerRunning'), [
    ['hello', 'b', true],
    ['hello', 'c', false],
  ]);
});

test('a source does what it offers', async (t) => {
  const actions = [{ id: 'purge', title: 'Purge' }];
  const { run, calls, dialogs } = await setUp(t, [state('orders', { kind: 'queue', actions })]);
  dialogs.picks = ['Purge'];
  await run('actOnTrigger', { function: 'hello', folder: '/p', trigger: 'orders' });
  assert.deepEqual(calls('actOnTrigger'), [['hello', 'orders', 'purge']]);
  assert.equal(dialogs.shown.at(-1), 'remark: hello.orders: emptied');
});

test('a sample is found, edited and sent', async (t) => {
  const { run, calls, dialogs, mock, services } = await setUp(t, []);
  const path = `/${encodeURIComponent('sample~aws-lambda~s3-put~hello')}/hello s3-put.json`;
  mock.files.set(path, '{}');
  dialogs.picks = ['S3 object created'];
  await run('invokeWithSample', { function: 'hello', folder: '/p' });
  assert.match(dialogs.shown[0]!, /^pick: Of its triggers \| DynamoDB stream records \| AWS Lambda \| /);
  assert.match(dialogs.shown[0]!, /CloudEvents \| CloudEvent \|/);
  const uri = mock.api.Uri.from({ scheme: 'porchlight-event', path, query: '/p' });
  const text = await eventText(services, uri);
  assert.match(text, /"eventName": "ObjectCreated:Put"/);
  mock.files.set(uri.path, '{"edited":true}');
  await run('sendEvent', { uri: uri.toString() });
  assert.deepEqual(calls('invoke'), [
    [{ function: 'hello', event: { encoding: 'utf8', data: '{"edited":true}' }, label: 'sample s3-put' }],
  ]);
  assert.equal(services.selection.selected?.id, 'sent');
  dialogs.inputs = ['my-upload'];
  await run('saveTestEvent', { uri: uri.toString() });
  assert.equal(mock.files.get('/p/events/my-upload.json'), '{\n  "edited": true\n}\n');
});

test('a sample that is JSON no more is not sent to a platform that takes nothing else', async (t) => {
  const { run, calls, mock, dialogs } = await setUp(t, []);
  const path = `/${encodeURIComponent('sample~aws-lambda~s3-put~hello')}/hello s3-put.json`;
  const uri = mock.api.Uri.from({ scheme: 'porchlight-event', path, query: '/p' });
  mock.files.set(path, '{"edited":');
  await run('sendEvent', { uri: uri.toString() });
  assert.deepEqual(calls('invoke'), []);
  assert.match(dialogs.shown.at(-1)!, /^error: The event was not sent/);
});
