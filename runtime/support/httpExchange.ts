import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';

/** What an `https:` server is known by, and what it knows its client by; PEM texts. */
export interface TlsOptions {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  servername?: string | undefined;
  rejectUnauthorized?: boolean | undefined;
}

export interface HttpRequest {
  url: URL;
  method: string;
  headers?: Record<string, string | string[]>;
  /** Bytes, or a stream that is used up by this request. */
  body?: Uint8Array | { stream: Readable; bytes: number } | undefined;
  /** A connection on which nothing moves for so long ends, in milliseconds. */
  idleMs?: number;
  tls?: TlsOptions | undefined;
  signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** An answer is longer than whoever asked is prepared for. */
export class AnswerTooLong extends Error {
  constructor(bytes: number) {
    super(`its answer has more than ${Math.round(bytes / 1024)} KB.`);
  }
}

/**
 * Sends a request once and gives the answer as soon as its headers are there; the caller reads or destroys it. Throws
 * what the connection says, or the signal's reason. Redirects are answers like others.
 */
export function openExchange(request: HttpRequest): Promise<IncomingMessage> {
  const { url, method, headers = {}, body, idleMs = 60_000, tls = {}, signal } = request;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? 0 : 'stream' in body ? body.bytes : body.byteLength;
    const hasBody = body !== undefined || /^(POST|PUT|PATCH)$/.test(method);
    const options = {
      method,
      headers: {
        'user-agent': 'porchlight',
        ...headers,
        ...(hasBody && { 'content-length': String(bytes) }),
      },
      ...(signal && { signal }),
    };
    const sent =
      url.protocol === 'http:' ? httpRequest(url, options) : httpsRequest(url, { ...options, ...given(tls) });
    sent.once('response', resolve);
    sent.setTimeout(idleMs, () => {
      const silent = new Error(`nothing came for ${idleMs / 1000} s.`);
      sent.destroy(Object.assign(silent, { code: 'ETIMEDOUT' }));
    });
    // Behind the answer a cut is told to whoever reads it.
    sent.on('error', (error) => reject(signal?.aborted ? (signal.reason as Error) : error));
    if (body === undefined || !('stream' in body)) {
      sent.end(body);
      return;
    }
    const { stream } = body;
    stream.once('error', (error) => sent.destroy(error));
    sent.once('close', () => stream.destroy());
    stream.pipe(sent);
  });
}

/** The body of an answer that is at most so long. */
export async function readBody(answer: IncomingMessage, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largest) {
      answer.destroy();
      throw new AnswerTooLong(largest);
    }
    chunks.push(chunk);
  }
  // Node calls a body that was cut off at its end, where its length was not told, complete.
  if (!answer.complete) throw Object.assign(new Error('the connection was cut.'), { code: 'ECONNRESET' });
  return Buffer.concat(chunks);
}

/** Sends a request once, and gives its whole answer. */
export async function exchange(request: HttpRequest, largest: number): Promise<HttpAnswer> {
  const answer = await openExchange(request);
  const body = await readBody(answer, largest);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

/** Whether an error says that a connection failed, rather than anything else: then the same may do better later. */
export function isConnectionError(error: unknown): error is NodeJS.ErrnoException {
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
  return /^(E(CONN\w+|PIPE|TIMEDOUT|HOST\w+|NET\w+|AI_AGAIN|NOTFOUND)|HPE_\w+)$/.test(code);
}

/** Whether an error says that the other side is not trusted: its certificate, or its encryption. */
export function isTlsError(error: unknown): error is NodeJS.ErrnoException {
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
  return /^(CERT_\w+|ERR_(TLS|SSL)_\w+|\w+_CERT\w*|UNABLE_TO_\w+|EPROTO)$/.test(code);
}

/** Whether an address is this machine's own loopback: what goes there crosses no network. */
export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}

function given(tls: TlsOptions): TlsOptions {
  return Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
}
