import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { isAlive } from '../../../runtime/support/processTree.ts';

test('a process runs until it has ended', async () => {
  assert.ok(isAlive(process.pid));
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  assert.ok(!isAlive(child.pid!));
});

test('one that nobody collects does not run either', { skip: process.platform !== 'linux' }, async (t) => {
  // The program that takes the shell's place knows nothing of the shell's child.
  const script = 'sleep 1000 >&2 & echo $!; exec tail -f /dev/null';
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line);
  assert.ok(isAlive(pid));
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
  // It is still in the table.
  process.kill(pid, 0);
});
