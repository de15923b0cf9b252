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
  /** An answer that states more bytes than this is not given while it comes. */
  streamLimit: number;
  /** Whether an answer of such a beginning is given while it comes, when it may take its time to. */
  streams(head: CallHead): boolean;
  /** Aborting it breaks the request off. */
  signal?: AbortSignal;
}

/** How an answer begins. */
export interface CallHead {
  status: number;
  rawHeaders: [string, string][];
  headers: IncomingMessage['headers'];
}

/** What a program's server answered; without `body` it is larger than what is kept, or still to come as `stream`. */
export interface CallAnswer extends CallHead {
  bytes: number;
  body: Buffer | undefined;
  stream?: IncomingMessage;
}

/** The server did not answer, or not to the end. */
export class NoAnswer extends Error {
  /** What it answered has begun to be passed on. */
  readonly begun: boolean;

  constructor(message: string, begun = false) {
    super(message);
    this.begun = begun;
  }
}

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
export function call(agent: Agent, asked: Call): Promise<CallAnswer> {
  const { port, method, path, headers, body, limit, signal } = asked;
  return new Promise((resolve, reject) => {
    const kept = headers.filter(([name]) => !ofConnection.has(name.toLowerCase()));
    if (body.byteLength > 0 || !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method))
      kept.push(['Content-Length', String(body.byteLength)]);
    if (!kept.some(([name]) => name.toLowerCase() === 'host')) kept.push(['Host', `127.0.0.1:${port}`]);
    const fail = (error: Error) => reject(new NoAnswer(error.message));
    const outgoing = request({
      agent,
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: kept.flat(),
      ...(signal && { signal }),
    });
    outgoing.once('error', fail);
    outgoing.once('response', (response) => {
      const head = {
        status: response.statusCode ?? 0,
        rawHeaders: pairs(response),
        headers: response.headers,
      };
      const whole = () => {
        readWhole(response, limit).then((read) => resolve({ ...head, ...read }), fail);
      };
      if (!mayTakeTime(method, response, asked.streamLimit) || !asked.streams(head)) return whole();
      // What is there as soon as its head needs no stream.
      setImmediate(() => {
        if (response.complete) whole();
        else resolve({ ...head, bytes: 0, body: undefined, stream: response });
      });
    });
    outgoing.end(body);
  });
}

/** Answers of a stated and small size are there at once; what is worth passing on bit by bit states none, or a large one. */
const atOnceBytes = 64 * 1024;

function mayTakeTime(method: string, { headers, statusCode = 0 }: IncomingMessage, most: number): boolean {
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) return false;
  const length = headers['content-length'];
  return length === undefined || (Number(length) > atOnceBytes && Number(length) <= most);
}

function readWhole(
  response: IncomingMessage,
  limit: number,
): Promise<{ bytes: number; body: Buffer | undefined }> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else chunks = [];
    });
    response.once('error', reject);
    response.once('end', () => resolve({ bytes, body: bytes <= limit ? Buffer.concat(chunks) : undefined }));
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
