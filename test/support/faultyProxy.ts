import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';

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
  close(): Promise<void>;
}

/** Stands between a client and a server on loopback, and spoils what it is told to. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const faults: { pattern: RegExp; fault: Fault; left: number }[] = [];
  const seen: string[] = [];
  const proxy = { rewrite: (_what: string, body: string) => body };
  const server = createServer((request, response) => {
    const what = `${request.method} ${request.url}`;
    seen.push(what);
    const found = faults.find(({ pattern, left }) => left > 0 && pattern.test(what));
    if (found) found.left--;
    if (found?.fault === 'cut') {
      const cut = () => void request.socket.destroy();
      return void request.once('data', cut).once('end', cut).resume();
    }
    if (found && typeof found.fault === 'object') return void answer(request, response, found.fault);
    const lose = found?.fault === 'lostAnswer';
    pass(target, request, response, (body) => (lose ? undefined : proxy.rewrite(what, body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    seen,
    inject: (pattern: RegExp, fault: Fault, times = 1) => void faults.push({ pattern, fault, left: times }),
    get waiting() {
      return faults.reduce((sum, { left }) => sum + left, 0);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function answer(request: IncomingMessage, response: ServerResponse, fault: Exclude<Fault, string>): void {
  request.resume().once('end', () => {
    const text = typeof fault.body === 'string';
    const type = text ? 'text/plain' : 'application/json';
    response.writeHead(fault.status, { 'Content-Type': type, ...fault.headers });
    response.end(text ? fault.body : JSON.stringify(fault.body));
  });
}

function pass(
  target: string,
  request: IncomingMessage,
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
      const body = change(text);
      if (body === undefined) return void request.socket.destroy();
      const { 'content-length': length, 'transfer-encoding': _encoding, ...rest } = answered.headers;
      // The answer to HEAD says how long the body would be.
      const told = method === 'HEAD' && length !== undefined ? { 'content-length': length } : {};
      response.writeHead(answered.statusCode!, { ...rest, ...told });
      response.end(body === text ? bytes : body);
    });
  });
  forwarded.on('error', () => response.destroy());
  request.pipe(forwarded);
}
