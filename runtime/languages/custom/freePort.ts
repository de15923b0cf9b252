import { connect, createServer, type AddressInfo } from 'node:net';

/** Ports that were given last. */
const given = new Set<number>();
const remembered = 1000;
const attempts = 50;

/**
 * A port of loopback that nobody listens on at this moment. The system may name one again that another program was given and
 * does not listen on yet; whoever came second would be taken for ready and be answered for by the other. So ports that were
 * given lately are passed over.
 */
export async function freePort(find = unusedPort): Promise<number> {
  let port = await find();
  for (let left = attempts; given.has(port) && left > 0; left--) port = await find();
  given.delete(port);
  given.add(port);
  if (given.size > remembered) given.delete(given.values().next().value!);
  return port;
}

function unusedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Whether somebody accepts connections on a port of loopback. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.setTimeout(1000, () => end(false));
  });
}
