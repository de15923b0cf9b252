import assert from 'node:assert/strict';
import test from 'node:test';
import { HostMirror, mirrorLimits, type MirrorChange } from '../../../../extension/hostClient/hostMirror.ts';
import type { LogEntry } from '../../../../runtime/model/invocationRecord.ts';
import { functionState, summaryOf } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';

const entry = (text: string): LogEntry => ({ t: 0, level: 'info', text, stream: 'stdout' });
const invocation = (id: string, receivedAt: number) => summaryOf(recordOf(id, { receivedAt }));

function setUp() {
  const mirror = new HostMirror();
  const changes: MirrorChange[] = [];
  mirror.onDidChange((change) => changes.push(change));
  return { mirror, changes, kinds: () => changes.map((change) => change.kind) };
}

test('a hello replaces everything', () => {
  const { mirror, kinds } = setUp();
  mirror.setInvocation(invocation('old', 1));
  mirror.reset({ functions: [functionState('a')], problems: [], recent: [invocation('b', 2)] });
  assert.deepEqual(kinds(), ['invocation', 'functions', 'problems', 'invocations']);
  assert.equal(mirror.invocation('old'), undefined);
  assert.equal(mirror.invocation('b')?.id, 'b');
});

test('one function changes without the others', () => {
  const { mirror, changes } = setUp();
  mirror.setProject([functionState('a'), functionState('b')], []);
  const [first] = mirror.functions;
  changes.length = 0;
  mirror.setFunction(functionState('b', { queued: 2 }));
  mirror.setFunction(functionState('unknown'));
  assert.deepEqual(changes, [{ kind: 'function', name: 'b' }]);
  assert.equal(mirror.functions[0], first);
  assert.equal(mirror.function('b')?.queued, 2);
});

test('invocations are listed newest first, within the bound', () => {
  const { mirror } = setUp();
  for (let i = 0; i < mirrorLimits.invocations + 5; i++) mirror.setInvocation(invocation(`i${i}`, i));
  assert.equal(mirror.invocations.length, mirrorLimits.invocations);
  assert.equal(mirror.invocations[0]?.id, `i${mirrorLimits.invocations + 4}`);
  assert.equal(mirror.invocation('i0'), undefined);
  mirror.setInvocation(invocation('late', mirrorLimits.invocations));
  const ids = mirror.invocations.map((summary) => summary.id);
  assert.equal(ids.indexOf('late'), ids.indexOf(`i${mirrorLimits.invocations}`) - 1);
});

test('log lines are kept per invocation, within the bound', () => {
  const { mirror } = setUp();
  mirror.addLogs('a', [entry('1')]);
  mirror.addLogs('a', [entry('2')]);
  assert.deepEqual(
    mirror.logs('a').map((line) => line.text),
    ['1', '2'],
  );
  mirror.addLogs(
    'b',
    Array.from({ length: mirrorLimits.logEntries + 1 }, () => entry('x')),
  );
  assert.equal(mirror.logs('b').length, mirrorLimits.logEntries);
  for (let i = 0; i < mirrorLimits.loggedInvocations; i++) mirror.addLogs(`i${i}`, [entry('x')]);
  assert.deepEqual(mirror.logs('a'), []);
});
