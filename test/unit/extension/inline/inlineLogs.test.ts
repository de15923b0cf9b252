import assert from 'node:assert/strict';
import test from 'node:test';
import { Setting } from '../../../../extension/editor/setting.ts';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { InlineLogs } from '../../../../extension/inline/inlineLogs.ts';
import { InlineSource } from '../../../../extension/inline/inlineSource.ts';
import { InvocationSelection } from '../../../../extension/presentation/invocationSelection.ts';
import type { LogEntry } from '../../../../runtime/model/invocationRecord.ts';
import { FakeLauncher, functionState, settle, summaryOf } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';
import { MockDocument, MockEditor, vscodeMock } from '../../../support/vscodeMock.ts';

const source = [
  'export async function handler(event) {',
  '  console.log(event.name);',
  '  return 1;',
  '}',
].join('\n');

const printed = (text: string, line = 2): LogEntry => ({
  t: 0,
  level: 'info',
  text,
  stream: 'stdout',
  at: { file: '/p/src/hello.ts', line, column: 3 },
});

async function setUp(t: { after(run: () => void): void }) {
  const mock = vscodeMock();
  const editor = new MockEditor(new MockDocument('/p/src/hello.ts', source));
  mock.editors.push(editor);
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => (host.functions = [functionState('hello'), functionState('other')]);
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const selection = new InvocationSelection();
  const values = new InlineSource(hosts, selection, (path) => path);
  const enabled = new Setting(mock.api, 'porchlight.inlineLogs.enabled', true);
  const logs = new InlineLogs(mock.api, values, enabled, launcher.clock);
  for (const item of [hosts, values, enabled, logs]) t.after(() => item.dispose());
  await hosts.startAll();
  const mirror = hosts.all[0]!.mirror;
  const run = (id: string, texts: string[], name = 'hello', status: 'ok' | 'running' = 'ok') => {
    mirror.setInvocation(
      summaryOf(recordOf(id, { function: name, status, receivedAt: mirror.invocations.length })),
    );
    if (texts.length > 0)
      mirror.addLogs(
        id,
        texts.map((text) => printed(text)),
      );
    launcher.clock.advance(100);
  };
  return {
    ...mock,
    mock,
    editor,
    selection,
    enabled,
    mirror,
    run,
    host: launcher.launched[0]!,
    clock: launcher.clock,
  };
}

test('shows what the latest invocation printed, and forgets the one before', async (t) => {
  const { editor, run } = await setUp(t);
  run('a', ['Ann']);
  assert.equal(editor.render()[1], '  console.log(event.name);   Ann');
  run('b', ['Bob', 'Bob']);
  assert.equal(editor.render()[1], '  console.log(event.name);   Bob  ×2');
  run('c', []);
  assert.equal(editor.render()[1], '  console.log(event.name);');
});

test('an invocation of another function leaves the values alone', async (t) => {
  const { editor, run } = await setUp(t);
  run('a', ['Ann']);
  run('b', [], 'other');
  assert.equal(editor.render()[1], '  console.log(event.name);   Ann');
});

test('a selected older invocation shows its own values until it is left', async (t) => {
  const { editor, run, host, selection, clock } = await setUp(t);
  run('a', ['Ann']);
  run('b', ['Bob']);
  host.records.set('a', recordOf('a', { logs: [printed('Ann')] }));
  selection.select({ folder: '/p', id: 'a' });
  await settle();
  clock.advance(100);
  assert.equal(editor.render()[1], '  console.log(event.name);   Ann');
  run('c', ['Cid']);
  assert.equal(editor.render()[1], '  console.log(event.name);   Ann');
  selection.select(undefined);
  clock.advance(100);
  assert.equal(editor.render()[1], '  console.log(event.name);   Cid');
});

test('the latest invocation is followed although it is selected', async (t) => {
  const { editor, run, selection } = await setUp(t);
  run('a', ['Ann']);
  selection.select({ folder: '/p', id: 'a' });
  run('b', ['Bob']);
  assert.equal(editor.render()[1], '  console.log(event.name);   Bob');
});

test('shows the error where it was thrown', async (t) => {
  const { editor, mirror, clock } = await setUp(t);
  const error = {
    type: 'Error',
    message: 'no',
    stack: [],
    at: { file: '/p/src/hello.ts', line: 3, column: 3 },
  };
  mirror.setInvocation(summaryOf(recordOf('a', { status: 'error', error })));
  clock.advance(100);
  assert.equal(editor.render()[2], '  return 1;   Error: no');
});

test('values follow their lines through edits, and go with a changed line', async (t) => {
  const { editor, run, mock } = await setUp(t);
  run('a', ['Ann']);
  mock.edit(editor.document, [0, 0, 0, 0], '// new\n');
  assert.equal(editor.render()[2], '  console.log(event.name);   Ann');
  mock.edit(editor.document, [2, 2, 2, 2], 'x');
  assert.equal(editor.render()[2], '  xconsole.log(event.name);');
});

test('the setting switches it off and on', async (t) => {
  const { editor, run, enabled } = await setUp(t);
  run('a', ['Ann']);
  await enabled.update(false);
  assert.equal(editor.decorations.length, 0);
  await enabled.update(true);
  assert.equal(editor.decorations.length, 1);
});

test('the hover holds the whole value literally and leads to the invocation', async (t) => {
  const { editor, run } = await setUp(t);
  run('a', ['{ a: 1 }\n<b>*']);
  const hover = editor.decorations[0]?.hoverMessage;
  assert.match(hover?.value ?? '', /```text\n\{ a: 1 \}\n<b>\*\n```/);
  assert.match(
    hover?.value ?? '',
    /command:porchlight\.internal\.showInvocation\?%5B%7B%22invocation%22%3A%22a%22/,
  );
  assert.deepEqual(hover?.isTrusted, { enabledCommands: ['porchlight.internal.showInvocation'] });
});
