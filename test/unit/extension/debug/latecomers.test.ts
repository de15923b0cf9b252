import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { dismissLatecomers } from '../../../../extension/debug/latecomers.ts';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Connects until somebody answers, as js-debug does; gives how the connection ended. */
async function visit(address: string): Promise<'closed' | 'refused'> {
  for (;;) {
    const socket = new WebSocket(address);
    const outcome = await Promise.race([
      once(socket, 'open').then(() => 'open'),
      new Promise<string>((resolve) => socket.once('error', (error) => resolve(error.message))),
    ]);
    if (outcome.includes('ECONNREFUSED')) continue;
    if (outcome !== 'open') return 'refused';
    await once(socket, 'close');
    return 'closed';
  }
}

test('whoever comes to the address is let in and dismissed, others are refused', async (t) => {
  const address = `ws://127.0.0.1:${await freePort()}/secret`;
  const latecomers = dismissLatecomers(address);
  t.after(() => latecomers.dispose());
  assert.equal(await visit(address), 'closed');
  assert.equal(await visit(address.replace('secret', 'other')), 'refused');
});

test('a port that is taken is left alone', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const latecomers = dismissLatecomers(`ws://127.0.0.1:${port}/secret`);
  t.after(() => latecomers.dispose());
  const visitor = once(server, 'connection');
  new WebSocket(`ws://127.0.0.1:${port}/secret`).once('error', () => {});
  const [socket] = (await visitor) as [{ destroy(): void }];
  socket.destroy();
});
