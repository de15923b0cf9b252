import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readWebResult, webEvent } from '../../model/webMessage.ts';
import { Watchdog } from './bootstrap.watchdog.ts';
import { ContainerCall } from './bootstrap.containerCall.ts';
import {
  errorText,
  loadFunction,
  readStart,
  type ContainerFunction,
  type ContainerStart,
} from './bootstrap.containerFunction.ts';

/*
 * What an image of ours starts: an HTTP server that hands every request to the function by its platform's contract, the same
 * as instances on a developer's machine use. It knows no platform: `start.json` beside it says all.
 */

/** What a request may have; a function on a developer's machine gets no more, either. */
const largestRequest = 32 * 1024 * 1024;
/** Keeps connections of proxies in front longer than these keep them (Go's idle time is 90 s), so that none is cut while used. */
const keepAliveMs = 120_000;

class Server {
  readonly #start: ContainerStart;
  #function: ContainerFunction | undefined;
  #active = 0;
  readonly #waiting: (() => void)[] = [];
  #ending = false;
  #onQuiet: (() => void) | undefined;
  readonly #watchdog: Watchdog | undefined;
  readonly #server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) =>
    this.#serve(request, response),
  );

  constructor(start: ContainerStart) {
    this.#start = start;
    this.#watchdog = start.watchdog && new Watchdog(start.watchdog);
    // What a function may take is bounded elsewhere: by its own time-out, or the proxy's in front.
    this.#server.requestTimeout = 0;
  }

  /** Serves a function once it is loaded: nothing listens before, which is how clusters see that it is not ready. */
  listen(loaded: ContainerFunction): Promise<void> {
    this.#function = loaded;
    const { port } = this.#start;
    const named = this.#start.portVariables.map((name) => process.env[name]).find(Boolean) ?? port;
    // Containers answer on every address they have; a test names loopback.
    const host = process.env['PORCHLIGHT_LISTEN'];
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port: Number(named), ...(host && { host }) }, () => {
        this.#watchdog?.begin(host);
        resolve();
      });
    });
  }

  /** Takes no more requests, and settles when those under way are answered. */
  async end(): Promise<void> {
    await this.#watchdog?.end();
    this.#ending = true;
    this.#server.close();
    this.#server.closeIdleConnections();
    if (this.#active > 0) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
    await this.#function?.preStop();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const { checkPaths, concurrency } = this.#start;
    const admitted = this.#watchdog?.admit(request, response, this.#start.timeoutMs);
    if (this.#watchdog && !admitted) return;
    const { timeoutMs } = admitted ?? this.#start;
    readAll(request, (body) => {
      if (body === undefined) return sendText(response, 413, 'Request body is too large');
      const begin = () => this.#call(request, body, response, timeoutMs);
      if (this.#active < concurrency || checkPaths.includes(path)) begin();
      else this.#waiting.push(begin);
    });
  }

  #call(
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    timeoutMs: number | undefined,
  ): void {
    const { contract, handler } = this.#function!;
    const { lifetime } = this.#start;
    const { method = 'GET', url = '/' } = request;
    const rawHeaders = pairsOf(request.rawHeaders);
    const remoteAddress = request.socket.remoteAddress ?? '';
    const about = { method, url, rawHeaders, body, remoteAddress, pathParameters: {} };
    const event = Buffer.from(webEvent(about, undefined, { remoteAddress }));
    this.#active++;
    let timer: NodeJS.Timeout | undefined;
    const deadline = timeoutMs === undefined ? Number.MAX_SAFE_INTEGER : Date.now() + timeoutMs;
    const call = new ContainerCall({
      id: randomUUID(),
      event,
      deadline,
      lifetime,
      contract,
      answered: (result, failure) => {
        clearTimeout(timer);
        if (failure && !failure.handled) console.error(errorText(failure.error));
        this.#send(response, result, failure !== undefined);
        this.#next();
      },
    });
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => {
        if (!response.headersSent) sendText(response, 504, 'request timeout');
      }, timeoutMs);
      timer.unref();
    }
    call.begin(handler);
  }

  #send(response: ServerResponse, result: Buffer, failed: boolean): void {
    if (response.headersSent) return;
    const answer = readWebResult(result);
    if (!answer) return sendText(response, failed ? 500 : 200, result.toString('utf8'));
    const { status, headers, body } = answer;
    const length = headers.some(([name]) => name.toLowerCase() === 'content-length');
    const hasBody = status !== 204 && status !== 304;
    try {
      response.writeHead(status, [
        ...headers.flat(),
        ...(this.#ending ? ['connection', 'close'] : []),
        ...(length || !hasBody ? [] : ['content-length', String(body.byteLength)]),
      ]);
      response.end(hasBody ? body : undefined);
    } catch (error) {
      // A header that HTTP cannot carry.
      console.error(errorText(error));
      sendText(response, 500, 'Internal Server Error');
    }
  }

  #next(): void {
    this.#active--;
    const begin = this.#active < this.#start.concurrency ? this.#waiting.shift() : undefined;
    if (begin) begin();
    else if (this.#active === 0) this.#onQuiet?.();
  }
}

function readAll(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= largestRequest) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on('end', () => done(bytes <= largestRequest ? Buffer.concat(chunks) : undefined));
  // Whoever asked is gone.
  request.on('error', () => {});
}

function sendText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function pairsOf(raw: string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at]!, raw[at + 1]!]);
  return pairs;
}

/** What a function leaves uncaught ends its process, by the rules of its platform; the cluster starts another. */
function watchUncaught(loaded: () => ContainerFunction | undefined): void {
  const fail = (kind: 'exception' | 'rejection', error: unknown): void => {
    console.error(errorText(error));
    const verdict = loaded()?.contract.uncaught(kind, error) ?? 'crash';
    process.exit(verdict === 'crash' ? 1 : verdict.exitCode);
  };
  process.on('uncaughtException', (error, origin) => {
    if (origin !== 'unhandledRejection') fail('exception', error);
  });
  process.on('unhandledRejection', (error) => fail('rejection', error));
}

/** SIGTERM: answers what is under way, then lets the function's own handlers end the process. */
function watchEnd(server: Server): void {
  const own = process.listeners('SIGTERM');
  process.removeAllListeners('SIGTERM');
  const end = (signal: NodeJS.Signals): void => {
    server.end().then(
      () => {
        if (own.length === 0) process.exit(0);
        for (const listener of own) listener(signal);
      },
      (error: unknown) => {
        console.error(errorText(error));
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

async function main(): Promise<void> {
  let loaded: ContainerFunction | undefined;
  watchUncaught(() => loaded);
  try {
    const start = readStart(__dirname);
    loaded = await loadFunction(__dirname, start);
    const server = new Server(start);
    watchEnd(server);
    await server.listen(loaded);
  } catch (error) {
    // The last lines of a container's output are what clusters show of one that does not start.
    console.error(errorText(error));
    process.exit(1);
  }
}

void main();
