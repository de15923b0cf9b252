import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Deferred } from '../../../../runtime/support/deferred.ts';
import { Callbacks, callbackTarget } from '../../../../runtime/host/callbacks.ts';

const gateway = 'http://127.0.0.1:4000';
const targets: [address: string, expected: ReturnType<typeof callbackTarget>][] = [
  [
    'http://me:secret@localhost:1/a?token=x',
    {
      url: 'http://localhost:1/a?token=x',
      text: 'http://localhost:1/a',
      authorization: 'Basic bWU6c2VjcmV0',
    },
  ],
  ['http://[::1]:1/', { url: 'http://[::1]:1/', text: 'http://[::1]:1/' }],
  [
    'http://gateway:8080/function/a?b=c',
    { url: `${gateway}/function/a?b=c`, text: 'http://gateway:8080/function/a' },
  ],
  ['http://example.com/', { refused: 'example.com is not on this machine' }],
  ['http://127.0.0.1.example.com/', { refused: '127.0.0.1.example.com is not on this machine' }],
  ['file:///etc/passwd', { refused: 'only http and https are called' }],
  ['here', { refused: 'it is no URL' }],
];
for (const [address, expected] of targets) {
  test(`a callback to ${address}`, () => {
    assert.deepEqual(callbackTarget(address, gateway, ['gateway']), expected);
  });
}

async function whatIsTold(status: number | 'closed'): Promise<string[]> {
  const server = createServer(({ headers }, response) => {
    assert.equal(headers.authorization, 'Basic bWU6c2VjcmV0');
    response.writeHead(Number(status)).end('read by nobody');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  if (status === 'closed') await new Promise((resolve) => server.close(resolve));
  const said: string[] = [];
  const callbacks = new Callbacks({ say: (level, text) => said.push(`${level} ${text}`) });
  const callback = { headers: [], body: Buffer.from('x') };
  const target = { url: `http://127.0.0.1:${port}/x`, text: 'there', authorization: 'Basic bWU6c2VjcmV0' };
  await callbacks.send(target, 'hello', callback);
  server.close();
  return said;
}

test('what became of a callback is told', async () => {
  assert.deepEqual(await whatIsTold(204), [
    'info The result of hello was sent to there, which answered 204.',
  ]);
  assert.deepEqual(await whatIsTold(500), [
    'warn The result of hello was sent to there, which answered 500.',
  ]);
  const [lost] = await whatIsTold('closed');
  assert.match(lost!, /^warn The result of hello did not reach there: .*ECONNREFUSED/);
});

test('a host that ends breaks callbacks off', async () => {
  const arrived = new Deferred<void>();
  const server = createServer(() => arrived.resolve());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const said: string[] = [];
  const callbacks = new Callbacks({ say: (_, text) => said.push(text) });
  const sent = callbacks.send({ url, text: 'there' }, 'hello', { headers: [], body: Buffer.alloc(0) });
  await arrived.promise;
  callbacks.close();
  await sent;
  server.closeAllConnections();
  server.close();
  assert.deepEqual(said, ['The result of hello did not reach there: the host ends.']);
});
