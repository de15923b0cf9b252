import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { invoke } from '../support/hostFixture.ts';

/** A host over files given as text; both are gone after the test. */
async function hostOf(t: TestContext, files: Record<string, string>): Promise<{ host: Host; root: string }> {
  const root = await mkdtemp(join(tmpdir(), 'porchlight-bad-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: true });
  t.after(async () => {
    await host.close('test ended');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  return { host, root };
}

/** Resolves when the host has taken in what changed in its project. */
function nextChange(host: Host): Promise<void> {
  return new Promise((resolve) => {
    const subscription = host.registry.onDidChange(() => {
      subscription.dispose();
      resolve();
    });
  });
}

const good = `functions:\n  good: { handler: good.handler, platform: aws-lambda }\n`;
const goodCode = 'exports.handler = async () => "good";\n';

describe('bad input gets one clear message and loses nothing else', () => {
  it('broken YAML in one file: the functions of the others are there', async (t) => {
    const { host, root } = await hostOf(t, {
      'porchlight.yaml': good,
      'good.js': goodCode,
      'other/s.yaml': 'edition: 3.0.0\nname: x\nresources:\n  a:\n   component: fc3\n  props: [unclosed\n',
    });
    // What can be read of the broken one is listed as well.
    assert.deepEqual(host.registry.names, ['good', 'a']);
    const errors = host.registry.problems.filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      errors.map(({ code, file }) => [code, file]),
      [['YAML_SYNTAX', join(root, 'other', 's.yaml')]],
    );
    assert.ok((errors[0]!.line ?? 0) >= 5);
    assert.equal((await invoke(host, 'good')).body, '"good"');
  });

  it('a project file that is broken and mended while the host runs', async (t) => {
    const { host, root } = await hostOf(t, { 'porchlight.yaml': good, 'good.js': goodCode });
    const file = join(root, 'porchlight.yaml');
    let changed = nextChange(host);
    await writeFile(file, 'functions:\n  good: { handler: [\n');
    host.options.source.announce([file]);
    await changed;
    assert.ok(host.registry.problems.some(({ code }) => code === 'YAML_SYNTAX'));
    changed = nextChange(host);
    await writeFile(file, good);
    host.options.source.announce([file]);
    await changed;
    assert.deepEqual(host.registry.problems, []);
    assert.equal((await invoke(host, 'good')).body, '"good"');
  });

  it('a syntax error in TypeScript: file, line and column; mending it is enough', async (t) => {
    const { host, root } = await hostOf(t, {
      'porchlight.yaml': `${good}  typed: { handler: typed.handler, platform: aws-lambda }\n`,
      'good.js': goodCode,
      'typed.ts': 'export const handler = async () => {\n  const x: number = ;\n};\n',
    });
    const { status, error } = await invoke(host, 'typed');
    assert.equal(status, 'error');
    assert.equal(error?.type, 'BUILD_FAILED');
    assert.match(error?.message ?? '', /typed\.ts:2:\d+: Unexpected ";"/);
    assert.deepEqual([error?.at?.file, error?.at?.line], [join(root, 'typed.ts'), 2]);
    const { build } = host.registry.get('typed').state();
    assert.ok(build.state === 'failed' && build.at?.line === 2);
    assert.equal((await invoke(host, 'good')).body, '"good"');

    await writeFile(join(root, 'typed.ts'), 'export const handler = async (): Promise<number> => 7;\n');
    host.options.source.announce([join(root, 'typed.ts')]);
    assert.equal((await invoke(host, 'typed')).body, '7');
  });

  it('a module that is missing names the nearest one', async (t) => {
    const { host } = await hostOf(t, {
      'porchlight.yaml': 'functions:\n  hello: { handler: src/helo.handler, platform: aws-lambda }\n',
      'src/hello.js': goodCode,
    });
    const { error } = await invoke(host, 'hello');
    assert.equal(error?.type, 'MODULE_MISSING');
    assert.match(error?.message ?? '', /Module '.*helo.*' is missing\. Did you mean ".*hello.*"\?/);
  });

  it('an event that is not JSON is refused before it reaches the function', async (t) => {
    const { host } = await hostOf(t, { 'porchlight.yaml': good, 'good.js': goodCode });
    const url = `${host.gateway.url}/_porchlight/invoke/good`;
    const answer = await fetch(url, { method: 'POST', body: '{"a":' });
    assert.equal(answer.status, 400);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    assert.equal(error.code, 'EVENT_NOT_JSON');
    assert.match(error.message, /The event is not JSON: .*correct the event/);
    assert.equal((await fetch(url, { method: 'POST' })).status, 200);
    assert.equal(host.registry.get('good').pool.slots[0]?.instance.calls, 1);
  });

  it('an event over the platform’s limit, an unknown function, an unknown path', async (t) => {
    const { host } = await hostOf(t, { 'porchlight.yaml': good, 'good.js': goodCode });
    const post = async (path: string, body: string) =>
      (await fetch(host.gateway.url + path, { method: 'POST', body })).status;
    assert.equal(await post('/_porchlight/invoke/good', `"${'x'.repeat(7 * 1024 * 1024)}"`), 413);
    assert.equal(await post('/_porchlight/invoke/nobody', '{}'), 404);
    assert.equal(await post('/nowhere', '{}'), 404);
    assert.equal(await post('/_porchlight/invoke/good', '{}'), 200);
  });

  it('a port in use, and a second host for the same folder', async (t) => {
    const { host, root } = await hostOf(t, { 'porchlight.yaml': good, 'good.js': goodCode });
    const port = Number(new URL(host.gateway.url).port);
    const start = (folder: string, wanted: number) =>
      startDevHost({ root: folder, port: wanted, version: '0.0.0-test', announce: true });
    await assert.rejects(start(root, 0), { code: 'HOST_RUNNING' });
    const other = await mkdtemp(join(tmpdir(), 'porchlight-bad-'));
    t.after(() => rm(other, { recursive: true, force: true }));
    await assert.rejects(start(other, port), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'PORT_IN_USE');
      assert.match(error.message, new RegExp(`Port ${port} is in use .* --port 0`));
      return true;
    });
    assert.equal((await invoke(host, 'good')).body, '"good"');
  });

  it('a folder in which no state can be kept', async (t) => {
    const root = await mkdtemp(join(tmpdir(), 'porchlight-bad-'));
    t.after(() => rm(root, { recursive: true, force: true }));
    await writeFile(join(root, '.porchlight'), '');
    const start = startDevHost({ root, port: 0, version: '0.0.0-test', announce: true });
    await assert.rejects(start, {
      code: 'STATE_FOLDER_UNUSABLE',
      kind: 'user',
      message: /Make the folder writable/,
    });
  });

  it('web pages and foreign host names are kept out', async (t) => {
    const { host } = await hostOf(t, { 'porchlight.yaml': good, 'good.js': goodCode });
    const invokeUrl = `${host.gateway.url}/_porchlight/invoke/good`;
    const page = await fetch(invokeUrl, { method: 'POST', headers: { origin: 'http://evil.example' } });
    assert.equal(page.status, 403);
    const { request } = await import('node:http');
    const rebound = request(invokeUrl, { method: 'POST', headers: { host: 'evil.example' } }).end();
    const [response] = (await once(rebound, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    assert.equal(response.statusCode, 403);
    const { WebSocket } = await import('ws');
    for (const headers of [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: `Bearer ${host.control.token}`, origin: 'http://evil.example' },
    ]) {
      const socket = new WebSocket(host.control.url, { headers });
      const [error] = (await once(socket, 'error')) as [Error];
      assert.match(error.message, /401|403/);
    }
  });
});
