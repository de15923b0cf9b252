import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server for one program, on loopback and a port of its own. */
export async function openServer(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    // Only the program asks here: a web page that found the port is sent away, also where it only fetches an image.
    const { origin, host, 'sec-fetch-site': ofPage } = request.headers;
    if (origin !== undefined || ofPage !== undefined || !isLoopback(host)) {
      response.writeHead(403).end();
      return;
    }
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else sendError(response, 500, 'InternalServerError', (error as Error).message);
    });
  });
  // The program may be frozen or stopped in a debugger at any time.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function isLoopback(host: string | undefined): boolean {
  return host === undefined || /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  const body = `${JSON.stringify(value)}\n`;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** An error of the API, as Lambda's emulator writes it. */
export function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  sendJson(response, status, { errorMessage: message, errorType: type });
}

/** A body; `bytes` is its size, also when it is larger than `limit` and therefore not kept. */
export interface ReadBody {
  bytes: number;
  body: Buffer | undefined;
  complete: boolean;
}

/** Reads a body to its end, and keeps it when it is not larger than `limit`. */
export function readBody(request: IncomingMessage, limit: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    const end = () => {
      const kept = bytes <= limit ? Buffer.concat(chunks) : undefined;
      resolve({ bytes, body: kept, complete: request.complete });
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else chunks = [];
    });
    request.once('end', end);
    // The program closed the connection within its body, or ended.
    request.once('close', end);
    request.once('error', end);
  });
}
