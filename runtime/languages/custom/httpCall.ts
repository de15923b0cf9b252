import { request, type Agent, type IncomingMessage } from 'node:http';

/** A request to a program's server. */
export interface Call {
  port: number;
  method: string;
  path: string;
  headers: [string, string][];
  body: Uint8Array;
  /** Bytes of the answer that are kept. */
  limit: number;
}

/** What a program's server answered; without `body` it is larger than what is kept. */
export interface CallAnswer {
  status: number;
  rawHeaders: [string, string][];
  headers: IncomingMessage['headers'];
  bytes: number;
  body: Buffer | undefined;
}

/** The server did not answer. `sent`: it may have begun to. */
export class NoAnswer extends Error {}

/** Headers that belong to one connection, not to the request. */
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'expect',
  'upgrade',
]);

/** Asks a program's server; rejects with `NoAnswer` when the connection fails. It may take as long as it likes. */
export function call(agent: Agent, { port, method, path, headers, body, limit }: Call): Promise<CallAnswer> {
  return new Promise((resolve, reject) => {
    const kept = headers.filter(([name]) => !ofConnection.has(name.toLowerCase()));
    if (body.byteLength > 0 || !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method))
      kept.push(['Content-Length', String(body.byteLength)]);
    if (!kept.some(([name]) => name.toLowerCase() === 'host')) kept.push(['Host', `127.0.0.1:${port}`]);
    const fail = (error: Error) => reject(new NoAnswer(error.message));
    const outgoing = request({ agent, host: '127.0.0.1', port, method, path, headers: kept.flat() });
    outgoing.once('error', fail);
    outgoing.once('response', (response) => {
      let chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= limit) chunks.push(chunk);
        else chunks = [];
      });
      response.once('error', fail);
      response.once('end', () => {
        const answered = bytes <= limit ? Buffer.concat(chunks) : undefined;
        const status = response.statusCode ?? 0;
        resolve({ status, rawHeaders: pairs(response), headers: response.headers, bytes, body: answered });
      });
    });
    outgoing.end(body);
  });
}

function pairs({ rawHeaders }: IncomingMessage): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (!ofConnection.has(name.toLowerCase())) found.push([name, rawHeaders[index + 1]!]);
  }
  return found;
}
