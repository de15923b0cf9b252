import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import type { RegistryCredentials } from '../../../../../runtime/deploy/images/registry/credentials.ts';
import { uploadBlob } from '../../../../../runtime/deploy/images/registry/blobs.ts';
import { digestOf, readImage } from '../../../../../runtime/deploy/images/registry/manifest.ts';
import { RegistryClient } from '../../../../../runtime/deploy/images/registry/registryClient.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
const { signal } = new AbortController();

async function serve(t: TestContext, answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

function client(registry: string, credentials?: RegistryCredentials): RegistryClient {
  return new RegistryClient({
    registry,
    repository: 'team/hello',
    actions: 'pull,push',
    credentials: () => Promise.resolve(credentials),
    pauseMs: 1,
  });
}
const ask = (registry: RegistryClient) =>
  registry.ask({ method: 'GET', at: 'manifests/1', action: 'reading', signal });

test('a refusal is told by the parts of it that are as specified', async (t) => {
  for (const [body, message] of [
    [
      {
        errors: [{ code: 'NAME_UNKNOWN', message: 'no such repository', detail: { a: 1 } }],
        details: { b: 2 },
      },
      /NAME_UNKNOWN\): no such repository/,
    ],
    [{ errors: [{ code: 'NAME_UNKNOWN', message: null }] }, /NAME_UNKNOWN\): No reason was given/],
    [{ errors: { code: 'X' }, details: 'not there' }, /HTTP 404\): not there/],
    ['<html>', /HTTP 404\): No reason was given/],
  ] as const) {
    const host = await serve(t, (_request, response) =>
      response.writeHead(404).end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
    await assert.rejects(ask(client(host)), { code: 'CLOUD_REFUSED', message });
  }
});

test('a token is asked for with name and password, used, and renewed when it has run out', async (t) => {
  const asked: string[] = [];
  let valid = '';
  const host = await serve(t, ({ url = '', headers }, response) => {
    if (url.startsWith('/token')) {
      asked.push(`${decodeURIComponent(url)} ${headers.authorization}`);
      valid = `t${asked.length}`;
      return void response.end(JSON.stringify({ token: valid }));
    }
    if (headers.authorization === `Bearer ${valid}`) return void response.end('fine');
    const challenge = `Bearer realm="http://${host}/token",service="registry",scope="repository:team/hello:pull"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  const registry = client(host, { kind: 'password', username: 'me', password: 'word' });
  assert.equal((await ask(registry)).body.toString(), 'fine');
  assert.equal((await ask(registry)).body.toString(), 'fine');
  assert.equal(asked.length, 1, 'a token is kept');
  assert.match(
    asked[0]!,
    /service=registry&scope=repository:team\/hello:pull,push&scope=repository:team\/hello:pull/,
  );
  assert.match(asked[0]!, new RegExp(`Basic ${Buffer.from('me:word').toString('base64')}$`));
  valid = 'another';
  await ask(registry);
  assert.equal(asked.length, 2);
});

test('an identity token is exchanged by a form', async (t) => {
  let form = '';
  const host = await serve(t, ({ url = '', method, headers }, response, body) => {
    if (url.startsWith('/token')) {
      form = `${method} ${body.toString()}`;
      return void response.end(JSON.stringify({ access_token: 'a' }));
    }
    if (headers.authorization === 'Bearer a') return void response.end('fine');
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="s"` }).end();
  });
  await ask(client(host, { kind: 'identityToken', token: 'planted' }));
  assert.match(
    form,
    /^POST grant_type=refresh_token&client_id=porchlight&refresh_token=planted&scope=.*&service=s$/,
  );
});

test('credentials go to no token server that is not encrypted, and to no other host', async (t) => {
  const host = await serve(t, (_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://evil.example/token"' }).end();
  });
  const known: RegistryCredentials = { kind: 'password', username: 'me', password: 'planted-word' };
  await assert.rejects(ask(client(host, known)), /token server, which is not safe/);

  const seen: (string | undefined)[] = [];
  const storage = await serve(t, ({ headers }, response) => {
    seen.push(headers.authorization);
    response.end('blob');
  });
  const front = await serve(t, ({ headers }, response) => {
    if (!headers.authorization)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    response.writeHead(307, { location: `http://${storage}/blob` }).end();
  });
  assert.equal((await ask(client(front, known))).body.toString(), 'blob');
  assert.deepEqual(seen, [undefined]);
  const away = await serve(t, (_request, response) => {
    response.writeHead(307, { location: 'http://elsewhere.example/blob' }).end();
  });
  await assert.rejects(ask(client(away)), /which is not encrypted/);
});

test('a refusal says what the registry says, without what it was sent', async (t) => {
  const message = 'no to planted-word';
  const host = await serve(t, ({ headers }, response) => {
    if (!headers.authorization)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    response.writeHead(403).end(JSON.stringify({ errors: [{ code: 'DENIED', message }] }));
  });
  const refused = ask(client(host, { kind: 'password', username: 'me', password: 'planted-word' }));
  await assert.rejects(refused, {
    code: 'CREDENTIALS_REFUSED',
    message: /DENIED.*no to \*\*\*.*docker login/,
  });
});

test('an answer that is too long is refused', async (t) => {
  const host = await serve(t, (_request, response) => response.end(Buffer.alloc(9 * 1024 * 1024)));
  await assert.rejects(ask(client(host)), /more than 8192 KB/);
});

test('what is not what its digest says is refused', async (t) => {
  const config = Buffer.from('{}');
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'x', digest: digestOf(Buffer.from('other')), size: 2 },
    layers: [],
  });
  const host = await serve(t, ({ url = '' }, response) =>
    response.end(url.includes('/blobs/') ? config : manifest),
  );
  await assert.rejects(
    readImage(client(host), '1', 'amd64', signal),
    /configuration is not what its digest says/,
  );
  const reference = digestOf(Buffer.from('another'));
  await assert.rejects(readImage(client(host), reference, 'amd64', signal), /not what its digest says/);
});

test('a layer goes in chunks where it does not go whole, and is gone on with where it was cut', async (t) => {
  const bytes = Buffer.alloc(40 * 1024 * 1024, 7);
  const blob = { digest: digestOf(bytes), size: bytes.length, content: { bytes } };
  let arrived = Buffer.alloc(0);
  let cuts = 1;
  const seen: string[] = [];
  const host = await serve(t, ({ method = '', url = '', headers }, response, body) => {
    const place = { location: `/v2/team/hello/blobs/uploads/one?_state=a%2Bb%3D&n=${seen.length}` };
    seen.push(method);
    if (method === 'HEAD') return void response.writeHead(404).end();
    if (method === 'POST') return void response.writeHead(202, place).end();
    if (!url.includes('_state=a%2Bb%3D&')) return void response.writeHead(400).end();
    if (method === 'GET')
      return void response.writeHead(204, { ...place, range: `0-${Math.max(0, arrived.length - 1)}` }).end();
    if (method === 'PUT' && body.length > 0) return void response.writeHead(413).end();
    if (method === 'PUT') return void response.writeHead(digestOf(arrived) === blob.digest ? 201 : 400).end();
    const [from = 0] = String(headers['content-range']).split('-').map(Number);
    if (from !== arrived.length) return void response.writeHead(416).end();
    arrived = Buffer.concat([arrived, body]);
    if (arrived.length > 20 * 1024 * 1024 && cuts-- > 0) return void response.destroy();
    response.writeHead(202, place).end();
  });
  await uploadBlob(client(host), blob, signal);
  assert.deepEqual(seen, ['POST', 'PUT', 'POST', 'PATCH', 'PATCH', 'HEAD', 'GET', 'PATCH', 'PUT']);
});
