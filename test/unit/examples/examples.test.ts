import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createPackager } from '../../../runtime/packaging/packager.ts';
import { loadModule } from '../../../runtime/languages/nodejs/bootstrap.loader.ts';
import { readProject } from '../../../runtime/project/readProject.ts';
import { tempFolder } from '../../support/tempFolder.ts';

type Handler = (event: unknown, context?: unknown) => Promise<Record<string, unknown>>;

/** Loads the functions of an example, by name, as an instance would. */
async function loadExample(t: TestContext, name: string): Promise<Record<string, Handler>> {
  const source = fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
  const root = tempFolder(t);
  cpSync(source, root, {
    recursive: true,
    // What a contributor's own runs left behind.
    filter: (path) => !['node_modules', '.porchlight', '.env'].includes(basename(path)),
  });
  const project = await readProject(root);
  assert.deepEqual(project.problems, []);
  const packager = createPackager({ root });
  t.after(() => packager.dispose());
  const handlers: Record<string, Handler> = {};
  for (const definition of project.functions) {
    Object.assign(process.env, definition.env);
    const artifact = await packager.prepare(definition);
    const exports = (await loadModule(artifact.entry, artifact)) as Record<string, Handler>;
    if (artifact.initializer) await exports[artifact.initializer.exportName]!(undefined);
    handlers[definition.name] = exports[artifact.exportName]!;
  }
  return handlers;
}

test('hello-fc greets plain callers and web visitors', async (t) => {
  t.mock.method(console, 'log', () => {});
  const { hello } = await loadExample(t, 'hello-fc');
  const call = (event: string) => hello!(Buffer.from(event), { requestId: '1-2-3' });
  assert.equal((await call('{"name":"Ada"}'))['message'], 'Hello, Ada!');
  assert.equal((await call('Grace'))['call'], 2);
  const web = await call('{"requestContext":{},"queryParameters":{"name":"Alan"}}');
  assert.equal(web['statusCode'], 200);
  assert.equal((web['body'] as { message: string }).message, 'Hello, Alan!');
});

test('verification-code says what is missing, sends, and verifies once', async (t) => {
  t.mock.method(console, 'log', () => {});
  t.mock.method(console, 'error', () => {});
  let status = 200;
  const mails: { to: string; text: string; authorization: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      mails.push({ ...JSON.parse(body), authorization: request.headers.authorization });
      response.writeHead(status).end('{"id":"mail-1"}');
    });
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));

  const { 'verification-code': service } = await loadExample(t, 'verification-code');
  const email = 'ada@example.com';
  const missing = await service!({ action: 'send', email });
  assert.deepEqual(missing, {
    status: 503,
    error: 'MAIL_API_KEY and MAIL_FROM are not set. Copy .env.example to .env, fill it in, and invoke again.',
  });

  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/emails`;
  Object.assign(process.env, { MAIL_API_KEY: 'secret', MAIL_FROM: 'a@b.c', MAIL_API_URL: url });
  t.after(() => ['MAIL_API_KEY', 'MAIL_FROM', 'MAIL_API_URL'].forEach((name) => delete process.env[name]));
  const request = (rawPath: string, body: unknown) =>
    service!({ rawPath, body: JSON.stringify(body), requestContext: { http: { method: 'POST' } } });
  assert.deepEqual(await request('/codes', { email }), {
    statusCode: 202,
    headers: { 'content-type': 'application/json' },
    body: '{"sent":true,"mail":"mail-1"}',
  });
  assert.deepEqual([mails[0]!.to, mails[0]!.authorization], [email, 'Bearer secret']);
  const code = /\d{6}/.exec(mails[0]!.text)![0];
  const wrong = code === '000000' ? '000001' : '000000';
  const verify = (tried: string) => service!({ action: 'verify', email, code: tried });
  assert.deepEqual(await verify(wrong), { status: 403, verified: false, reason: 'wrong' });
  assert.equal((await request('/codes/verify', { email, code }))['body'], '{"verified":true}');
  assert.deepEqual(await verify(code), { status: 404, verified: false, reason: 'unknown' });

  status = 401;
  assert.deepEqual(await service!({ action: 'send', email }), {
    status: 502,
    error: 'The mail API answered 401: {"id":"mail-1"}',
  });
  assert.equal(
    (await service!({ rawPath: '/codes', body: '{', requestContext: { http: {} } }))['statusCode'],
    400,
  );
});

test('orders-sam prices orders and reports what is scarce', async (t) => {
  t.mock.method(console, 'log', () => {});
  t.mock.method(console, 'warn', () => {});
  const { OrdersFunction, StockReportFunction } = await loadExample(t, 'orders-sam');
  const order = await OrdersFunction!({
    routeKey: 'POST /orders',
    body: '{"lines":[{"sku":"lamp","quantity":2}]}',
  });
  assert.deepEqual([order['statusCode'], JSON.parse(order['body'] as string).total], [201, 9800]);
  const none = await OrdersFunction!({ routeKey: 'GET /catalogue/{sku}', pathParameters: { sku: 'x' } });
  assert.equal(none['statusCode'], 404);
  assert.deepEqual(await StockReportFunction!({ time: '2026-03-01T06:00:00Z' }), {
    day: '2026-03-01',
    reorder: ['sensor'],
  });
});

test('order-events-knative answers events with events, and everything else with a count', async (t) => {
  t.mock.method(console, 'log', () => {});
  const { 'order-events': handle } = await loadExample(t, 'order-events-knative');
  const event = {
    type: 'shop.order.placed',
    id: '1',
    data: { id: 'A-7', lines: [{ sku: 'lamp', quantity: 2 }] },
  };
  const made: Record<string, unknown> = {};
  const builder: Record<string, (value?: unknown) => unknown> = { response: () => made };
  for (const name of ['id', 'source', 'type']) {
    builder[name] = (value) => {
      made[name] = value;
      return builder;
    };
  }
  const context = {
    cloudevent: event,
    log: { info() {}, warn() {} },
    cloudEventResponse: (data: unknown) => {
      made['data'] = data;
      return builder;
    },
  };
  await handle!(context, event);
  assert.deepEqual(made, {
    data: { id: 'A-7', total: 9800, currency: 'EUR' },
    id: '1-priced',
    source: '/orders',
    type: 'shop.order.priced',
  });
  assert.deepEqual(await handle!({}, undefined), { priced: 1 });
});

test('word-count-python is read without a problem; its functions share a module', async (t) => {
  const root = fileURLToPath(new URL('../../../examples/word-count-python', import.meta.url));
  const project = await readProject(root);
  assert.deepEqual(project.problems, []);
  const packager = createPackager({ root, artifactsDir: tempFolder(t) });
  t.after(() => packager.dispose());
  const artifacts = await Promise.all(project.functions.map((each) => packager.prepare(each)));
  assert.deepEqual(
    artifacts.map(({ entry, exportName, inputs }) => [basename(entry), exportName, inputs.length]),
    [
      ['on_lambda.py', 'handler', 2],
      ['on_fc.py', 'handler', 2],
    ],
  );
});

test('slugs-openfaas makes slugs, and counts what it reads', async () => {
  const root = fileURLToPath(new URL('../../../examples/slugs-openfaas', import.meta.url));
  const { functions, problems } = await readProject(root);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    functions.map(({ name, language }) => `${name} ${language}`),
    ['slug nodejs', 'count custom'],
  );
  const handler = createRequire(import.meta.url)(`${root}/slug/handler.js`) as (
    event: unknown,
    context: unknown,
  ) => Promise<unknown>;
  const told: unknown[] = [];
  const context = {
    status: (status: number) => (told.push(status), context),
    headers: () => context,
    succeed: (value: unknown) => told.push(value),
  };
  await handler({ body: { title: 'Crème brûlée, in 5 steps' } }, context);
  await handler({ body: {} }, context);
  assert.deepEqual(told, [200, { slug: 'creme-brulee-in-5-steps' }, 400, { error: 'Give a title.' }]);
});
