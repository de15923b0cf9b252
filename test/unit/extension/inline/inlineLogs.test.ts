import assert from 'node:assert/strict';
import test from 'node:test';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { registerInlineHover } from '../../../../extension/inline/inlineHover.ts';
import { InlineLogs } from '../../../../extension/inline/inlineLogs.ts';
import { InlineSource } from '../../../../extension/inline/inlineSource.ts';
import { SourceTexts } from '../../../../extension/inline/sourceTexts.ts';
import { InlineSetting } from '../../../../extension/presentation/inlineSetting.ts';
import { InvocationSelection } from '../../../../extension/presentation/invocationSelection.ts';
import type { InvocationRecord, LogEntry } from '../../../../runtime/model/invocationRecord.ts';
import { FakeLauncher, functionState, settle, summaryOf } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';
import { MockDocument, MockEditor, vscodeMock, type VscodeMock } from '../../../support/vscodeMock.ts';

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

/** What the editor would show when somebody points at a place. */
async function hoverAt(mock: VscodeMock, editor: MockEditor, line: number, character: number) {
  const { Position } = mock.api;
  const end = editor.document.lineAt(line).range.end.character;
  const at = new Position(line, Math.min(character, end));
  const token = undefined as never;
  const hover = await mock.hovers[0]!.provideHover(editor.document as never, at, token);
  const text = hover?.contents as unknown as { value: string; isTrusted: { enabledCommands: string[] } };
  return text;
}

async function setUp(t: { after(run: () => void): void }) {
  const mock = vscodeMock();
  const editor = new MockEditor(new MockDocument('/p/src/hello.ts', source));
  mock.editors.push(editor);
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => (host.functions = [functionState('hello'), functionState('other')]);
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const selection = new InvocationSelection();
  const values = new InlineSource(hosts, selection, (path) => path);
  const texts = new SourceTexts(mock.api, hosts, (path) => path, launcher.clock);
  const setting = new InlineSetting(mock.api);
  const logs = new InlineLogs(mock.api, values, texts, setting, launcher.clock);
  registerInlineHover(mock.api, logs, launcher.clock);
  for (const item of [hosts, values, texts, setting, logs]) t.after(() => item.dispose());
  await hosts.startAll();
  await settle();
  const mirror = hosts.all[0]!.mirror;
  /** Tells which code a function runs from now on. */
  const build = (artifact: string, name = 'hello') =>
    mirror.setFunction(functionState(name, { build: { state: 'ready', artifact, buildMs: 1 } }));
  build('a1');
  build('a1', 'other');
  const run = (id: string, texts: string[], name = 'hello', changes: Partial<InvocationRecord> = {}) => {
    launcher.clock.advance(1);
    const receivedAt = launcher.clock.epochMs();
    mirror.setInvocation(summaryOf(recordOf(id, { function: name, receivedAt, ...changes })));
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
    setting,
    build,
    mirror,
    run,
    host: launcher.launched[0]!,
    clock: launcher.clock,
    hover: (line: number, character = 99) => hoverAt(mock, editor, line, character),
    colors: () =>
      editor.decorations.map(({ renderOptions }) =>
        renderOptions.after.color?.id.replace('porchlight.inline', ''),
      ),
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

test('functions that share a file each show their latest invocation', async (t) => {
  const { editor, mirror, run, clock } = await setUp(t);
  run('a', ['Ann']);
  run('b', [], 'other');
  mirror.addLogs('b', [printed('shared', 3)]);
  clock.advance(100);
  assert.deepEqual(editor.render().slice(1, 3), ['  console.log(event.name);   Ann', '  return 1;   shared']);
  run('c', ['Cid'], 'other');
  assert.equal(
    editor.render()[1],
    '  console.log(event.name);   Cid',
    'of a line that both run, the later one',
  );
});

test('a window that joins a host shows what was printed before', async (t) => {
  const mock = vscodeMock();
  const editor = new MockEditor(new MockDocument('/p/src/hello.ts', source));
  mock.editors.push(editor);
  const launcher = new FakeLauncher();
  const record = recordOf('a', { logs: [printed('Ann')], logCount: 1 });
  launcher.prepare = (host) => {
    host.functions = [functionState('hello', { build: { state: 'ready', artifact: 'a1', buildMs: 1 } })];
    host.recent = [summaryOf(record)];
    host.records.set('a', record);
  };
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const values = new InlineSource(hosts, new InvocationSelection(), (path) => path);
  const texts = new SourceTexts(mock.api, hosts, (path) => path, launcher.clock);
  const setting = new InlineSetting(mock.api);
  const logs = new InlineLogs(mock.api, values, texts, setting, launcher.clock);
  for (const item of [hosts, values, texts, setting, logs]) t.after(() => item.dispose());
  await hosts.startAll();
  await settle();
  launcher.clock.advance(100);
  assert.equal(editor.render()[1], '  console.log(event.name);   Ann');
});

test('levels have colours of their own', async (t) => {
  const { mirror, run, clock, colors } = await setUp(t);
  run('a', []);
  mirror.addLogs('a', [
    printed('x', 1),
    { ...printed('y', 2), level: 'warn' },
    { ...printed('z', 3), level: 'error' },
  ]);
  clock.advance(100);
  assert.deepEqual(colors(), ['Log', 'Warning', 'Error']);
});

test('values follow their lines through edits; a changed line dims, and undoing lights it again', async (t) => {
  const { editor, run, mock, colors } = await setUp(t);
  run('a', ['Ann']);
  mock.edit(editor.document, [0, 0, 0, 0], '// new\n');
  assert.equal(editor.render()[2], '  console.log(event.name);   Ann');
  assert.deepEqual(colors(), ['Log'], 'the edit is elsewhere, and not in the file');
  mock.edit(editor.document, [2, 2, 2, 2], 'x');
  assert.equal(editor.render()[2], '  xconsole.log(event.name);   Ann');
  assert.deepEqual(colors(), ['Outdated']);
  mock.edit(editor.document, [2, 2, 2, 3], '');
  assert.deepEqual(colors(), ['Log']);
});

test('a file that is changed elsewhere counts as saved', async (t) => {
  const { editor, run, mock, colors, clock } = await setUp(t);
  run('a', ['Ann']);
  mock.reload(editor.document, `// new\n${source}`);
  assert.equal(editor.render()[2], '  console.log(event.name);   Ann');
  clock.advance(200);
  assert.deepEqual(colors(), ['Outdated']);
  mock.reload(editor.document, source);
  clock.advance(200);
  assert.deepEqual(colors(), ['Log']);
});

test('saving takes the values of changed lines away and dims the others until the next invocation', async (t) => {
  const { editor, mirror, run, mock, colors, clock, build } = await setUp(t);
  run('a', ['Ann']);
  mirror.addLogs('a', [printed('end', 3)]);
  clock.advance(100);
  mock.edit(editor.document, [1, 25, 1, 25], ' // changed');
  mock.save('/p/src/hello.ts');
  assert.deepEqual(editor.render().slice(1, 3), [
    '  console.log(event.name) // changed;',
    '  return 1;   end',
  ]);
  assert.deepEqual(colors(), ['Outdated']);
  build('a2');
  run('b', ['Bob'], 'hello', { artifact: 'a2' });
  assert.equal(editor.render()[1], '  console.log(event.name) // changed;   Bob');
  assert.deepEqual(colors(), ['Log']);
});

test('a selected invocation of older code stands at the lines of its code, wherever they are now', async (t) => {
  const { editor, run, mock, host, selection, clock, build, colors } = await setUp(t);
  run('a', ['Ann']);
  mock.edit(editor.document, [0, 0, 0, 0], '// new\n');
  mock.save('/p/src/hello.ts');
  build('a2');
  mirrorRecord(host, 'a', 'Ann');
  run('b', [], 'hello', { artifact: 'a2' });
  selection.select({ folder: '/p', id: 'a' });
  await settle();
  clock.advance(100);
  assert.equal(editor.render()[2], '  console.log(event.name);   Ann');
  assert.deepEqual(colors(), ['Outdated']);
});

function mirrorRecord(host: { records: Map<string, InvocationRecord> }, id: string, text: string): void {
  host.records.set(id, recordOf(id, { logs: [printed(text)] }));
}

test('an edit that makes no other code leaves the values of later invocations fresh', async (t) => {
  const { editor, run, mock, colors } = await setUp(t);
  run('a', ['Ann']);
  mock.edit(editor.document, [3, 1, 3, 1], '\n// the end');
  mock.save('/p/src/hello.ts');
  assert.deepEqual(colors(), ['Outdated']);
  run('b', ['Bob']);
  assert.deepEqual(colors(), ['Log']);
});

test('code that this window has never seen is dimmed, and the hover says why', async (t) => {
  const { run, colors, hover } = await setUp(t);
  run('a', ['Ann'], 'hello', { artifact: 'before' });
  assert.deepEqual(colors(), ['Outdated']);
  assert.match((await hover(1)).value, /may have run other code than the file holds now/);
});

test('the setting shows errors only, or nothing; the switch of earlier versions counts until it is set', async (t) => {
  const { editor, mirror, run, setting, mock, clock } = await setUp(t);
  run('a', ['Ann']);
  mirror.addLogs('a', [{ ...printed('bad', 3), level: 'error' }]);
  clock.advance(100);
  const shown = () => editor.decorations.map(({ renderOptions }) => renderOptions.after.contentText);
  assert.deepEqual(shown(), ['Ann', 'bad']);
  await mock.api.workspace.getConfiguration('porchlight').update('inlineLogs.enabled', false);
  assert.deepEqual(shown(), []);
  await setting.update('errors');
  assert.deepEqual(shown(), ['bad']);
  await setting.update('off');
  assert.deepEqual(shown(), []);
  await mock.api.workspace.getConfiguration('porchlight').update('inlineLogs.show', 'nonsense');
  assert.deepEqual(shown(), [], 'as if it were not set');
  await setting.update('all');
  assert.deepEqual(shown(), ['Ann', 'bad']);
});

test('the hover holds the whole values literally and leads to the invocation', async (t) => {
  const { run, hover } = await setUp(t);
  run('a', ['one', '{ a: 1 }\n```<b>*']);
  const { value, isTrusted } = await hover(1);
  assert.match(value, /````text\n\{ a: 1 \}\n```<b>\*\n````/);
  assert.match(value, /command:porchlight\.internal\.showInvocation\?%5B%7B%22invocation%22%3A%22a%22/);
  assert.match(value, /Copy last value.*Copy all 2 values.*Only invocations that printed here/);
  assert.ok(isTrusted.enabledCommands.every((id) => id.startsWith('porchlight.internal.')));
  assert.equal(await hover(1, 3), undefined, 'the code of the line has hovers of its own');
  assert.equal(await hover(2), undefined);
});

test('the hover lists what other invocations of the same code printed there, asked for only then', async (t) => {
  const { run, hover, host } = await setUp(t);
  run('a', ['Ann']);
  const asked = () => host.calls.filter(([method]) => method === 'lineValues');
  assert.deepEqual(asked(), []);
  const before = recordOf('z', { status: 'error', receivedAt: new Date(2026, 0, 2, 3, 4, 5).getTime() });
  host.answers.lineValues = () => [
    { summary: summaryOf(recordOf('a')), count: 1, values: ['Ann'] },
    { summary: summaryOf(before), count: 3, values: ['x', 'Z`ed'] },
  ];
  const { value } = await hover(1);
  const at = { file: '/p/src/hello.ts', line: 2, artifact: 'a1' };
  assert.deepEqual(asked(), [['lineValues', { function: 'hello', at, limit: 13 }]]);
  const list = value.split('\n').filter((line) => line.startsWith('- '));
  assert.equal(list.length, 1, 'not the one that is shown');
  assert.match(list[0]!, /^- \[03:04:05 · error · warm · .*\]\(command:.*%22z%22.*\) — `` Z`ed `` ×3$/);
});

test('a host that does not answer does not keep the value from being shown', async (t) => {
  const { run, hover, host, clock } = await setUp(t);
  run('a', ['Ann']);
  host.answers.lineValues = () => new Promise(() => {});
  const shown = hover(1);
  await settle();
  clock.advance(700);
  assert.match((await shown).value, /Ann[^]*could not be found out/);
});

test('the hover of an error has its stack, with frames that open', async (t) => {
  const { mirror, clock, hover } = await setUp(t);
  const error = {
    type: 'TypeError',
    message: 'no (name)\nsecond line',
    stack: [
      'TypeError: no',
      '    at find (/p/src/hello.ts:3:3)',
      '    at handler (/p/src/we (ird)/a.ts:12:7)',
    ],
    at: { file: '/p/src/hello.ts', line: 3, column: 3 },
  };
  mirror.setInvocation(summaryOf(recordOf('a', { status: 'error', error })));
  clock.advance(100);
  const { value } = await hover(2);
  assert.match(value, /TypeError: no \(name\)\nsecond line/);
  const frames = value.split('\n').filter((line) => line.startsWith('- '));
  assert.match(
    frames[0]!,
    /^- find · \[hello\\\.ts:3\]\(command:porchlight\.internal\.openSource\?%5B%7B%22position%22/,
  );
  assert.doesNotMatch(frames[1]!.replace(/\)$/, '').split('](')[1]!, /[()]/);
});

test('a selected older invocation says so in its hover, with a way back', async (t) => {
  const { run, host, selection, clock, hover } = await setUp(t);
  run('a', ['Ann']);
  run('b', ['Bob']);
  mirrorRecord(host, 'a', 'Ann');
  selection.select({ folder: '/p', id: 'a' });
  await settle();
  clock.advance(100);
  assert.match(
    (await hover(1)).value,
    /selected in the Invocations view.*\[Show the latest\]\(command:porchlight\.internal\.followLatest\)/,
  );
});
