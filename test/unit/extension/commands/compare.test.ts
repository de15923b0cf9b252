import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { commandServices } from '../../../support/commandServices.ts';
import { functionState, summaryOf } from '../../../support/fakeHosts.ts';
import { bodyOf, recordOf } from '../../../support/records.ts';

const first = recordOf('first', { receivedAt: 1000, event: bodyOf('{"a":1}') });
const second = recordOf('second', { receivedAt: 2000, event: bodyOf('{"a":2}'), replayOf: 'first' });
const row = (id: string) => ({ argument: { invocation: id, folder: '/p' } });

async function setUp(t: TestContext, records = [first, second]) {
  const prepared = commandServices(t);
  const { launcher, hosts, mock, opened } = prepared;
  launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
    for (const record of records) host.records.set(record.id, record);
  };
  await hosts.startAll();
  /** Titles of comparisons, and the names of their panes' texts in pairs. */
  const compared = () =>
    mock.executed
      .filter(([command]) => command === 'vscode.changes')
      .map(([, title, panes]) => [
        String(title).replace(/\d\d:\d\d:\d\d/g, 'TIME'),
        (panes as unknown[][]).map(([label, left, right]) => {
          assert.equal(label, right);
          return [left, right].map(String);
        }),
      ]);
  const texts = () => opened.map(({ text }) => text);
  const host = launcher.launched[0]!;
  return { ...prepared, host, compared, texts };
}

const both = [
  [
    'hello TIME ok ↔ hello TIME ok',
    [
      [
        'porchlight:///first first second/hello event.json',
        'porchlight:///second first second/hello event.json',
      ],
    ],
  ],
];

test('a replay is compared with its original, and only what differs is shown', async (t) => {
  const { run, compared, texts, dialogs } = await setUp(t);
  await run('compareWithOriginal', row('second'));
  assert.deepEqual(compared(), both);
  assert.deepEqual(texts(), ['{\n  "a": 1\n}\n', '{\n  "a": 2\n}\n']);
  assert.match(dialogs.shown[0] ?? '', /The same in both: overview, result, log, phases/);
  await run('compareWithOriginal', row('first'));
  assert.match(dialogs.shown.at(-1) ?? '', /is no replay/);
});

test('with the one before it of the same function', async (t) => {
  const { run, compared, host, dialogs } = await setUp(t);
  host.answers.queryInvocations = () => [summaryOf(first)];
  await run('compareWithPrevious', row('second'));
  assert.deepEqual(
    host.calls.filter(([method]) => method === 'queryInvocations').map(([, params]) => params),
    [{ function: 'hello', before: 'second', limit: 1 }],
  );
  assert.deepEqual(compared(), both);
  host.answers.queryInvocations = () => [];
  await run('compareWithPrevious', row('first'));
  assert.match(dialogs.shown.at(-1) ?? '', /No invocation of hello before this one/);
});

test('with one that was selected for it before, which is on the left', async (t) => {
  const { run, compared, mock } = await setUp(t);
  assert.equal(mock.context.get('porchlight.selectedForCompare'), undefined);
  await run('selectForCompare', row('first'));
  assert.equal(mock.context.get('porchlight.selectedForCompare'), true);
  await run('compareWithSelected', row('second'));
  assert.deepEqual(compared(), both);
});

test('two selected rows, the older one on the left; rows below an invocation do not count', async (t) => {
  const { run, compared, dialogs } = await setUp(t);
  await run('compareSelected', row('second'), [row('second'), {}, row('first')]);
  assert.deepEqual(compared(), both);
  await run('compareSelected', row('second'), [row('second')]);
  assert.match(dialogs.shown.at(-1) ?? '', /Select two invocations/);
});

test('nothing is opened when there is nothing to see', async (t) => {
  const same = { ...first, id: 'same', receivedAt: 5000 };
  const { run, compared, dialogs } = await setUp(t, [first, same]);
  await run('selectForCompare', row('first'));
  await run('compareWithSelected', row('first'));
  assert.match(dialogs.shown.at(-1) ?? '', /one and the same invocation/);
  await run('compareWithSelected', row('same'));
  assert.match(dialogs.shown.at(-1) ?? '', /differ in nothing/);
  assert.deepEqual(compared(), []);
});
