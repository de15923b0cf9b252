import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { toDisposable, type Disposable } from '../../runtime/support/disposable.ts';

/**
 * js-debug repeats a refused connection for ever and cannot be told to stop: a session that was about to connect when
 * its host was killed would show as running until the window closes. So whoever comes to the dead host's address is
 * let in and dismissed, for as long as a session may take to come. The port may be another program's by then, which is
 * as good.
 */
export function dismissLatecomers(address: string, ms = 20_000): Disposable {
  const { port, pathname } = new URL(address);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 });
  const server = createServer((_, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    if (request.url !== pathname) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (client) => client.close());
  });
  server.on('error', () => {});
  server.listen({ host: '127.0.0.1', port: Number(port), exclusive: true });
  const end = toDisposable(() => {
    clearTimeout(timer);
    server.close();
    server.closeAllConnections();
  });
  const timer = setTimeout(() => end.dispose(), ms);
  timer.unref();
  return end;
}
