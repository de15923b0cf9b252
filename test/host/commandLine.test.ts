import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import {
  AttachRequested,
  StartDebugging,
  StopDebugging,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import { isAlive } from '../../runtime/support/processTree.ts';
import { CdpClient } from '../support/cdpClient.ts';
import { ended, firstLine, porchlight, said, startPorchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';
import { tempFolder } from '../support/tempFolder.ts';

interface Reach {
  gateway: string;
  control: string;
  token: string;
  pid: number;
}

function project(t: TestContext): string {
  const root = tempFolder(t);
  writeTree(root, {
    'porchlight.yaml': `functions:
  echo: { handler: index.echo, platform: aliyun-fc }
  fail: { handler: index.fail, platform: aliyun-fc }
  slow: { handler: index.slow, platform: aliyun-fc, timeout: 60s }
  asks: { handler: index.asks, platform: aliyun-fc }
`,
    'index.js': `
let calls = 0;
exports.echo = async (event) => { calls++; console.log('call', calls); console.error('to stderr'); return event; };
exports.fail = async () => { throw new TypeError('not like this'); };
exports.asks = async () => (await fetch(process.env.PORCHLIGHT_GATEWAY + '/_porchlight/invoke/echo', { method: 'POST', body: 'x' })).text();
exports.slow = async () => new Promise(() => { console.log('sleeping'); setTimeout(() => {}, 1e6); });
`,
    'event.bin': '',
  });
  return root;
}

async function start(t: TestContext, root: string, ...more: string[]) {
  const child = startPorchlight(root, ['start', root, '--json', ...more]);
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  return { child, reach: JSON.parse(await firstLine(child)) as Reach };
}

test('invoke: the result on stdout byte for byte, everything else on stderr', async (t) => {
  const root = project(t);
  const bytes = Buffer.from([0, 255, 10, 13, 128]);
  writeFileSync(join(root, 'event.bin'), bytes);
  const child = startPorchlight(root, ['invoke', 'echo', '-e', 'event.bin']);
  const chunks: Buffer[] = [];
  child.stdout!.on('data', (chunk: Buffer) => chunks.push(chunk));
  const { code, stderr } = await ended(child);
  assert.equal(code, 0, stderr);
  assert.deepEqual(Buffer.concat(chunks), bytes);
  assert.match(stderr, /call 1\n/);
  assert.match(stderr, /to stderr\n/);
  assert.match(stderr, /echo ok · cold · .* handler /);
  const piped = await porchlight(root, ['invoke', 'echo', '-e', '-'], 'from a pipe');
  assert.equal(piped.stdout, 'from a pipe');
});

test('invoke: exit codes say who failed', async (t) => {
  const root = project(t);
  const failed = await porchlight(root, ['invoke', 'fail']);
  assert.equal(failed.code, 1);
  assert.match(failed.stdout, /"errorMessage":"not like this"/);
  assert.match(failed.stderr, /TypeError: not like this \(.*index\.js:4:36\)/);
  const cases: [string[], RegExp][] = [
    [['invoke', 'nope'], /no function named "nope". Known functions: echo, fail, slow, asks/],
    [['invoke', 'echo', '--warm'], /No warm instance/],
    [['invoke', 'echo', '-e', 'missing.json'], /no event file/],
  ];
  for (const [args, words] of cases) {
    const { code, stderr, stdout } = await porchlight(root, args);
    assert.equal(code, 2);
    assert.match(stderr, words);
    assert.equal(stdout, '');
  }
});

test('invoke on a running host: cold, prewarmed and warm as asked for; the whole record as JSON', async (t) => {
  const root = project(t);
  await start(t, root);
  const kinds: string[] = [];
  for (const flag of ['--cold', '--warm', '--cold', '--prewarmed']) {
    const { code, stdout, stderr } = await porchlight(root, [
      'invoke',
      'echo',
      '-e',
      '{"a":1}',
      flag,
      '--json',
    ]);
    assert.equal(code, 0, stderr);
    const record = JSON.parse(stdout) as InvocationRecord;
    kinds.push(record.startKind!);
    assert.equal(record.result?.data, '{"a":1}');
  }
  assert.deepEqual(kinds, ['cold', 'warm', 'cold', 'prewarmed']);
  const listed = await porchlight(root, ['list']);
  assert.match(
    listed.stdout,
    /^echo +aliyun-fc +Node\.js [\d.]+ +resident +[\d.]+ ms \(2\) +[\d.]+ ms \(1\) +[\d.]+ ms \(1\)/m,
  );
});

test('Ctrl+C interrupts an invocation', { skip: process.platform === 'win32' }, async (t) => {
  const root = project(t);
  const { reach } = await start(t, root);
  const child = startPorchlight(root, ['invoke', 'slow']);
  const result = ended(child);
  // The instance is busy once its line is in the log.
  const follower = startPorchlight(root, ['logs', '--follow', '--json']);
  t.after(() => follower.kill('SIGKILL'));
  assert.match(await firstLine(follower), /"function":"slow".*"text":/);
  child.kill('SIGINT');
  const { code, stderr } = await result;
  assert.equal(code, 1);
  assert.match(stderr, /slow interrupted/);
  assert.ok(isAlive(reach.pid));
});

test('logs: recent ones, by text, by function, and those that come', async (t) => {
  const root = project(t);
  const { child } = await start(t, root);
  await porchlight(root, ['invoke', 'echo']);
  await porchlight(root, ['invoke', 'fail']);
  const all = await porchlight(root, ['logs']);
  assert.match(all.stdout, /^[\d:.]+ echo \w+ {2}call 1$/m);
  const grep = await porchlight(root, ['logs', 'echo', '--grep', 'CALL', '--json']);
  const lines = grep.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ function: name, level, text }) => [name, level, text]),
    [['echo', 'info', 'call 1']],
  );
  const follower = startPorchlight(root, ['logs', 'echo', '--follow', '--grep', 'call 2']);
  const followed = firstLine(follower);
  await porchlight(root, ['invoke', 'echo']);
  assert.match(await followed, /echo \w+ {2}call 2$/);
  child.kill('SIGTERM');
  assert.equal((await ended(follower)).code, 0, 'the end of the host ends following');
  const nobody = await porchlight(root, ['logs', '--follow']);
  assert.equal(nobody.code, 2);
  assert.match(nobody.stderr, /Nothing runs .* porchlight start/);
  const kept = await porchlight(root, ['logs', '--grep', 'call 2']);
  assert.match(kept.stdout, /call 2/, 'the history outlives the host');
});

test('logs: who called is said with every line', async (t) => {
  const root = project(t);
  await start(t, root);
  const follower = startPorchlight(root, ['logs', 'echo', '--follow', '--json']);
  const followed = firstLine(follower);
  const asked = await porchlight(root, ['invoke', 'asks', '--json']);
  const { id } = JSON.parse(asked.stdout) as { id: string };
  assert.equal((JSON.parse(await followed) as { parent?: string }).parent, id);
  follower.kill('SIGKILL');
  const { stdout } = await porchlight(root, ['logs', 'echo']);
  assert.match(stdout, new RegExp(`echo \\w+ < ${id.slice(-6)} {2}call 1$`, 'm'));
  const asLines = await porchlight(root, ['logs', 'echo', '--json']);
  assert.match(asLines.stdout, new RegExp(`"parent":"${id}"`));
});

test('start: one host per folder, its port as asked for, an orderly end', async (t) => {
  const root = project(t);
  const { child, reach } = await start(t, root);
  assert.match(reach.gateway, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(reach.control, /^ws:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(reach.pid, child.pid);
  const second = await porchlight(root, ['start', root, '--json']);
  assert.equal(second.code, 2);
  assert.match(second.stderr, new RegExp(`already runs .*pid ${reach.pid}`));
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  if (process.platform !== 'win32') assert.equal(code, 0);
  assert.ok(!existsSync(join(root, '.porchlight', 'host.json')) || process.platform === 'win32');

  const taken = createServer().listen(0, '127.0.0.1');
  t.after(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const refused = await porchlight(root, ['start', root, '--port', String(port)]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, new RegExp(`Port ${port} is in use`));
});

test('start --parent ends with its parent', async (t) => {
  const root = project(t);
  const { child } = await start(t, root, '--parent');
  child.stdin!.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('start for people: functions, then every invocation as it happens', async (t) => {
  const root = project(t);
  const child = startPorchlight(root, ['start', root]);
  t.after(() => child.kill('SIGKILL'));
  const result = ended(child);
  await said(child, 'Ctrl+C');
  const told = said(child, 'billed');
  await porchlight(root, ['invoke', 'echo']);
  await told;
  child.kill('SIGINT');
  const { stdout } = await result;
  assert.match(stdout, /^echo +aliyun-fc/m);
  assert.match(stdout, /^echo \w+ {2}call 1$/m);
  assert.match(stdout, /echo ok · cold/);
  assert.ok(readFileSync(join(root, '.porchlight', '.gitignore'), 'utf8').includes('*'));
});

test('start --inspect: instances do not wait, and a debugger finds them at the printed address', async (t) => {
  const root = project(t);
  const child = startPorchlight(root, ['start', root, '--inspect']);
  t.after(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await said(child, 'Ctrl+C');
  // Spares of other functions print their addresses, too.
  const address = said(child, /^echo#\d+: debugger at ws:\S+$\n/m);
  const { code, stderr } = await porchlight(root, ['invoke', 'echo']);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /Not debugged/);
  await address;
  const url = /^echo#\d+: debugger at (ws:\S+)$/m.exec(printed)![1]!;
  const client = new WebSocket(url);
  t.after(() => client.terminate());
  await once(client, 'open');
  client.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: '6 * 7' } }));
  const [answer] = (await once(client, 'message')) as [Buffer];
  assert.equal(
    (JSON.parse(answer.toString()) as { result: { result: { value: number } } }).result.result.value,
    42,
  );
  const listed = await porchlight(root, ['list', '--json']);
  const { functions } = JSON.parse(listed.stdout) as {
    functions: { name: string; instances: { inspector?: string }[] }[];
  };
  const echo = functions.find(({ name }) => name === 'echo')!;
  assert.ok(echo.instances.some(({ inspector }) => inspector === url));
  const text = await porchlight(root, ['list']);
  assert.ok(/^echo#\d+ \(pid \d+\): debugger at ws:\S+$/m.test(text.stdout), text.stdout);
});

test('start --inspect: an editor that joins may debug, and leaves the inspectors open when it stops', async (t) => {
  const root = project(t);
  const child = startPorchlight(root, ['start', root, '--inspect', '--json']);
  t.after(() => child.kill('SIGKILL'));
  let printed = '';
  child.stderr!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const { control, token } = JSON.parse(await firstLine(child)) as { control: string; token: string };
  const connection = await connectControl({
    url: control,
    token,
    subscribe: true,
    client: { kind: 'editor', name: 'test', pid: process.pid },
  });
  t.after(() => connection.dispose());
  const addresses = () => new Set(printed.match(/^echo#\d+: debugger at ws:\S+$/gm));
  const more = async (than: number) => {
    while (addresses().size <= than) await once(child.stderr!, 'data');
  };
  await more(0);
  const target = new Promise<DebugTarget>((resolve) => connection.onNotification(AttachRequested, resolve));
  await connection.sendRequest(StartDebugging, { functions: ['echo'] });
  const before = addresses().size;
  const client = await CdpClient.connect((await target).websocketAddress, { Host: 'localhost' });
  await client.send('Runtime.enable');
  await client.send('Debugger.enable');
  await client.send('Runtime.runIfWaitingForDebugger');
  await connection.sendRequest(StopDebugging);
  await client.closed;
  await more(before);
  const { code, stderr } = await porchlight(root, ['invoke', 'echo']);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /Not debugged/);
});
