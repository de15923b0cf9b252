import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { SeenRequest } from './aws/requestFaults.ts';

/** What happens to one request instead of being passed on. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body: unknown }
  /** The connection ends, when some of the body has arrived. */
  | 'cut'
  /** It is carried out, but the answer is lost. */
  | 'lostAnswer';

export interface FaultyProxy {
  url: string;
  /** `METHOD path` of each request that arrived, in order. */
  readonly seen: string[];
  /** The next `times` requests that match get the fault. */
  inject(pattern: RegExp, fault: Fault, times?: number): void;
  /** Faults that are still waiting for their request. */
  readonly waiting: number;
  /** Called with each answer that is passed on; what it returns goes to the client. */
  rewrite: (what: string, body: string) => string;
  /** Called with each request that arrived as a whole; what it returns is answered instead of being passed on. */
  inspect: (request: SeenRequest) => { status: number; body: unknown } | undefined;
  close(): Promise<void>;
}

/** Stands between a client and a server on loopback, and spoils what it is told to. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const faults: { pattern: RegExp; fault: Fault; left: number }[] = [];
  const proxy: FaultyProxy = {
    url: '',
    seen: [],
    inject: (pattern, fault, times = 1) => void faults.push({ pattern, fault, left: times }),
    get waiting() {
      return faults.reduce((sum, { left }) => sum + left, 0);
    },
    rewrite: (_what, body) => body,
    inspect: () => undefined,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const what = `${method} ${url}`;
    proxy.seen.push(what);
    const found = faults.find(({ pattern, left }) => left > 0 && pattern.test(what));
    if (found) found.left--;
    const fault = found?.fault;
    if (fault === 'cut') {
      const cut = () => request.socket.destroy();
      // A request without a body is cut as well.
      return void request.once('data', cut).once('end', cut).resume();
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const body = Buffer.concat(chunks);
      const own = proxy.inspect({ method, url, headers, body });
      if (typeof fault === 'object') return answer(response, fault);
      if (own) return answer(response, own);
      pass(target, request, body, response, (text) =>
        fault === 'lostAnswer' ? undefined : proxy.rewrite(what, text),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return proxy;
}

function answer(response: ServerResponse, { status, headers, body }: Exclude<Fault, string>): void {
  const text = typeof body === 'string';
  response.writeHead(status, { 'Content-Type': text ? 'text/plain' : 'application/json', ...headers });
  response.end(text ? body : JSON.stringify(body));
}

function pass(
  target: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  change: (body: string) => string | undefined,
): void {
  const { method, url, headers } = request;
  const forwarded = httpRequest(`${target}${url}`, { method, headers }, (answered) => {
    const chunks: Buffer[] = [];
    answered.on('data', (chunk: Buffer) => chunks.push(chunk));
    answered.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const text = bytes.toString('utf8');
      const answer = change(text);
      if (answer === undefined) return void request.socket.destroy();
      const { 'content-length': length, 'transfer-encoding': _encoding, ...rest } = answered.headers;
      // The answer to HEAD says how long the body would be.
      const told = method === 'HEAD' && length !== undefined ? { 'content-length': length } : {};
      response.writeHead(answered.statusCode!, { ...rest, ...told });
      response.end(answer === text ? bytes : answer);
    });
  });
  forwarded.on('error', () => response.destroy());
  forwarded.end(body);
}
