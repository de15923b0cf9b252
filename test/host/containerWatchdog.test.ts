import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { HandlerStart } from '../../runtime/deploy/images/imageRequest.ts';
import { serverFiles, startFile } from '../../runtime/deploy/images/startFiles.ts';
import { imageRequest } from '../../runtime/deploy/openfaas/image.ts';
import { readSettings } from '../../runtime/deploy/openfaas/settings.ts';
import { builtFile, createArchive, type ArchiveStart } from '../../runtime/packaging/archive.ts';
import { sampleOf } from '../support/deployProject.ts';
import { writeTree } from '../support/fileTree.ts';
import { freePort } from '../support/freePort.ts';
import { functionDefinition } from '../support/functionDefinition.ts';
import { pythonOfMachine } from '../support/python.ts';
import { tempFolder } from '../support/tempFolder.ts';

/* What a container made here tells a gateway and a cluster of itself: the very server that images hold, started without an image. */

const code = {
  nodejs: `module.exports = async (event) => {
  if (event.path === '/slow') await new Promise((resolve) => setTimeout(resolve, 400));
  if (event.path === '/never') return new Promise(() => {});
  return event.path;
};`,
  python: `import time
def handle(event, context):
    if event.path == "/slow":
        time.sleep(0.4)
    if event.path == "/never":
        time.sleep(3)
    return {"statusCode": 200, "body": event.path}
`,
};

interface Container {
  url: string;
  metrics: string;
  lockFile: string;
  /** Asks it to end; gives its exit code. */
  end(): Promise<unknown>;
}

async function container(
  t: TestContext,
  language: 'nodejs' | 'python',
  environment: Record<string, string> = {},
): Promise<Container> {
  const root = tempFolder(t);
  const [name, exportName] = language === 'nodejs' ? ['index.js', 'default'] : ['handler.py', 'handle'];
  const codeStart: ArchiveStart = { entry: name, loader: 'script', exportName };
  const archive = createArchive([builtFile(name, Buffer.from(code[language]))], codeStart, []);
  const definition = functionDefinition(root, {
    ...{ name: 'hello', platform: 'openfaas', language, timeoutMs: 60_000 },
    handler: `${name.split('.')[0]}.${exportName}`,
  });
  const item = { definition, archive, environment, runnable: true, findings: [], event: sampleOf('{}') };
  const destination = { registry: 'r.example', repository: 'hello' };
  const request = await imageRequest(item, {
    target: 'prod',
    settings: readSettings('prod', {}),
    destination,
  });
  const start = request.start as HandlerStart;
  const [port, metricsPort] = [await freePort(), await freePort()];
  const lockFile = join(root, 'lock');
  const watchdog = { ...start.watchdog!, metricsPort, lockFile };
  const files = [...(await serverFiles(start)), startFile({ ...start, watchdog }, codeStart, port)];
  const inside = join(root, 'app').replaceAll('\\', '/');
  const text = (data: Uint8Array) => Buffer.from(data).toString('utf8');
  writeTree(root, {
    [`app/${name}`]: code[language],
    ...Object.fromEntries(
      files.map(({ path, data }) => [
        path,
        path.endsWith('start.json') ? text(data).replaceAll('"/app', `"${inside}`) : text(data),
      ]),
    ),
  });
  const server = join(root, 'porchlight', language === 'nodejs' ? 'server.cjs' : 'server.py');
  const program = language === 'nodejs' ? process.execPath : pythonOfMachine()!;
  const child = spawn(program, [server], {
    env: { ...process.env, PORCHLIGHT_LISTEN: '127.0.0.1', port: String(port), ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'close').then(([exit]) => exit as unknown);
  t.after(() => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(url).catch(() => undefined))) await wait(30);
  const metrics = `http://127.0.0.1:${metricsPort}/metrics`;
  while (!(await fetch(metrics).catch(() => undefined))) await wait(30);
  return { url, metrics, lockFile, end: () => (child.kill('SIGTERM'), ended) };
}

for (const language of ['nodejs', 'python'] as const) {
  const skip = language === 'python' && !pythonOfMachine() ? 'there is no Python' : false;
  describe(`a container of OpenFaaS in ${language}`, { skip }, () => {
    it('is healthy, tells how long answers took, and counts requests', async (t) => {
      const { url, metrics, lockFile } = await container(t, language);
      assert.equal((await fetch(`${url}/_/health`)).status, 200);
      assert.equal((await fetch(`${url}/_/ready`)).status, 200);
      assert.ok(existsSync(lockFile));
      const answer = await fetch(`${url}/slow`);
      assert.deepEqual([answer.status, await answer.text()], [200, '/slow']);
      assert.ok(Number(answer.headers.get('x-duration-seconds')) >= 0.39);
      const told = await (await fetch(metrics)).text();
      assert.match(told, /^# TYPE http_requests_total counter$/m);
      assert.match(told, /^http_requests_total\{code="200",method="get"\} 2$/m, 'checks are not counted');
      assert.match(told, /^http_requests_in_flight 0$/m);
      assert.match(told, /^http_request_duration_seconds_bucket\{code="200",method="get",le="0\.25"\} \d$/m);
      assert.match(told, /^http_request_duration_seconds_bucket\{code="200",method="get",le="\+Inf"\} 2$/m);
      assert.match(told, /^http_request_duration_seconds_count\{code="200",method="get"\} 2$/m);
      assert.equal((await fetch(new URL('/other', metrics))).status, 404);
    });

    it('refuses more requests than it may have at a time', async (t) => {
      const { url, metrics } = await container(t, language, { max_inflight: '1' });
      const busy = fetch(`${url}/slow`);
      while (!/in_flight 1$/m.test(await (await fetch(metrics)).text())) await wait(10);
      const refused = await fetch(`${url}/other`, { method: 'POST', body: 'x'.repeat(1000) });
      assert.equal(refused.status, 429);
      assert.match(await refused.text(), /limited to 1/);
      assert.deepEqual(
        [(await fetch(`${url}/_/ready`)).status, (await fetch(`${url}/_/health`)).status],
        [429, 200],
      );
      assert.equal((await busy).status, 200);
      assert.equal((await fetch(`${url}/other`)).status, 200);
      assert.match(
        await (await fetch(metrics)).text(),
        /^http_requests_total\{code="429",method="post"\} 1$/m,
      );
    });

    it('gives an answer the time that its variables and the caller give it', async (t) => {
      const patient = await container(t, language, { exec_timeout: '1m' });
      assert.equal((await fetch(`${patient.url}/never`, { headers: { 'x-timeout': '100ms' } })).status, 504);
      const hasty = await container(t, language, { exec_timeout: '100ms' });
      assert.equal((await fetch(`${hasty.url}/never`)).status, 504);
    });

    it(
      'goes on for a while after it was asked to end, and says so',
      { skip: process.platform === 'win32' },
      async (t) => {
        const { url, lockFile, end } = await container(t, language, { healthcheck_interval: '1s' });
        const ended = end();
        while (existsSync(lockFile)) await wait(10);
        assert.equal((await fetch(`${url}/_/health`)).status, 503);
        assert.equal((await fetch(`${url}/_/ready`)).status, 503);
        assert.equal(await (await fetch(`${url}/still`)).text(), '/still');
        assert.equal(await ended, 0);
      },
    );
  });
}
