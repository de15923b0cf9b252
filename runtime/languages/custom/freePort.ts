import { randomInt } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import { forgetOldest } from '../../support/forgetOldest.ts';

/** Ports that were given last. */
const given = new Set<number>();
const remembered = 1000;
const attempts = 50;

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, macOS and Windows from 49152; Kubernetes has
 * 30000 to 32767 for its nodes): one of those may be taken between this look and the moment in which a program listens.
 */
const first = 20_000;
const count = 10_000;

/**
 * A port of loopback that nobody listens on at this moment. Another program may be given it and not listen on it yet; whoever
 * came second would be taken for ready and be answered for by the other. So it is drawn, as other hosts draw theirs, and
 * ports that were given lately are passed over.
 */
export async function freePort(find = unusedPort): Promise<number> {
  let port = await find();
  for (let left = attempts; given.has(port) && left > 0; left--) port = await find();
  given.delete(port);
  given.add(port);
  forgetOldest(given, remembered);
  return port;
}

async function unusedPort(): Promise<number> {
  for (let left = attempts; left > 0; left--) {
    const port = await listenOnce(randomInt(first, first + count));
    if (port !== undefined) return port;
  }
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('No port of 127.0.0.1 can be listened on.');
  return port;
}

/** The port, if it can be listened on; of 0 one that the system chooses. */
function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: heard } = server.address() as AddressInfo;
      server.close(() => resolve(heard));
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
