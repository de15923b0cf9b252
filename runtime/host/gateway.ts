import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { PorchlightError } from '../model/errors.ts';
import type { CorsSettings } from '../model/functionDefinition.ts';
import type { GatewayRequest, GatewayResponse, Outcome, Platform } from '../model/platform.ts';
import { asItComes, type StreamForm, type StreamStart } from '../model/resultStream.ts';
import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { Accepted } from '../invocations/functionRuntimeOptions.ts';
import type { StartKind } from '../model/words.ts';
import { preflightAnswer, withCors } from '../triggers/http/cors.ts';
import { callerHeader } from '../protocol/instance/caller.ts';
import { decodePath } from '../support/httpText.ts';
import type { RouteMatch } from '../triggers/http/router.ts';
import { AnswerStream } from './answerStream.ts';
import type { AsyncInvocations } from './asyncInvocations.ts';
import { takeAsync } from './asyncTrigger.ts';
import type { Callers } from './callers.ts';
import type { InvokeApis } from './invokeApi.ts';
import { letIn } from './letIn.ts';
import { closeServer, listen } from './listen.ts';
import { isForeignOrigin, isLoopbackHost } from './loopback.ts';
import { toOriginForm } from './requestTarget.ts';
import type { SqsGateway } from './sqsGateway.ts';

export interface GatewayOptions {
  port: number;
  find(name: string): FunctionRuntime | undefined;
  /** What a call that is made now goes to. */
  forCall(name: string): FunctionRuntime | undefined;
  names(): string[];
  route(method: string, path: string): RouteMatch | undefined;
  allowedMethods(path: string): string[];
  /** A line for each route, for people. */
  routes(): string[];
  callers: Callers;
  apis: InvokeApis;
  async: AsyncInvocations;
  queues: SqsGateway;
  onInternalError(error: unknown): void;
}

export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

const invokePrefix = '/_porchlight/invoke/';
const startKinds: readonly string[] = ['cold', 'prewarmed', 'warm'];

/** Opens the gateway: HTTP on loopback, where HTTP triggers and plain invokes arrive. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => fail(options, response, error));
  });
  // A debugged invocation may take as long as its user thinks.
  server.requestTimeout = 0;
  const port = await listen(server, options.port);
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function answer(
  options: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  toOriginForm(request);
  const { host, origin } = request.headers;
  // Requests of HTTP/1.0 may come without one, those of browsers never do; of HTTP/1.1 Node refuses them by itself.
  if (host !== undefined && !isLoopbackHost(host))
    return sendError(response, 403, 'FORBIDDEN', 'Use 127.0.0.1 or localhost as host name.');
  const url = request.url ?? '/';
  const path = pathOf(request);
  const method = request.method ?? 'GET';
  if (path.startsWith(invokePrefix)) {
    if (isForeignOrigin(origin, host)) {
      return sendError(response, 403, 'FORBIDDEN', 'Web pages cannot invoke functions here.');
    }
    return invokePlain(options, request, response, url);
  }
  const api = options.apis.at(path);
  if (api) {
    const exchange = { readBody, response, cancelOnClose: (of: Accepted) => cancelOnClose(response, of) };
    const whole = await options.apis.answer(api, request, exchange);
    return whole && send(response, whole);
  }
  const catalog = options.apis.catalog(request, path);
  if (catalog) return send(response, catalog);
  const queueAddress = options.queues.at(request);
  if (queueAddress)
    return send(response, await options.queues.answer(queueAddress, request, response, readBody));
  const preflight = preflightOf(options, request, path);
  if (preflight) return send(response, preflightAnswer(preflight, origin));
  const match = routeOf(options, request, method, path);
  const fn = match && options.forCall(match.function);
  if (!match || !fn) {
    const allowed = options.allowedMethods(path);
    const unknown = allowed.length === 0 ? firstOf(options, (each) => each.unknownPath?.(path)) : undefined;
    if (unknown) return send(response, unknown);
    if (allowed.length === 0) return sendOverview(options, response, method, path);
    const other = options.find(options.route(allowed[0]!, path)?.function ?? '');
    const refused = other && httpRefusal(other, { kind: 'method', method, allowed });
    if (refused) return send(response, refused);
    response.setHeader('Allow', allowed.join(', '));
    return sendError(response, 405, 'METHOD_NOT_ALLOWED', `${path} takes ${allowed.join(', ')}.`);
  }
  return invokeTrigger(options, fn, match, request, response);
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0]!;
}

/** The trigger that answers a path; by its usual name, the function gets no other one to see. */
function routeOf(
  options: GatewayOptions,
  request: IncomingMessage,
  method: string,
  path: string,
): RouteMatch | undefined {
  const match = options.route(method, path);
  if (match) return match;
  const usual = firstOf(options, (platform) => platform.usualPath?.(path));
  const found = usual === undefined ? undefined : options.route(method, usual);
  if (found) request.url = `${usual}${request.url!.slice(path.length)}`;
  return found;
}

/** What the first of the functions' platforms has to say. */
function firstOf<Answer>(
  options: GatewayOptions,
  ask: (platform: Platform) => Answer | undefined,
): Answer | undefined {
  const platforms = new Set(options.names().map((name) => options.find(name)?.platform));
  for (const platform of platforms) {
    const said = platform && ask(platform);
    if (said !== undefined) return said;
  }
  return undefined;
}

/** What the path of a plain invoke says: `/_porchlight/invoke/NAME[?start=cold|prewarmed|warm]`. */
function plainTarget(options: GatewayOptions, url: string): { fn: FunctionRuntime; start?: StartKind } {
  const query = url.indexOf('?');
  const name = decodePath(url.slice(invokePrefix.length, query < 0 ? undefined : query));
  const fn = options.forCall(name);
  if (!fn) throw new PorchlightError('FUNCTION_UNKNOWN', { name, known: options.names().join(', ') });
  if (query < 0) return { fn };
  const start = new URLSearchParams(url.slice(query + 1)).get('start');
  if (start === null) return { fn };
  if (!startKinds.includes(start)) {
    throw new PorchlightError('USAGE', { detail: `start=${start} is none of cold, prewarmed, warm.` });
  }
  return { fn, start: start as StartKind };
}

/** The body is the event, the answer is the result. */
async function invokePlain(
  options: GatewayOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
): Promise<void> {
  const { fn, start } = plainTarget(options, url);
  const caller = options.callers.of(request.headers, fn);
  const event = await readBody(request, fn.platform.limits.requestBytes);
  if (start === 'prewarmed') await fn.pool.prepareSpare();
  const id = fn.platform.newRequestId();
  const sink = new AnswerStream(response, (start) => plainStream(id, start));
  const accepted = fn.accept({
    id,
    event,
    trigger: 'event',
    label: fn.plainLabel,
    startKind: start,
    sink,
    ...caller,
  });
  cancelOnClose(response, accepted);
  const outcome = await accepted.outcome;
  if (!sink.end(outcome)) send(response, plainResponse(accepted, outcome));
}

/** What the code writes, as it comes. Answers of servers to HTTP requests are JSON here, which is made in one piece. */
function plainStream(id: string, { web }: StreamStart): StreamForm | undefined {
  return web ? undefined : asItComes({ status: 200, headers: [['X-Porchlight-Invocation', id]] });
}

function plainResponse(accepted: Accepted, outcome: Outcome): GatewayResponse {
  const headers: [string, string][] = [['X-Porchlight-Invocation', accepted.id]];
  if (outcome.kind === 'result') return { status: 200, headers, body: outcome.body };
  headers.push(['X-Porchlight-Error', outcome.error.type.replace(/[^\x20-\x7e]/g, '?')]);
  headers.push(['Content-Type', 'application/json']);
  return { status: outcome.error.type === 'Throttled' ? 429 : 500, headers, body: outcome.body };
}

async function invokeTrigger(
  options: GatewayOptions,
  fn: FunctionRuntime,
  match: RouteMatch,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const at = new Date(fn.clock.epochMs());
  const startUs = fn.clock.nowUs();
  const { requestBytes: limit, pathBytes } = fn.platform.limits;
  const pathLength = pathOf(request).length - (match.trigger.mount?.length ?? 0);
  const long = pathBytes !== undefined && pathLength > pathBytes;
  const refusedPath = long && httpRefusal(fn, { kind: 'longPath', limit: pathBytes });
  if (refusedPath) return send(response, refusedPath);
  const body = await readBody(request, limit).catch((error: unknown) => {
    const tooLarge = error instanceof PorchlightError && error.code === 'EVENT_TOO_LARGE';
    const refused = tooLarge && httpRefusal(fn, { kind: 'tooLarge', limit });
    if (!refused) throw error;
    // The rest is read and dropped: callers that still send would not see the answer otherwise.
    request.removeAllListeners('data').resume();
    send(response, refused);
  });
  if (!body) return;
  const id = fn.platform.newRequestId();
  const gatewayRequest: GatewayRequest = {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    rawHeaders: headerPairs(request),
    body,
    remoteAddress: request.socket.remoteAddress ?? '127.0.0.1',
    pathParameters: match.pathParameters,
  };
  const { cors } = match.trigger;
  const admission = letIn(fn, match.trigger, gatewayRequest, id);
  if ('refused' in admission)
    return send(response, withCors(admission.refused, cors, request.headers.origin));
  const event = fn.platform.httpEvent(gatewayRequest, match.trigger, fn.definition, {
    requestId: id,
    trigger: 'http',
    at,
  });
  const label = `${gatewayRequest.method} ${gatewayRequest.url.slice(0, 200)}`;
  const later = fn.platform.httpAsync?.(gatewayRequest, match.trigger);
  const caller = options.callers.of(request.headers, fn, later === undefined);
  if (later) {
    const { trigger } = match;
    const { notes } = admission;
    const call = { requestId: id, request: gatewayRequest, trigger, event, label, caller, notes };
    return send(response, withCors(takeAsync(fn, later, call, options.async), cors, request.headers.origin));
  }
  const sink = new AnswerStream(
    response,
    (start) => fn.platform.httpStream?.(start, match.trigger, { requestId: id }),
    (head) => withCors(head, cors, request.headers.origin),
  );
  const accepted = fn.accept({
    id,
    event,
    trigger: 'http',
    label,
    sink,
    timeoutMs: fn.platform.callerTimeoutMs?.(gatewayRequest),
    notes: admission.notes,
    ...caller,
  });
  // Where a caller is not noticed to go away, what it was to get is made to its end.
  const staysUnnoticed = fn.platform.invokeApi?.endsWithCaller === false;
  cancelOnClose(response, accepted, () => staysUnnoticed && (sink.begun || match.trigger.streams === true));
  const outcome = await accepted.outcome;
  if (sink.end(outcome)) return;
  const answered =
    outcome.kind === 'error' && outcome.error.type === 'Throttled'
      ? fn.platform.throttled()
      : fn.platform.httpResponse(outcome, match.trigger, {
          requestId: id,
          request: gatewayRequest,
          at,
          elapsedMs: (fn.clock.nowUs() - startUs) / 1000,
        });
  send(response, withCors(answered, cors, request.headers.origin));
}

/** What is asked about before a request of a page from elsewhere; undefined when the function answers itself. */
function preflightOf(
  options: GatewayOptions,
  { method, headers }: IncomingMessage,
  path: string,
): CorsSettings | undefined {
  const asked = headers['access-control-request-method'];
  if (method !== 'OPTIONS' || asked === undefined) return undefined;
  if (options.route('OPTIONS', path)?.trigger.methods.includes('OPTIONS')) return undefined;
  return options.route(asked, path)?.trigger.cors;
}

/** The platform's own answer to a request that a trigger does not take. */
function httpRefusal(
  { platform }: FunctionRuntime,
  refusal: Parameters<NonNullable<Platform['httpRefusal']>>[0],
): GatewayResponse | undefined {
  return platform.httpRefusal?.(refusal, platform.newRequestId());
}

function headerPairs(request: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]!;
    // Ours, not the caller's.
    if (name.toLowerCase() !== callerHeader) pairs.push([name, request.rawHeaders[index + 1]!]);
  }
  return pairs;
}

/** The caller went away before it had its answer: nobody waits for the rest. */
function cancelOnClose(response: ServerResponse, accepted: Accepted, goesOn = () => false): void {
  response.once('close', () => {
    if (!response.writableEnded && !goesOn()) accepted.cancel(new Error('The caller closed the connection.'));
  });
}

const noBytes = Buffer.alloc(0);

/** Bodies up to this many bytes are sent together with their head. */
const joinedBytes = 16 * 1024;

/** The whole body; a `PorchlightError` as soon as it is larger than allowed. */
function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const { headers } = request;
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > limit)
    return Promise.reject(new PorchlightError('EVENT_TOO_LARGE', { bytes: announced, limit }));
  if (announced === 0 && headers['transfer-encoding'] === undefined) return Promise.resolve(noBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else {
        request.pause();
        reject(new PorchlightError('EVENT_TOO_LARGE', { bytes, limit }));
      }
    });
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)));
    request.once('error', reject);
    request.once('close', () => {
      if (!request.complete) reject(new Error('The caller closed the connection within its request.'));
    });
  });
}

function send(response: ServerResponse, { status, headers, body }: GatewayResponse): void {
  const lines: string[] = [];
  for (const [name, value] of headers) lines.push(name, value);
  // Said outright: a body that is written behind its head would go out in chunks.
  if (status >= 200 && status !== 204 && status !== 304)
    lines.push('Content-Length', String(body.byteLength));
  response.writeHead(status, lines);
  // As text of one byte per character head and body leave in one piece, in a single write.
  if (body.byteLength > 0 && body.byteLength <= joinedBytes)
    response.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1');
  else response.end(body);
}

function sendOverview(options: GatewayOptions, response: ServerResponse, method: string, path: string): void {
  const lines = [
    path === '/' ? 'Porchlight gateway' : `Nothing answers ${method} ${path}.`,
    '',
    'HTTP triggers:',
    ...options.routes().map((line) => `  ${line}`),
    'Plain invokes (the body is the event):',
    ...options.names().map((name) => `  POST ${invokePrefix}${encodeURIComponent(name)}`),
    '',
  ];
  response.writeHead(path === '/' ? 200 : 404, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(lines.join('\n'));
}

const statusOfCode: Partial<Record<string, number>> = {
  FUNCTION_UNKNOWN: 404,
  EVENT_TOO_LARGE: 413,
  // "Loop Detected" (RFC 5842).
  CALLS_CIRCLE: 508,
};

function fail(options: GatewayOptions, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (error instanceof PorchlightError && error.kind === 'user') {
    return sendError(response, statusOfCode[error.code] ?? 400, error.code, error.message);
  }
  options.onInternalError(error);
  sendError(response, 500, 'INTERNAL', error instanceof Error ? error.message : String(error));
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
  response.end(`${JSON.stringify({ error: { code, message } })}\n`);
}
