import assert from 'node:assert/strict';
import test from 'node:test';
import { laterCommands } from '../../../../extension/commands/later.ts';
import { registerCommands, tableIds } from '../../../../extension/commands/register.ts';
import { commandServices } from '../../../support/commandServices.ts';
import { functionState } from '../../../support/fakeHosts.ts';
import { recordOf } from '../../../support/records.ts';

type Run = (argument?: unknown, selected?: unknown) => Promise<unknown>;

function setUp(t: Parameters<typeof commandServices>[0]) {
  const set = commandServices(t);
  const registered = new Map<string, Run>();
  const { commands } = set.services.api as unknown as {
    commands: { registerCommand(id: string, run: Run): { dispose(): void } };
  };
  commands.registerCommand = (id, run) => {
    registered.set(id, run);
    return { dispose: () => registered.delete(id) };
  };
  const registration = registerCommands(set.services);
  return { ...set, registered, registration };
}

test('every id of the table is registered, and gone again in the end', (t) => {
  const { registered, registration } = setUp(t);
  assert.deepEqual([...registered.keys()].sort(), [...tableIds].sort());
  registration.dispose();
  assert.equal(registered.size, 0);
});

test('a command runs, and what it throws becomes a message', async (t) => {
  const { registered, dialogs, launcher, hosts } = setUp(t);
  launcher.prepare = (host) => {
    host.functions = [functionState('hello')];
    host.answers.invoke = () => recordOf('new', { function: 'hello' });
  };
  await hosts.startAll();
  await registered.get('porchlight.invoke')!({ function: 'hello' });
  assert.match(dialogs.shown[0]!, /^remark: \$\(pass\) hello: ok/);
  assert.equal(await registered.get('porchlight.invoke')!({ function: 'gone' }), undefined);
  assert.match(dialogs.shown[1]!, /^error: .*gone/);
});

test('nothing starts in a workspace that is not trusted', async (t) => {
  const { registered, dialogs, mock, launcher } = setUp(t);
  mock.setTrusted(false);
  await registered.get('porchlight.invoke')!({ function: 'hello' });
  assert.equal(launcher.launched.length, 0);
  assert.equal(dialogs.shown.length, 1);
  assert.match(dialogs.shown[0]!, /^error: /);
});

test('a window that no example opened loads no command', async (t) => {
  const { services, mock } = setUp(t);
  await laterCommands(services).continueExample();
  assert.deepEqual(mock.executed, []);
});
