import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PorchlightError } from '../model/errors.ts';

/** Listens on loopback and gives the port; a port that is taken is the user's to change. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(taken ? new PorchlightError('PORT_IN_USE', { port }, { cause: error }) : error);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Stops listening and drops every connection. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
