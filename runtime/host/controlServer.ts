import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { PorchlightError } from '../model/errors.ts';
import { Hello, type HelloParams, type HelloResult } from '../protocol/control/messages.ts';
import { createRpcConnection, type RpcConnection } from '../protocol/control/rpcConnection.ts';
import { protocolVersion } from '../protocol/version.ts';
import { webSocketCarrier } from '../support/webSocketCarrier.ts';
import { closeServer, listen } from './listen.ts';
import { isForeignOrigin, isLoopbackHost } from './loopback.ts';

/** A client that said hello. */
export interface ControlClient {
  readonly connection: RpcConnection;
  readonly hello: HelloParams;
}

export interface ControlServerOptions {
  hello(client: ControlClient): HelloResult | Promise<HelloResult>;
  /** Registers the handlers of a connection's requests. */
  serve(connection: RpcConnection): void;
  onDidConnect(client: ControlClient): void;
  onDidDisconnect(client: ControlClient): void;
  onInternalError(method: string, error: unknown): void;
}

export interface ControlServer {
  readonly url: string;
  readonly token: string;
  readonly clients: ReadonlySet<ControlClient>;
  close(): Promise<void>;
}

const messageBytes = 64 * 1024 * 1024;

/** Loaded for the first client: with it comes all of Node's network code, which a host without clients can do without. */
async function openSockets(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws');
  return new WebSocketServer({ noServer: true, maxPayload: messageBytes, perMessageDeflate: false });
}

/** Opens the control socket: WebSocket on loopback, for holders of the token who are no web page. */
export async function openControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const token = randomBytes(24).toString('base64url');
  const expected = Buffer.from(`Bearer ${token}`);
  const clients = new Set<ControlClient>();
  let sockets: Promise<WebSocketServer> | undefined;
  const server = createServer((_, response) => response.writeHead(426).end());

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const known = given.length === expected.length && timingSafeEqual(given, expected);
    const { host, origin } = request.headers;
    if (!known || !isLoopbackHost(host) || isForeignOrigin(origin, host)) {
      socket.end(`HTTP/1.1 ${known ? '403 Forbidden' : '401 Unauthorized'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    // A client may leave before it is served; afterwards it has a listener of its own.
    socket.on('error', () => {});
    sockets ??= openSockets();
    void sockets.then((open) => open.handleUpgrade(request, socket, head, serve));
  });

  function serve(webSocket: WebSocket): void {
    const connection = createRpcConnection(webSocketCarrier(webSocket), {
      peer: 'client',
      onInternalError: options.onInternalError,
    });
    let client: ControlClient | undefined;
    connection.onRequest(Hello, (params) => {
      if (params.protocolVersion !== protocolVersion) {
        throw new PorchlightError('PROTOCOL_VERSION', {
          theirs: protocolVersion,
          ours: params.protocolVersion,
        });
      }
      client = { connection, hello: params };
      clients.add(client);
      options.onDidConnect(client);
      return options.hello(client);
    });
    connection.onClose(() => {
      if (client && clients.delete(client)) options.onDidDisconnect(client);
    });
    options.serve(connection);
  }

  const port = await listen(server, 0);
  return {
    url: `ws://127.0.0.1:${port}`,
    token,
    clients,
    async close() {
      for (const { connection } of clients) connection.dispose();
      (await sockets)?.close();
      await closeServer(server);
    },
  };
}
