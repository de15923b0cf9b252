import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { distFile } from '../../runtime/support/installRoot.ts';
import { copyFixture } from '../support/hostFixture.ts';
import { HostProcesses } from '../support/markedProcesses.ts';

/** The built host as a process of its own, as the editor starts it. */
async function spawnHost(
  t: TestContext,
): Promise<{ child: ChildProcess; gateway: string; processes: HostProcesses }> {
  const root = await copyFixture('behaviours');
  const child = spawn(process.execPath, [distFile('porchlight.cjs'), 'start', root, '--json', '--parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { gateway } = JSON.parse(line) as { gateway: string };
  return { child, gateway, processes: await HostProcesses.of(root) };
}

/** Leaves an idle frozen instance, one that has a child, and one that blocks its event loop. */
async function populate(gateway: string, processes: HostProcesses): Promise<void> {
  const post = (name: string) =>
    fetch(`${gateway}/_porchlight/invoke/${name}`, { method: 'POST', body: '{}' });
  assert.equal((await post('answers')).status, 200);
  assert.equal((await post('leaves-child')).status, 200);
  // Answered by nobody: the host is about to be killed.
  post('waits-for-ever').catch(() => {});
  const giveUpAt = Date.now() + 10_000;
  while (processes.alive().length < 5) {
    assert.ok(Date.now() < giveUpAt, 'the busy instance did not come up');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(existsSync(processes.temporary), 'instances have temporary folders');
}

describe('no process is left over', { skip: process.platform !== 'linux' && 'reads /proc' }, () => {
  it('after the host was killed, with instances busy, frozen, and with children', async (t) => {
    const { child, gateway, processes } = await spawnHost(t);
    await populate(gateway, processes);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await processes.gone(10_000);
  });

  it('after the editor that held its input is gone', async (t) => {
    const { child, gateway, processes } = await spawnHost(t);
    await populate(gateway, processes);
    child.stdin!.destroy();
    await once(child, 'exit');
    await processes.gone(10_000);
  });

  it('after Ctrl+C', async (t) => {
    const { child, gateway, processes } = await spawnHost(t);
    await populate(gateway, processes);
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
    await processes.gone(10_000);
  });
});
