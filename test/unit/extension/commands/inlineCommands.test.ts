import assert from 'node:assert/strict';
import test from 'node:test';
import { commandServices } from '../../../support/commandServices.ts';

function setUp(t: { after(run: () => void): void }) {
  const made = commandServices(t);
  const copied: string[] = [];
  const env = { clipboard: { writeText: (text: string) => Promise.resolve(copied.push(text)) } };
  Object.assign(made.services.api, { env });
  return { ...made, copied };
}

test('what stands behind lines is chosen from a list', async (t) => {
  const { run, dialogs, services } = setUp(t);
  assert.equal(services.inlineLogs.value, 'all');
  dialogs.picks = ['Errors only'];
  await run('toggleInlineLogs');
  assert.equal(services.inlineLogs.value, 'errors');
  await run('toggleInlineLogs');
  assert.equal(services.inlineLogs.value, 'errors', 'the list was dismissed');
  assert.deepEqual(dialogs.shown[0], 'pick: Log values and errors | Errors only | Nothing');
});

test('the last value or all values of a line are copied', async (t) => {
  const { run, copied, dialogs } = setUp(t);
  await run('internal.copyLogged', { file: '/p/a.ts', line: 1, all: false });
  await run('internal.copyLogged', { file: '/p/a.ts', line: 1, all: true });
  assert.deepEqual(copied, ['second', 'first\nsecond']);
  await run('internal.copyLogged', { file: '/p/a.ts', line: 2, all: true });
  await run('internal.copyLogged', 'nonsense');
  assert.deepEqual(dialogs.shown, [
    'remark: $(copy) Copied the value',
    'remark: $(copy) Copied 2 values',
    'remark: The line shows no value any more.',
    'remark: The line shows no value any more.',
  ]);
});

test('the view is filtered by a line that printed', async (t) => {
  const { run, services, mock } = setUp(t);
  services.filter.set({ status: 'error' });
  await run('internal.showLoggedAt', { file: '/p/src/a.ts', line: 12, artifact: 'a1' });
  assert.deepEqual(services.filter.query(0), { loggedAt: { file: '/p/src/a.ts', line: 12, artifact: 'a1' } });
  assert.equal(services.filter.describe(), 'printed from a.ts:12');
  assert.deepEqual(mock.executed, [['porchlight.invocations.focus']]);
  await run('internal.showLoggedAt', { file: 12 });
  assert.equal(services.filter.describe(), 'printed from a.ts:12');
});

test('the selection is given up for the latest invocation', async (t) => {
  const { run, services } = setUp(t);
  services.selection.select({ folder: '/p', id: 'a' });
  await run('internal.followLatest');
  assert.equal(services.selection.selected, undefined);
});
