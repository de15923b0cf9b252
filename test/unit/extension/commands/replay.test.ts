import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { InvocationRecord } from '../../../../runtime/model/invocationRecord.ts';
import { commandServices } from '../../../support/commandServices.ts';
import { functionState, instanceState, summaryOf, type FakeHost } from '../../../support/fakeHosts.ts';
import { bodyOf, recordOf } from '../../../support/records.ts';

const at = { file: '/p/src/hello.ts', line: 3, column: 9 };
const failed = recordOf('past', {
  event: bodyOf('{"a":1}'),
  status: 'error',
  error: { type: 'TypeError', message: 'no', stack: [], at },
  phases: [{ name: 'handler', startUs: 0, durationUs: 1 }],
});
const here = { invocation: 'past', folder: '/p' };

async function setUp(t: TestContext, record: InvocationRecord = failed) {
  const prepared = commandServices(t);
  const { launcher, hosts, mock } = prepared;
  launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
    host.records.set(record.id, record);
    host.recent = [summaryOf(record)];
    host.answers.replay = () =>
      recordOf('again', { replayOf: record.id, status: 'error', pausedMs: 5, debugged: true });
  };
  mock.files.set(at.file, "import x from 'x';\nexport const handler = () => {\n  throw x();\n};\n");
  await hosts.startAll();
  const [host] = launcher.launched;
  assert.ok(host);
  const replayed = () => host.calls.filter(([method]) => method === 'replay').map(([, params]) => params);
  const breakpoints = () =>
    mock.breakpoints.map(({ location: { uri, range }, enabled }) => [
      `${uri.path}:${range.start.line + 1}:${range.start.character + 1}`,
      enabled,
    ]);
  return { ...prepared, host: host as FakeHost, replayed, breakpoints };
}

test('a replay sends the recorded event, nothing else; what was cut is refused', async (t) => {
  const { run, replayed, services, host, debugged } = await setUp(t);
  await run('rerunInvocation', here);
  assert.deepEqual(replayed(), [{ id: 'past' }]);
  assert.equal(services.selection.selected?.id, 'again');
  assert.equal(debugged.size, 0);
  host.records.set('past', { ...failed, event: { ...failed.event, size: 900, truncated: true } });
  await assert.rejects(async () => run('rerunInvocation', here), {
    code: 'EVENT_CUT',
    message: /has 900 bytes, of which only 7 were recorded/,
  });
  assert.equal(replayed().length, 1);
});

test('a replay on a start kind, with the debugger or without', async (t) => {
  const { run, replayed, dialogs, debugged, hosts } = await setUp(t);
  dialogs.picks = ['$(play) Cold'];
  await run('replayWith', here);
  assert.deepEqual(replayed(), [{ id: 'past', startKind: 'cold' }]);
  assert.equal(debugged.size, 0);
  assert.doesNotMatch(dialogs.shown[0] ?? '', /Warm/, 'no instance is warm');

  const instances = [instanceState('hello', 1, { phase: 'frozen' })];
  hosts.all[0]!.mirror.setFunction(functionState('hello', { instances }));
  dialogs.shown.length = 0;
  dialogs.picks = ['$(debug-alt) Warm, in the Debugger'];
  await run('replayWith', here);
  assert.deepEqual(replayed()[1], { id: 'past', startKind: 'warm' });
  assert.deepEqual([...debugged], ['hello']);

  // From now on every instance has the debugger.
  dialogs.shown.length = 0;
  await run('replayWith', here);
  assert.match(dialogs.shown[0] ?? '', /In the debugger, as hello is debugged now \| /);
  assert.doesNotMatch(dialogs.shown[0] ?? '', /\$\(play\)/);
  assert.equal(replayed().length, 2, 'no choice, no replay');
});

test('an edited event is sent from its document, unless it is JSON no more', async (t) => {
  const { run, replayed, mock, dialogs, host } = await setUp(t);
  const path = '/past/hello event.json';
  mock.files.set(path, '{\n  "a": 1\n}\n');
  await run('editEvent', here);
  const { document } = mock.shown.at(-1)!;
  assert.equal(document.uri.toString(), `porchlight-event://${path}?/p`);

  await run('sendEvent', document.uri);
  assert.deepEqual(replayed(), [{ id: 'past' }], 'an event that was not changed is the recorded one');

  document.text = '{\n  "a": \n}\n';
  await run('sendEvent');
  assert.equal(
    dialogs.shown.at(-1),
    'error: The event was not sent: it stops being JSON at line 3, column 1.',
  );
  assert.deepEqual({ ...mock.shown.at(-1)?.selection?.start }, { line: 2, character: 0 });
  assert.equal(replayed().length, 1);

  document.text = '{"a":2}';
  await run('sendEvent');
  assert.deepEqual(replayed()[1], { id: 'past', event: { encoding: 'utf8', data: '{"a":2}' } });

  // Elsewhere than on Lambda events are bytes; then the user may insist.
  host.records.set('past', { ...failed, platform: 'aliyun-fc' });
  document.text = 'not JSON';
  dialogs.actions = [undefined, 'Send As It Is'];
  await run('sendEvent');
  assert.equal(replayed().length, 2);
  await run('sendEvent');
  assert.deepEqual(replayed()[2], { id: 'past', event: { encoding: 'utf8', data: 'not JSON' } });
});

test('a binary event is not edited as text', async (t) => {
  const event = { encoding: 'base64' as const, data: 'AAE=', size: 2, truncated: false };
  const { run, mock } = await setUp(t, { ...failed, event });
  await assert.rejects(async () => run('editEvent', here), /This event is binary/);
  assert.deepEqual(mock.shown, []);
});

test('a failure is debugged: one breakpoint where it failed, then the same event', async (t) => {
  const { run, replayed, breakpoints, debugged, dialogs } = await setUp(t);
  for (const said of ['A breakpoint was set at', 'A breakpoint is at']) {
    dialogs.shown.length = 0;
    await run('debugFailure', here);
    assert.deepEqual(breakpoints(), [['/p/src/hello.ts:3:1', true]]);
    assert.match(
      dialogs.shown[0] ?? '',
      new RegExp(`${said} hello\\.ts:3.*where it failed; hello is replayed`),
    );
  }
  assert.deepEqual([...debugged], ['hello']);
  assert.deepEqual(replayed(), [{ id: 'past' }, { id: 'past' }]);
});

test('a breakpoint that is there is enabled or told to have a condition, never doubled', async (t) => {
  const { run, breakpoints, mock, dialogs } = await setUp(t);
  const { api } = mock;
  const location = new api.Location(api.Uri.file(at.file), new api.Position(2, 4));
  api.debug.addBreakpoints([new api.SourceBreakpoint(location, false)]);
  await run('debugFailure', here);
  assert.deepEqual(breakpoints(), [['/p/src/hello.ts:3:5', true]]);
  assert.match(dialogs.shown[0] ?? '', /The breakpoint at hello\.ts:3, where it failed, was enabled/);

  mock.breakpoints.length = 0;
  api.debug.addBreakpoints([new api.SourceBreakpoint(location, true, 'a > 1')]);
  dialogs.shown.length = 0;
  await run('debugFailure', here);
  assert.equal(breakpoints().length, 1);
  assert.match(dialogs.shown[0] ?? '', /has a condition, so it may not stop/);
});

test('a function that fails on the line it begins on is stopped within it', async () => {
  const { statementColumn } = await import('../../../../extension/commands/failureBreakpoint.ts');
  // The mark is where it failed, the bar where the breakpoint goes.
  const cases = [
    'exports.handler = async (e) => { |throw ‸new Error(); };',
    'exports.handler = (e) => |e.a‸.b;',
    'module.exports = function (e) { const a = 1; |return e.a‸.b; };',
    '|  return list.map((x) => x.a‸.b);',
    '|const x = ‸nothing();',
  ];
  for (const marked of cases) {
    const column = marked.replace('|', '').indexOf('‸') + 1;
    const expected = marked.replace('‸', '').indexOf('|') + 1;
    assert.equal(statementColumn(marked.replace(/[|‸]/g, ''), column), expected, marked);
  }
});

test('a failure without a line says what can be expected', async (t) => {
  const { at: _, ...noPlace } = failed.error!;
  const without = { ...failed, error: noPlace };
  const cases: [InvocationRecord, RegExp, number][] = [
    [without, /not at a line of yours that is known\. Tick "Uncaught Exceptions"/, 0],
    [{ ...without, status: 'crashed' }, /The process of hello ended without an error/, 0],
    [{ ...without, status: 'timeout' }, /timed out, so no line failed.*press Pause/, 1],
    [{ ...without, status: 'oom' }, /ran out of memory.*the limit does not end it/, 1],
    [recordOf('past'), /did not fail/, 0],
    [{ ...failed, status: 'throttled' }, /did not fail/, 0],
  ];
  for (const [record, words, replays] of cases) {
    const { run, dialogs, replayed, breakpoints } = await setUp(t, record);
    await run('debugFailure', here);
    assert.match(dialogs.shown[0] ?? '', words);
    assert.equal(replayed().length, replays, record.status);
    assert.deepEqual(breakpoints(), []);
  }
  const { instance: _instance, ...neverRan } = failed;
  const { run, dialogs, debugged } = await setUp(t, neverRan);
  await run('debugFailure', here);
  assert.match(dialogs.shown[0] ?? '', /The code of hello never ran.*Correct the error first: no/);
  assert.equal(debugged.size, 0);
});

test('without a line the user can prepare, and replays then', async (t) => {
  const { at: _, ...noPlace } = failed.error!;
  const { run, dialogs, replayed, mock } = await setUp(t, { ...failed, error: noPlace });
  dialogs.actions = ['Show Breakpoints', 'Replay'];
  await run('debugFailure', here);
  assert.ok(mock.executed.some(([command]) => command === 'workbench.debug.action.focusBreakpointsView'));
  assert.deepEqual(replayed(), [{ id: 'past' }]);
});

test('a replay that does not get there says so', async (t) => {
  const { run, dialogs, host } = await setUp(t);
  host.answers.replay = () => recordOf('again');
  await run('debugFailure', here);
  assert.equal(dialogs.shown.at(-1), 'info: hello did not fail this time, and did not get to hello.ts:3.');
  host.answers.replay = () => recordOf('again', { status: 'error' });
  await run('debugFailure', here);
  assert.match(dialogs.shown.at(-1) ?? '', /failed again, but did not stop at hello\.ts:3/);
});

test('without an argument the latest failure is debugged', async (t) => {
  const { run, host, replayed } = await setUp(t);
  await assert.rejects(async () => run('debugFailure'), { code: 'NO_FAILURE' });
  host.answers.queryInvocations = ({ status }: { status: string }) =>
    status === 'error'
      ? [summaryOf(failed)]
      : status === 'timeout'
        ? [summaryOf(recordOf('old', { receivedAt: 1 }))]
        : [];
  await run('debugFailure');
  assert.deepEqual(replayed(), [{ id: 'past' }]);
});
