import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { writeTree } from '../support/fileTree.ts';
import { invoke } from '../support/hostFixture.ts';
import { tempFolder } from '../support/tempFolder.ts';

const project = {
  'serverless.yml': `service: shop
provider:
  name: aws
  runtime: nodejs20.x
  environment: \${file(config/\${sls:stage}.yml)}
  httpApi: { cors: { allowedOrigins: ['https://shop.example'] } }
plugins: [serverless-esbuild]
custom: { esbuild: { define: { __VERSION__: '"7"' } } }
functions: \${file(functions.yml)}
`,
  'config/dev.yml': 'GREETING: hi from ${self:service}\n',
  'functions.yml': `get:
  handler: src/get.handler
  events:
    - httpApi: GET /orders/{id}
    - http: { path: 'old/{id}', method: get, cors: true }
`,
  'src/get.ts': `declare const __VERSION__: string;
export const handler = async (event: { version?: string; pathParameters?: Record<string, string> }) => ({
  statusCode: 200,
  body: [process.env.GREETING, event.version ?? 'v1', event.pathParameters?.id, __VERSION__].join(' '),
});
`,
};

async function start(t: TestContext): Promise<Host> {
  let host = undefined as Host | undefined;
  t.after(() => host?.close('test ended'));
  const root = tempFolder(t);
  writeTree(root, project);
  host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  return host;
}

test('a service of the Serverless Framework runs, with what its files include', async (t) => {
  const host = await start(t);
  const { body } = await invoke(host, 'shop-dev-get', { pathParameters: { id: '1' } });
  assert.equal((JSON.parse(body) as { body: string }).body, 'hi from shop v1 1 7');
  const get = async (path: string) => (await fetch(host.gateway.url + path)).text();
  assert.equal(await get('/orders/42'), 'hi from shop 2.0 42 7');
  assert.equal(await get('/old/42'), 'hi from shop v1 42 7');

  const changed = new Promise<void>((resolve) => {
    const subscription = host.registry.onDidChange(() => {
      if (host.registry.get('shop-dev-get').definition.env['GREETING'] !== 'hello') return;
      subscription.dispose();
      resolve();
    });
  });
  const file = join(host.options.root, 'config/dev.yml');
  writeFileSync(file, 'GREETING: hello\n');
  host.options.source.announce([file]);
  await changed;
  assert.equal(await get('/orders/42'), 'hello 2.0 42 7');
});

test('pages of other origins are answered as the API does it', async (t) => {
  const host = await start(t);
  const preflight = (path: string, origin: string, method = 'GET') =>
    fetch(host.gateway.url + path, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': method },
    });
  const allowed = (response: Response) => [
    response.status,
    response.headers.get('access-control-allow-origin'),
  ];
  assert.deepEqual(allowed(await preflight('/orders/1', 'https://shop.example')), [
    204,
    'https://shop.example',
  ]);
  assert.deepEqual(allowed(await preflight('/orders/1', 'https://evil.example')), [204, null]);
  assert.deepEqual(allowed(await preflight('/old/1', 'https://any.example')), [200, '*']);
  assert.deepEqual(allowed(await preflight('/orders/1', 'https://shop.example', 'DELETE')), [405, null]);
  const headers = { Origin: 'https://shop.example' };
  assert.deepEqual(allowed(await fetch(`${host.gateway.url}/orders/1`, { headers })), [
    200,
    'https://shop.example',
  ]);
  assert.deepEqual(allowed(await fetch(`${host.gateway.url}/old/1`, { headers })), [200, null]);
});
