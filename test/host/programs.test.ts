import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  seen: string[];
}

async function refreshed(host: Host, name: string, file: string): Promise<void> {
  host.options.source.announce([file]);
  await host.registry.refresh([name], [file]);
}

suite('programs as functions', { timeout: 60_000 }, () => {
  test('a custom runtime gets the request of its HTTP trigger, and hooks', async (t) => {
    const host = await startHostOf(t, 'programs');
    const bytes = Buffer.from([0, 255, 10]);
    const answer = await fetch(`${host.gateway.url}/app/cart?x=1&x=2`, {
      method: 'PUT',
      headers: { 'X-Own': 'kept', 'X-Fc-Region': 'forged' },
      body: bytes,
    });
    const seen = (await answer.json()) as Seen;
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.ok(answer.headers.get('x-fc-request-id'));
    assert.equal(`${seen.method} ${seen.url}`, 'PUT /app/cart?x=1&x=2');
    assert.deepEqual(Buffer.from(seen.body, 'base64'), bytes);
    assert.equal(seen.headers['x-own'], 'kept');
    assert.equal(seen.headers['x-fc-control-path'], '/http-invoke');
    assert.equal(seen.headers['x-fc-region'], 'cn-hangzhou');
    assert.equal(seen.headers['x-fc-request-id'], answer.headers.get('x-fc-request-id'));
    assert.deepEqual(seen.seen, ['POST /initialize']);

    const teapot = await fetch(`${host.gateway.url}/app/../teapot`).then((other) => other.status);
    assert.equal(teapot, 404, 'no path of the trigger');
    const event = await invoke(host, 'web', { a: 1 });
    const told = JSON.parse(event.body) as Seen;
    assert.equal(`${told.method} ${told.url}`, 'POST /invoke');
    assert.equal(Buffer.from(told.body, 'base64').toString(), '{"a":1}');

    const { pool } = host.registry.get('web');
    const [slot] = pool.slots;
    pool.end(slot!, 'test');
    await slot!.instance.exited;
    assert.equal(await readFile(join(host.options.root, 'stopped.txt'), 'utf8'), 'told\n');
  });

  test('an event that is an HTTP request can be sent again by hand', async (t) => {
    const host = await startHostOf(t, 'programs');
    const request = { method: 'GET', url: '/teapot', headers: [], body: '', isBase64Encoded: false };
    const record = await invoke(host, 'web', { httpRequest: request });
    const { httpResponse } = JSON.parse(record.body) as {
      httpResponse: { status: number; body: string; headers: [string, string][] };
    };
    assert.equal(httpResponse.status, 418);
    assert.equal(httpResponse.body, 'short and stout');
    assert.deepEqual(
      httpResponse.headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value),
      ['a=1', 'b=2'],
    );
    const failed = await invoke(host, 'web', { httpRequest: { ...request, url: '/fails' } });
    assert.equal(failed.error?.type, 'InvocationError');
    assert.equal(failed.error?.message, 'out of stock');
  });

  test('an unmodified web application runs on Lambda, and its cold start reaches to its first answer', async (t) => {
    const host = await startHostOf(t, 'programs');
    const finished = new Promise<{ phases: { name: string }[]; startKind?: string | undefined }>((resolve) =>
      host.registry.get('plain').onDidFinish(resolve),
    );
    const answer = await fetch(`${host.gateway.url}/plain/hello`, { headers: { Host: 'shop.localhost' } });
    const seen = (await answer.json()) as Seen;
    assert.equal(seen.url, '/hello');
    assert.ok(!Object.keys(seen.headers).some((name) => name.startsWith('x-fc-')));
    const { phases, startKind } = await finished;
    assert.equal(startKind, 'cold');
    assert.deepEqual(
      phases.map(({ name }) => name),
      ['queue', 'spawn', 'boot', 'load', 'handler', 'teardown'],
    );
    const events = await invoke(host, 'plain', { a: 1 });
    assert.equal((JSON.parse(events.body) as Seen).url, '/events');
  });

  test('a server with a port of its own is found there, unless somebody else has it', async (t) => {
    const host = await startHostOf(t, 'programs');
    assert.equal((await invoke(host, 'stubborn')).body, 'stubborn');
    const { pool } = host.registry.get('stubborn');
    for (const slot of [...pool.slots]) {
      pool.end(slot, 'test');
      await slot.instance.exited;
    }
    const other = createServer().listen(47131, '127.0.0.1');
    await once(other, 'listening');
    t.after(() => void other.close());
    const record = await invoke(host, 'stubborn');
    assert.equal(record.error?.type, 'CAExited');
    assert.match(record.error?.message ?? '', /EADDRINUSE/);
  });

  test('starts that fail are told in the words of the platform', async (t) => {
    const host = await startHostOf(t, 'programs');
    const messageOf = async (name: string) => (await invoke(host, name)).error?.message ?? '';
    assert.match(
      await messageOf('ends'),
      /^Function instance exited unexpectedly\(code 4, message:exited\) with start command 'node -e .*'\. Logs:no database$/,
    );
    assert.match(await messageOf('denied'), /\(code 13, message:permission denied\) with start command/);
    assert.match(
      await messageOf('absent'),
      /^The function cannot be started\. .* Error: the file .*bootstrap is not exist$/,
    );
  });

  test('a build runs before the start and after edits; one that fails leaves the last good one serving', async (t) => {
    const host = await startHostOf(t, 'programs');
    const file = join(host.options.root, 'built', 'main.go');
    assert.equal((await invoke(host, 'built')).body, '"one"');
    const { pool } = host.registry.get('built');
    await writeFile(file, 'answer: two\n');
    await refreshed(host, 'built', file);
    assert.equal((await invoke(host, 'built')).body, '"two"');
    await writeFile(file, 'anwser: three\n');
    await refreshed(host, 'built', file);
    const state = host.registry.get('built').state();
    assert.equal(state.build.state, 'failed');
    assert.match(
      state.build.state === 'failed' ? state.build.message : '',
      /^built cannot be built: built[\\/]main\.go:1:3: no answer is given\. Correct it and save\.\ncompiling\n/,
    );
    assert.equal(state.build.state === 'failed' && state.build.at?.file, file);
    const warm = await invoke(host, 'built');
    assert.equal(warm.body, '"two"');
    assert.match(warm.notes.join('\n'), /^Older code served: /);
    // A new instance runs what was built last, too.
    for (const slot of [...pool.slots]) pool.end(slot, 'test');
    assert.equal((await invoke(host, 'built', {}, 'cold')).body, '"two"');
    await writeFile(file, 'answer: three\n');
    await refreshed(host, 'built', file);
    assert.equal((await invoke(host, 'built')).body, '"three"');
  });

  test('nothing is built before a call', async (t) => {
    const host = await startHostOf(t, 'programs');
    host.registry.get('built').pool.startProvisioning();
    assert.equal(host.registry.get('built').state().build.state, 'none');
  });

  test('a spare holds the code that it was started with', async (t) => {
    const host = await startHostOf(t, 'programs');
    const file = join(host.options.root, 'built', 'main.go');
    const { pool } = host.registry.get('built');
    await pool.prepareSpare();
    assert.deepEqual(
      pool.slots.map(({ phase }) => phase),
      ['prewarmed'],
    );
    const [before] = pool.slots;
    await writeFile(file, 'answer: two\n');
    await refreshed(host, 'built', file);
    await before!.instance.exited;
    await pool.prepareSpare();
    const record = await invoke(host, 'built', {}, 'prewarmed');
    assert.equal(record.body, '"two"');
    assert.equal(record.startKind, 'prewarmed');
  });

  const client = runtimeClient();
  test(
    "AWS's own runtime client for Node.js runs unmodified",
    { skip: client ? false : 'aws-lambda-ric is not in the cache of the benchmark.' },
    async (t) => {
      const host = await startHostOf(t, 'programs');
      const { root } = host.options;
      await writeFile(join(root, 'index.js'), 'exports.handler = async (e, c) => [e, c.awsRequestId];\n');
      const command = [process.execPath, client!, 'index.handler'];
      await writeFile(
        join(root, 'porchlight.yaml'),
        JSON.stringify({ functions: { ric: { command, memory: '512MB' } } }),
      );
      await host.registry.load();
      const record = await invoke(host, 'ric', { a: 1 });
      assert.equal(record.status, 'ok', record.error?.message);
      assert.deepEqual(JSON.parse(record.body), [{ a: 1 }, record.id]);
    },
  );
});

/** The program of `aws-lambda-ric`, where the benchmark has installed it. */
function runtimeClient(): string | undefined {
  const folder = join(homedir(), '.cache', 'porchlight', 'bench');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .map((name) => join(folder, name, 'node_modules', 'aws-lambda-ric', 'bin', 'index.mjs'))
    .find((path) => existsSync(path));
}
