import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { launchHost, type LaunchOptions } from '../../../../extension/hostClient/hostProcess.ts';
import { isAlive } from '../../../../runtime/support/processTree.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

const address = `{"pid":' + process.pid + ',"gateway":"http://127.0.0.1:1","control":"ws://127.0.0.1:2","token":"t"}`;

/** Launches a program that stands for a host. */
function launch(t: TestContext, source: string, changes: Partial<LaunchOptions> = {}) {
  const root = tempFolder(t);
  const program = join(root, 'host.cjs');
  writeFileSync(program, source);
  const lines: string[] = [];
  const node = { path: process.execPath, version: process.versions.node, origin: 'found' as const, env: {} };
  const started = launchHost({ node, program, root, onLine: (line) => lines.push(line), ...changes });
  return { started, lines };
}

const ready = `console.log('${address}');`;
const untilInputEnds = `process.stdin.resume(); process.stdin.on('end', () => process.exit(0));`;

test('is ready with the address it prints, and ends when its input does', async (t) => {
  const { started, lines } = launch(
    t,
    `console.error('hello'); ${ready} console.log('later'); ${untilInputEnds}`,
  );
  const host = await started;
  assert.equal(host.address.control, 'ws://127.0.0.1:2');
  await host.stop();
  assert.deepEqual(await host.stopped, { code: 0, signal: null, stderr: 'hello' });
  assert.deepEqual(lines.sort(), ['hello', 'later']);
});

test('one that does not want to end is ended', async (t) => {
  const { started } = launch(t, `${ready} process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`, {
    stopTimeoutMs: 100,
  });
  const host = await started;
  await host.stop();
  assert.equal(isAlive(host.pid), false);
});

test('an early exit is told with what was said', async (t) => {
  const { started } = launch(t, `console.error('The port is taken.'); process.exit(2);`);
  await assert.rejects(started, /did not start: .*ended with code 2: The port is taken\./);
});

test('a first line that is no address, or none in time, is a failed start', async (t) => {
  await assert.rejects(
    launch(t, `console.log('hi'); ${untilInputEnds}`).started,
    /first line is not its address: hi/,
  );
  await assert.rejects(
    launch(t, `console.error('thinking'); ${untilInputEnds}`, { readyTimeoutMs: 300 }).started,
    /not ready after 0\.3 s/,
  );
});

test('an address beyond loopback is not accepted', async (t) => {
  const { started } = launch(
    t,
    `${ready.replace('ws://127.0.0.1:2', 'ws://192.168.0.1:2')} ${untilInputEnds}`,
  );
  await assert.rejects(started, /not its address/);
});

test('a program that cannot be run is named', async (t) => {
  const node = { path: '/no/such/node', version: '24.0.0', origin: 'setting' as const, env: {} };
  await assert.rejects(launch(t, '', { node }).started, /\/no\/such\/node cannot be run/);
});

test('disposal kills at once', async (t) => {
  const host = await launch(t, `${ready} setInterval(() => {}, 1000);`).started;
  host.dispose();
  await host.stopped;
  assert.equal(isAlive(host.pid), false);
});
