import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { suite, test, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import {
  createInspectorRelay,
  type DetachInfo,
  type InspectorRelay,
} from '../../../../../runtime/languages/nodejs/inspectorRelay.ts';
import type { PauseInfo } from '../../../../../runtime/languages/nodejs/inspectorMessages.ts';
import type { Event } from '../../../../../runtime/support/emitter.ts';
import { CdpClient } from '../../../../support/cdpClient.ts';

/** The Node that runs the tests, and the one on the path when it is of another major version. */
function nodes(): { name: string; path: string }[] {
  const own = { name: process.version, path: process.execPath };
  try {
    const name = execFileSync('node', ['--version'], { env: { PATH: process.env.PATH } })
      .toString()
      .trim();
    if (name.split('.')[0] !== process.version.split('.')[0]) return [own, { name, path: 'node' }];
  } catch {
    // No other Node on this machine.
  }
  return [own];
}

const next = <T>(event: Event<T>) =>
  new Promise<T>((resolve) => {
    const subscription = event((value) => {
      subscription.dispose();
      resolve(value);
    });
  });

/** A program with its inspector open that waits for a debugger; ended with the test. */
async function startProgram(t: TestContext, node: string, code: string) {
  const child = spawn(node, ['--input-type=commonjs', '--inspect-wait=127.0.0.1:0', '-e', code], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  // A full pipe would stop the program.
  child.stdout.resume();
  const exited = once(child, 'exit');
  const inspectorUrl = await new Promise<string>((resolve) => {
    let text = '';
    child.stderr.on('data', (data) => {
      const found = /Debugger listening on (ws:\S+)/.exec((text += data));
      if (found) resolve(found[1]!);
    });
  });
  return { child, exited, inspectorUrl };
}

async function startRelay(t: TestContext, inspectorUrl: string): Promise<InspectorRelay> {
  const relay = await createInspectorRelay({ inspectorUrl });
  t.after(() => relay.dispose());
  return relay;
}

/** Attaches and lets the program run; it stops at its first `debugger` statement. */
async function attach(url: string): Promise<CdpClient> {
  const client = await CdpClient.connect(url);
  await client.send('Runtime.enable');
  await client.send('Debugger.enable');
  await client.send('Runtime.runIfWaitingForDebugger');
  return client;
}

const stepping = 'debugger; let n = 0; for (;;) { n++; n++; n++; }';

async function stepTimes(client: CdpClient, steps: number): Promise<number[]> {
  await client.event('Debugger.paused');
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    const paused = client.event('Debugger.paused');
    await client.send('Debugger.stepOver');
    await paused;
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

for (const node of nodes()) {
  suite(`the relay to the inspector of ${node.name}`, { timeout: 30_000 }, () => {
    test('steps through it, faster than without', async (t) => {
      const direct = await startProgram(t, node.path, stepping);
      const relayed = await startProgram(t, node.path, stepping);
      const relay = await startRelay(t, relayed.inspectorUrl);
      const without = await stepTimes(await attach(direct.inspectorUrl), 30);
      const through = await stepTimes(await attach(relay.url), 30);
      const median = (times: number[]) => times[times.length >> 1]!.toFixed(1);
      t.diagnostic(
        `step to pause, median of 30: ${median(without)} ms without, ${median(through)} ms through the relay`,
      );
    });

    test('the barrier opens when the debugger lets the program run, and not before', async (t) => {
      const { inspectorUrl } = await startProgram(t, node.path, 'setInterval(() => {}, 1000)');
      const relay = await startRelay(t, inspectorUrl);
      let open = false;
      void relay.ready.then(() => (open = true));
      const client = await CdpClient.connect(relay.url);
      await client.send('Debugger.enable');
      await client.send('Debugger.setBreakpointByUrl', { lineNumber: 0, url: 'file:///x.js' });
      assert.equal(open, false);
      await client.send('Runtime.runIfWaitingForDebugger');
      await relay.ready;
    });

    test('pauses are told with their reason, and measured', async (t) => {
      const { inspectorUrl } = await startProgram(t, node.path, 'debugger; setInterval(() => {}, 1000)');
      const relay = await startRelay(t, inspectorUrl);
      const pause = next(relay.onDidPause);
      const client = await attach(relay.url);
      await client.event('Debugger.paused');
      const seen: PauseInfo = await pause;
      assert.equal(seen.instrumentation, false);
      assert.equal(seen.location?.line, 1);
      assert.equal(relay.paused, true);
      const before = relay.pausedUs();
      await client.send('Runtime.evaluate', {
        expression: 'for (const end = Date.now() + 20; Date.now() < end; );',
      });
      assert.ok(relay.pausedUs() - before >= 19_000, 'the clock runs while paused');
      const resumed = next(relay.onDidResume);
      await client.send('Debugger.resume');
      await resumed;
      assert.equal(relay.paused, false);
      const total = relay.pausedUs();
      await client.send('Runtime.evaluate', {
        expression: 'for (const end = Date.now() + 20; Date.now() < end; );',
      });
      assert.equal(relay.pausedUs(), total, 'the clock stands while the program runs');
    });

    test('process.exit() does not wait for anybody', async (t) => {
      const program = await startProgram(t, node.path, 'setImmediate(() => process.exit(7))');
      const relay = await startRelay(t, program.inspectorUrl);
      const detached = next(relay.onDidDetach);
      const client = await attach(relay.url);
      // A debugger that never leaves by itself: the relay closes for it.
      const [code] = (await program.exited) as [number];
      assert.equal(code, 7);
      assert.equal((await detached).by, 'inspector');
      await client.closed;
    });

    test('a debugger that leaves during a pause lets the program run on', async (t) => {
      const program = await startProgram(
        t,
        node.path,
        'debugger; console.log("on"); setInterval(() => {}, 1000)',
      );
      const relay = await startRelay(t, program.inspectorUrl);
      const client = await attach(relay.url);
      await client.event('Debugger.paused');
      const output = once(program.child.stdout, 'data');
      const [resumed, detached] = [next(relay.onDidResume), next(relay.onDidDetach)];
      client.close();
      await resumed;
      assert.equal((await detached).by, 'client');
      assert.equal(String(await output), 'on\n');
      assert.equal(relay.paused, false);
    });

    test('disposal during a pause lets the program run on, and the inspector can be used again', async (t) => {
      const program = await startProgram(
        t,
        node.path,
        'debugger; console.log("on"); setInterval(() => {}, 1000)',
      );
      const relay = await startRelay(t, program.inspectorUrl);
      const client = await attach(relay.url);
      await client.event('Debugger.paused');
      const output = once(program.child.stdout, 'data');
      relay.dispose();
      assert.equal(String(await output), 'on\n');
      await client.closed;
      const again = await startRelay(t, program.inspectorUrl);
      await attach(again.url);
      await again.ready;
    });

    test('a killed program detaches', async (t) => {
      const program = await startProgram(t, node.path, 'debugger');
      const relay = await startRelay(t, program.inspectorUrl);
      const client = await attach(relay.url);
      await client.event('Debugger.paused');
      const detached = next(relay.onDidDetach);
      program.child.kill('SIGKILL');
      assert.equal((await detached).by, 'inspector');
      await client.closed;
    });

    test('large messages pass both ways, and pings are answered', async (t) => {
      const { inspectorUrl } = await startProgram(t, node.path, 'setInterval(() => {}, 1000)');
      const relay = await startRelay(t, inspectorUrl);
      const client = await attach(relay.url);
      await client.ping();
      for (const length of [100, 8000, 9000, 70_000, 3_000_000]) {
        const { result } = await client.send('Runtime.evaluate', {
          expression: `'${'ä'.repeat(length)}'.length`,
        });
        assert.equal((result as { value: number }).value, length);
        const back = await client.send('Runtime.evaluate', { expression: `'ä'.repeat(${length})` });
        assert.equal((back.result as { value: string }).value, 'ä'.repeat(length));
      }
    });

    test('very many messages between two commands use the padding up and go on', async (t) => {
      const lines = 12_000;
      // One at a time, so that each comes in a chunk of its own.
      const print = `for (let i = 0; i < ${lines}; i++) { console.debug(i); await new Promise(setImmediate); } setInterval(() => {}, 1000)`;
      const program = await startProgram(
        t,
        node.path,
        `const timer = setInterval(async () => { if (!globalThis.go) return; clearInterval(timer); ${print} }, 5)`,
      );
      const relay = await startRelay(t, program.inspectorUrl);
      const client = await attach(relay.url);
      await client.send('Runtime.evaluate', { expression: 'globalThis.go = true' });
      for (let i = 0; i < lines; i++) {
        const { args } = await client.event('Runtime.consoleAPICalled');
        assert.equal((args as { value: number }[])[0]!.value, i);
      }
      const { result } = await client.send('Runtime.evaluate', { expression: '1 + 1' });
      assert.equal((result as { value: number }).value, 2);
    });
  });
}

suite('the endpoint of the relay', () => {
  const idle = 'setInterval(() => {}, 1000)';

  /** The status that answers an attempt to connect. */
  async function refusal(url: string, headers: Record<string, string> = {}): Promise<number> {
    const socket = new WebSocket(url, { headers });
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    socket.on('error', () => {});
    socket.terminate();
    return response.statusCode;
  }

  test('lets nobody in but a local program that knows the path', async (t) => {
    const relay = await startRelay(t, (await startProgram(t, process.execPath, idle)).inspectorUrl);
    assert.equal(await refusal(relay.url, { Origin: 'http://localhost:3000' }), 403);
    assert.equal(await refusal(relay.url, { Host: 'evil.example' }), 403);
    assert.equal(await refusal(relay.url.replace(/[^/]*$/, 'guess')), 404);
    assert.match(relay.url, /^ws:\/\/127\.0\.0\.1:\d+\/[\w-]{32}$/);
    // What js-debug sends.
    const client = await CdpClient.connect(relay.url, { Host: 'localhost' });
    assert.equal(await refusal(relay.url), 409);
    client.close();
  });

  test('an instance that is gone is reported, and the debugger dismissed', async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const relay = await startRelay(t, `ws://127.0.0.1:${port}/gone`);
    const detached: Promise<DetachInfo> = next(relay.onDidDetach);
    const client = await CdpClient.connect(relay.url);
    await client.closed;
    assert.match((await detached).error?.message ?? '', /inspector cannot be reached/);
    await assert.rejects(relay.ready, /inspector cannot be reached/);
  });

  test('a debugger that comes after the end is dismissed, not refused', async (t) => {
    const relay = await startRelay(t, (await startProgram(t, process.execPath, idle)).inspectorUrl);
    relay.dispose();
    await assert.rejects(relay.ready, /detached before/);
    const client = await CdpClient.connect(relay.url);
    await client.closed;
  });

  test('a debugger that waits for the inspector when debugging is stopped is dismissed, and may come again', async (t) => {
    // An instance that is frozen or busy: its inspector accepts, and says nothing.
    const silent = createServer().listen(0, '127.0.0.1');
    t.after(() => silent.close());
    await once(silent, 'listening');
    const asked = once(silent, 'connection') as Promise<[Socket]>;
    const { port } = silent.address() as AddressInfo;
    const relay = await startRelay(t, `ws://127.0.0.1:${port}/one`);
    const connecting = CdpClient.connect(relay.url);
    const [inspector] = await asked;
    t.after(() => inspector.destroy());
    relay.dispose();
    await assert.rejects(relay.ready, /detached before/);
    await (
      await connecting
    ).closed;
    await (
      await CdpClient.connect(relay.url)
    ).closed;
  });

  test('a program that ends because it went on did go on, although its inspector does not answer any more', async (t) => {
    const inspector = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    t.after(() => inspector.close());
    await once(inspector, 'listening');
    inspector.on('connection', (socket) =>
      socket.on('message', (data: Buffer) => {
        const { id, method } = JSON.parse(data.toString()) as { id: number; method: string };
        if (method.startsWith('Debugger.')) socket.terminate();
        else socket.send(JSON.stringify({ id, result: {} }));
      }),
    );
    const { port } = inspector.address() as AddressInfo;
    for (const command of ['Debugger.resume', 'Debugger.stepOver']) {
      const relay = await startRelay(t, `ws://127.0.0.1:${port}/one`);
      const client = await CdpClient.connect(relay.url);
      await client.send('Runtime.enable');
      assert.deepEqual(await client.send(command), {});
      await client.closed;
    }
  });
});
