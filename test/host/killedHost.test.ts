import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { connectControl, type ControlConnection } from '../../runtime/protocol/control/connection.ts';
import { GetInvocation, QueryInvocations } from '../../runtime/protocol/control/messages.ts';
import { distFile } from '../../runtime/support/installRoot.ts';
import { porchlight } from '../support/commandLine.ts';
import { copyFixture } from '../support/hostFixture.ts';

interface RunningHost {
  child: ChildProcess;
  gateway: string;
  control: string;
  token: string;
}

/** The built host as a process of its own, as the editor starts it. */
async function spawnHost(t: TestContext, root: string): Promise<RunningHost> {
  const child = spawn(process.execPath, [distFile('porchlight.cjs'), 'start', root, '--json', '--parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => kill(child));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Omit<RunningHost, 'child'>) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function connect(root: string, { control, token }: RunningHost): Promise<ControlConnection> {
  const client = { kind: 'cli', name: 'test', pid: process.pid } as const;
  return connectControl({ url: control, token, root, client });
}

/** Calls a function over and over, until the host is gone; what was answered, by invocation. */
async function stream(
  gateway: string,
  name: string,
  answered: Map<string, string>,
  sent: () => void,
): Promise<void> {
  for (;;) {
    const body = JSON.stringify({ call: answered.size, random: Math.random() });
    try {
      const response = await fetch(`${gateway}/_porchlight/invoke/${name}`, { method: 'POST', body });
      const id = response.headers.get('x-porchlight-invocation')!;
      assert.equal(await response.text(), body);
      answered.set(id, body);
      sent();
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return;
    }
  }
}

test('what was answered is known after the host was killed, and what was cut off as interrupted', async (t) => {
  const root = await copyFixture('behaviours');
  t.after(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const host = await spawnHost(t, root);
  const watching = await connect(root, host);
  const answered = new Map<string, string>();
  // Never answered, and accepted for certain: the host itself says that it runs.
  fetch(`${host.gateway}/_porchlight/invoke/waits-for-ever`, { method: 'POST', body: '{}' }).catch(() => {});
  for (;;) {
    const running = await watching.sendRequest(QueryInvocations, { limit: 10, function: 'waits-for-ever' });
    if (running.length > 0) break;
  }
  // Killed at an answer, while the other streams go on; all end with the host.
  const exited = once(host.child, 'exit');
  const streams = Array.from({ length: 8 }, () =>
    stream(host.gateway, 'echoes', answered, () => {
      if (answered.size === 300) host.child.kill('SIGKILL');
    }),
  );
  await Promise.all(streams);
  await exited;
  watching.dispose();

  const again = await spawnHost(t, root);
  const connection = await connect(root, again);
  t.after(() => connection.dispose());
  const listed = await connection.sendRequest(QueryInvocations, { limit: 1000 });
  const ids = listed.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'one record each');
  for (const [id, body] of answered) {
    const record = await connection.sendRequest(GetInvocation, { id });
    assert.ok(record, `${id} was answered and is not in the history`);
    assert.equal(record.status, 'ok');
    assert.equal(record.result?.data, body);
    assert.equal(record.event.data, body);
    assert.ok(record.phases.some(({ name }) => name === 'handler'));
  }
  const cutOff = listed.filter(({ id }) => !answered.has(id));
  for (const { status } of cutOff) assert.match(status, /^(interrupted|ok)$/);
  const waiting = cutOff.filter((summary) => summary.function === 'waits-for-ever');
  assert.deepEqual(
    waiting.map(({ status, error }) => [status, error?.message]),
    [['interrupted', 'The runtime host ended while this ran.']],
  );
});

test('what a one-shot command did is found by the next one that looks', async (t) => {
  const root = await copyFixture('behaviours');
  t.after(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const { code } = await porchlight(root, ['invoke', 'logs', '-e', '{}']);
  assert.equal(code, 0);
  const { stdout } = await porchlight(root, ['logs', '--json']);
  assert.match(stdout, /"function":"logs"/);
  const count = async (...args: string[]) => {
    const result = await porchlight(root, ['logs', '--json', ...args]);
    assert.equal(result.code, 0, result.stderr);
    return result.stdout.split('\n').filter(Boolean).length;
  };
  const lines = stdout.split('\n').filter(Boolean).length;
  assert.equal(await count('--status', 'ok', '--start-kind', 'cold', '--since', '1h'), lines);
  assert.equal(await count('--until', '1h'), 0);
  assert.equal(await count('--status', 'error'), 0);
  const refused = await porchlight(root, ['logs', '--since', 'yesterday']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /It is a time like 15m/);
});
