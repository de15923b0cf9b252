import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort, isOpen } from '../../../../../runtime/languages/custom/freePort.ts';

test('a port is one that can be listened on, and is seen open then', async (t) => {
  const port = await freePort();
  assert.ok(port >= 20_000 && port < 30_000, `${port} is none of an outgoing connection`);
  assert.equal(await isOpen(port), false);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => server.close());
  assert.equal(await isOpen(port), true);
});

test('a port that was given lately is not given again, although nobody listens on it yet', async () => {
  const names = [4711, 4711, 4711, 4712];
  const next = () => Promise.resolve(names.shift()!);
  assert.equal(await freePort(next), 4711);
  assert.equal(await freePort(next), 4712);
});

test('where the system names nothing else, it is given all the same', async () => {
  const next = () => Promise.resolve(4713);
  assert.equal(await freePort(next), 4713);
  assert.equal(await freePort(next), 4713);
});
