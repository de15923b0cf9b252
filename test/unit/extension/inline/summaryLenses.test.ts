import assert from 'node:assert/strict';
import test from 'node:test';
import type * as vscode from 'vscode';
import { Hosts } from '../../../../extension/hostClient/hosts.ts';
import { SummaryLenses } from '../../../../extension/inline/summaryLenses.ts';
import { withSummaries } from '../../../../extension/language/summaries.ts';
import type { InvocationRecord } from '../../../../runtime/model/invocationRecord.ts';
import type { FunctionState } from '../../../../runtime/protocol/control/state.ts';
import { FakeLauncher, functionState, settle, summaryOf } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';
import { vscodeMock } from '../../../support/vscodeMock.ts';

async function setUp(t: { after(run: () => void): void }, start = true) {
  const mock = vscodeMock();
  const launcher = new FakeLauncher();
  launcher.prepare = (host) => (host.functions = [functionState('hello'), functionState('other')]);
  const hosts = new Hosts(mock.api, launcher, () => Promise.resolve(true));
  const lenses = new SummaryLenses(hosts, launcher.clock);
  for (const item of [hosts, lenses]) t.after(() => item.dispose());
  let changes = 0;
  lenses.onDidChange(() => changes++);
  if (start) await hosts.startAll();
  await settle();
  const { mirror } = hosts.all[0]!;
  return {
    mock,
    hosts,
    lenses,
    mirror,
    clock: launcher.clock,
    title: (name = 'hello') => lenses.of('/p', name)?.title,
    run: (id: string, changes: Partial<InvocationRecord> = {}) =>
      mirror.setInvocation(summaryOf(recordOf(id, changes))),
    measure: (statistics: FunctionState['statistics']) =>
      mirror.setFunction(functionState('hello', { statistics })),
    changes: () => changes,
  };
}

test('nothing is said without a host, and before the first invocation', async (t) => {
  const down = await setUp(t, false);
  assert.equal(down.title(), undefined);
  const up = await setUp(t);
  assert.equal(up.title(), undefined);
  up.run('a');
  assert.equal(up.title(), 'ok 1.7 ms');
  assert.equal(up.title('other'), undefined);
  await up.hosts.stopAll();
  assert.equal(up.title(), undefined);
});

test('the last result, the medians and the share of cold starts', async (t) => {
  const { run, measure, title, lenses } = await setUp(t);
  run('a', { wallMs: 12 });
  measure({ cold: { count: 1, medianMs: 143 }, warm: { count: 11, medianMs: 2.1 } });
  assert.equal(title(), 'ok 12 ms · cold 143 ms · warm 2.1 ms · 8 % cold');
  const { tooltip, command, arguments: args } = lenses.of('/p', 'hello')!;
  assert.match(tooltip, /^Latest invocation of hello: ok, warm, 12 ms, at \d\d:\d\d:\d\d\.\n/);
  assert.match(
    tooltip,
    /Medians from call to answer, and number of calls: cold 143 ms \(1\), warm 2\.1 ms \(11\)\./,
  );
  assert.match(tooltip, /1 of 12 calls started cold\. Calls under a debugger are left out\./);
  assert.deepEqual(
    [command, args],
    ['porchlight.internal.showInvocation', [{ invocation: 'a', folder: '/p' }]],
  );
});

const shares: [cold: number, warm: number, expected: string][] = [
  [1, 999, '1 % cold'],
  [999, 1, '99 % cold'],
  [2, 0, '100 % cold'],
  [0, 2, '0 % cold'],
];

for (const [cold, warm, expected] of shares) {
  test(`${cold} of ${cold + warm} is ${expected}`, async (t) => {
    const { run, measure, title } = await setUp(t);
    run('a');
    measure({ cold: { count: cold, medianMs: 1 }, warm: { count: warm, medianMs: 1 } });
    assert.ok(title()!.endsWith(expected), title());
  });
}

const outcomes: [name: string, changes: Partial<InvocationRecord>, expected: string][] = [
  ['running', { status: 'running' }, 'running …'],
  ['debugged', { debugged: true, wallMs: 90_000 }, 'ok debugged'],
  ['timed out', { status: 'timeout', wallMs: 3000 }, '$(error)\u00A0timed out 3.00 s'],
  [
    'failed',
    { status: 'error', error: { type: 'TypeError', message: 'no $(x) name\nmore', stack: [] } },
    '$(error)\u00A0TypeError: no $\u200B(x) name',
  ],
  [
    'failed without words',
    { status: 'error', error: { type: 'Error', message: '', stack: [] } },
    '$(error)\u00A0Error',
  ],
];

for (const [name, changes, expected] of outcomes) {
  test(`an invocation that ${name === 'running' ? 'runs' : name}`, async (t) => {
    const { run, title } = await setUp(t);
    run('a', changes);
    assert.equal(title(), expected);
  });
}

test('it tells of a change once in a while, and only when a lens that was asked for says something else', async (t) => {
  const { run, measure, title, changes, clock } = await setUp(t);
  clock.advance(300);
  const before = changes();
  run('x', { function: 'other' });
  clock.advance(300);
  assert.equal(changes(), before, 'nobody asked');
  title();
  run('a');
  for (let i = 0; i < 50; i++) measure({ warm: { count: i, medianMs: i } });
  clock.advance(299);
  assert.equal(changes(), before);
  clock.advance(1);
  assert.equal(changes(), before + 1);
  title();
  run('y', { function: 'other', receivedAt: 1 });
  measure({ warm: { count: 49, medianMs: 49 } });
  clock.advance(300);
  assert.equal(changes(), before + 1, 'the same words as before');
});

test('summaries stand behind the actions of their function, named where several share a handler', () => {
  const { api } = vscodeMock();
  const lens = (title: string, command: string, name: string, line: number) =>
    new api.CodeLens(new api.Range(line, 0, line, 1), {
      title,
      command,
      arguments: [{ function: name, folder: '/p' }],
    });
  const lenses = [
    lens('Invoke A', 'invoke', 'A', 1),
    lens('Deploy A', 'deploy', 'A', 1),
    lens('Deploy B', 'deploy', 'B', 1),
    lens('Deploy', 'deploy', 'C', 2),
    lens('Deploy', 'deploy', 'D', 3),
  ];
  const summaries = {
    of: (folder: string, name: string) =>
      name === 'D' ? undefined : { title: `fine in ${folder}`, command: 'show', tooltip: '' },
  };
  const all = withSummaries(lenses as vscode.CodeLens[], 'deploy', summaries, api.CodeLens);
  assert.deepEqual(
    all.map(({ command, range }) => `${range.start.line} ${command?.title}`),
    [
      '1 Invoke A',
      '1 Deploy A',
      '1 A: fine in /p',
      '1 Deploy B',
      '1 B: fine in /p',
      '2 Deploy',
      '2 fine in /p',
      '3 Deploy',
    ],
  );
});
