import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { InvokeCommand, LoadCommand } from '../../protocol/instance/messages.ts';
import type { Conversation, Listener } from './conversation.ts';
import { Extensions } from './extensions.ts';
import { ExternalExtensions } from './externalExtensions.ts';
import { openServer, readBody, sendError, sendJson } from './httpServer.ts';
import { errorTypeOf, readRuntimeError } from './runtimeError.ts';

/*
 * AWS Lambda's runtime API (developer guide "Using the Lambda runtime API"), as runtimes of `provided` functions use
 * it; statuses and texts as Lambda's runtime interface emulator gives them.
 */

const base = '/2018-06-01/runtime';

/** Bytes of an error that are read: with its cause for X-Ray it may be larger than the platform tells. */
const errorBytes = 1024 * 1024;

interface Event {
  /** As the program sees it: an attempt after the first has the first one's. */
  requestId: string;
  command: InvokeCommand;
  event: Buffer;
  startUs: number;
}

const nothing = Buffer.alloc(0);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Serves the runtime API to one program, and the extensions API to what it brings along. */
export class RuntimeApi implements Conversation {
  readonly #listener: Listener;
  readonly #extensions: Extensions;
  readonly #external: ExternalExtensions;
  #server: Server | undefined;
  #context: Record<string, unknown> = {};
  /** Requests for an event that wait for one. */
  #asking: ServerResponse[] = [];
  #queue: Event[] = [];
  /** Handed to the program and not answered. */
  #begun = new Map<string, Event>();
  /** Answered since the program asked last: it may not do so twice. */
  #answered = new Set<string>();
  /** The program has asked for an event. */
  #asked = false;
  #failed = false;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#extensions = new Extensions(listener);
    this.#external = new ExternalExtensions(listener, this.#extensions);
  }

  async open(): Promise<Record<string, string>> {
    const { server, port } = await openServer((request, response) => this.#answer(request, response));
    this.#server = server;
    if (this.#listener.debugged) this.#watchConnections(server);
    const env = { AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` };
    await this.#external.start(env);
    return env;
  }

  /** A program that ends lets go of all of them. */
  #watchConnections(server: Server): void {
    let open = 0;
    server.on('connection', (socket) => {
      open++;
      socket.once('close', () => {
        if (--open === 0) this.#listener.mayHaveEnded();
      });
    });
  }

  started(): void {}

  load({ context }: LoadCommand): void {
    this.#context = context;
  }

  invoke(command: InvokeCommand, event: Buffer): void {
    const requestId = text(command.context['awsRequestId']) || text(command.context['requestId']);
    this.#queue.push({ requestId: requestId || command.id, command, event, startUs: 0 });
    this.#handOut();
  }

  stop(): void {
    // External ones hear of the end when the runtime has ended.
    if (this.#external.running) this.#external.stopping = true;
    else this.#extensions.shutDown('SPINDOWN');
    this.#listener.terminate();
  }

  afterwards(): Promise<void> | undefined {
    return this.#external.running ? this.#external.afterwards(this.#begun.size > 0) : undefined;
  }

  close(): void {
    this.#external.close();
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method } = request;
    const path = (request.url ?? '').split('?', 1)[0]!;
    if (path === '/ping') return void response.end('pong');
    if (this.#extensions.serves(path)) return this.#extensions.answer(request, response, path);
    if (!path.startsWith(`${base}/`)) return notFound(response);
    const rest = path.slice(base.length);
    if (rest === '/invocation/next')
      return method === 'GET' ? this.#next(request, response) : wrong(response);
    if (rest === '/init/error')
      return method === 'POST' ? this.#initError(request, response) : wrong(response);
    const [, id, what] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(rest) ?? [];
    if (id === undefined) return notFound(response);
    if (method !== 'POST') return wrong(response);
    return this.#take(decoded(id), what === 'error', request, response);
  }

  #next(request: IncomingMessage, response: ServerResponse): void {
    const { concurrency } = this.#listener;
    if (this.#failed || this.#begun.size + this.#asking.length >= concurrency) {
      return refuseTransition(response, this.#failed ? 'InitError' : 'Running', 'Ready');
    }
    this.#answered.clear();
    this.#asking.push(response);
    // It went away while it waited: what comes next is not for it.
    response.once('close', () => (this.#asking = this.#asking.filter((other) => other !== response)));
    if (!this.#asked) {
      this.#asked = true;
      this.#extensions.closeRegistration();
      void this.#extensions.ready.then(() => this.#listener.ready());
    }
    this.#handOut();
  }

  #handOut(): void {
    if (this.#queue.length > 0 && !this.#extensions.atRest && this.#begun.size === 0)
      return this.#extensions.whenAtRest(() => this.#handOut());
    while (this.#asking.length > 0 && this.#queue.length > 0) {
      const response = this.#asking.shift()!;
      const event = this.#queue.shift()!;
      event.startUs = this.#listener.clock.nowUs();
      this.#begun.set(event.requestId, event);
      this.#send(response, event);
    }
  }

  #send(response: ServerResponse, { requestId, command, event }: Event): void {
    const context = { ...this.#context, ...command.context };
    const deadlineMs = Math.floor(this.#listener.clock.epochMs() + command.timeoutMs);
    const arn = text(context['invokedFunctionArn']);
    const trace = text(context['traceHeader']);
    const headers: [string, string][] = [
      ['Content-Type', 'application/json'],
      ['Content-Length', String(event.byteLength)],
      ['Lambda-Runtime-Aws-Request-Id', requestId],
      ['Lambda-Runtime-Deadline-Ms', String(deadlineMs)],
      ['Lambda-Runtime-Invoked-Function-Arn', arn],
      ['Lambda-Runtime-Trace-Id', trace],
      ['Lambda-Runtime-Client-Context', headerJson(context['clientContext'])],
      ['Lambda-Runtime-Cognito-Identity', headerJson(context['identity'])],
      ['Lambda-Runtime-Aws-Tenant-Id', text(context['tenantId'])],
    ];
    response.writeHead(200, headers.filter(([, value]) => value !== '').flat());
    response.end(event);
    this.#extensions.invoked({ requestId, deadlineMs, arn, trace });
  }

  /** An invocation's result or error. Each has one. */
  async #take(
    id: string,
    isError: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const event = this.#begun.get(id);
    if (!event) {
      request.resume();
      if (!this.#answered.has(id)) return sendError(response, 400, 'InvalidRequestID', 'Invalid request ID');
      const state = isError ? 'InvocationErrorResponse' : 'InvocationResponse';
      return refuseTransition(response, 'ResponseSent', state);
    }
    // From here on there is one answer, however long its body takes.
    this.#begun.delete(id);
    this.#answered.add(id);
    if (isError) return this.#takeError(event, request, response);
    return this.#takeResult(event, request, response);
  }

  async #takeResult(event: Event, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mode = request.headers['lambda-runtime-function-response-mode'];
    if (mode !== undefined && mode !== 'streaming') {
      request.resume();
      sendError(response, 400, 'InvalidFunctionResponseMode', 'Invalid function response mode');
      return this.#fail(event, 'Runtime.InvalidResponseModeHeader', 'Invalid function response mode');
    }
    if (mode === 'streaming') return this.#passOn(event, request, response);
    const limit = this.#listener.limits.responseBytes;
    const { body, bytes, complete } = await readBody(request, limit);
    if (!complete) return this.#truncated(event, response);
    const { id } = event.command;
    if (!body) {
      const message = `Exceeded maximum allowed payload size (${limit} bytes).`;
      sendError(response, 413, 'RequestEntityTooLarge', message);
      return this.#listener.answered(id, { startUs: event.startUs, body: nothing, omittedBytes: bytes });
    }
    accept(response);
    this.#end(event, request, body);
  }

  /** A result that is passed on while it comes. */
  async #passOn(event: Event, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const contentType = request.headers['content-type'] ?? 'application/octet-stream';
    const { complete } = await this.#listener.stream(event.command.id, { contentType }, request);
    if (!complete) return this.#truncated(event, response);
    if (!response.destroyed) accept(response);
    this.#end(event, request, nothing);
  }

  #truncated(event: Event, response: ServerResponse): void {
    const message = 'HTTP request detected as truncated';
    if (!response.destroyed) sendError(response, 400, 'TruncatedHTTPRequest', message);
    this.#fail(event, 'Runtime.TruncatedResponse', message);
  }

  /** Clients declare trailers of whatever they send; only those that arrive say that it failed on the way. */
  #end(event: Event, { trailers }: IncomingMessage, body: Buffer): void {
    const { command, startUs } = event;
    const { id } = command;
    const type = errorTypeOf(trailers['lambda-runtime-function-error-type'], 'Function');
    if (type === undefined) return this.#listener.answered(id, { startUs, body });
    const encoded = trailers['lambda-runtime-function-error-body'];
    if (!encoded) return this.#fail(event, type, '');
    const { codeRoot } = this.#listener.definition;
    const { error, told } = readRuntimeError(Buffer.from(encoded, 'base64'), type, codeRoot);
    this.#listener.failed(id, startUs, error, told, false);
  }

  async #takeError(event: Event, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = errorTypeOf(request.headers['lambda-runtime-function-error-type'], 'Function');
    const { body = Buffer.alloc(0) } = await readBody(request, errorBytes);
    if (!response.destroyed) accept(response);
    const { error, told } = readRuntimeError(body, type, this.#listener.definition.codeRoot);
    this.#listener.failed(event.command.id, event.startUs, error, told, false);
  }

  async #initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = errorTypeOf(request.headers['lambda-runtime-function-error-type'], 'Runtime');
    if (this.#asked || this.#failed) {
      request.resume();
      return refuseTransition(response, this.#failed ? 'InitError' : 'Ready', 'InitError');
    }
    this.#failed = true;
    const { body = Buffer.alloc(0) } = await readBody(request, errorBytes);
    if (!response.destroyed) accept(response);
    this.#extensions.shutDown('FAILURE');
    this.#listener.initFailed(readRuntimeError(body, type, this.#listener.definition.codeRoot).error);
  }

  #fail({ command, startUs }: Event, type: string, message: string): void {
    const body = Buffer.from(JSON.stringify({ errorType: type, errorMessage: message }));
    this.#listener.failed(command.id, startUs, { type, message, stack: [] }, body, false);
  }
}

function accept(response: ServerResponse): void {
  sendJson(response, 202, { status: 'OK' });
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
}

function wrong(response: ServerResponse): void {
  response.writeHead(405).end();
}

function refuseTransition(response: ServerResponse, from: string, to: string): void {
  const detail = 'State transition is not allowed';
  const message = `State transition from ${from} to ${to} failed for runtime. Error: ${detail}`;
  sendError(response, 403, 'InvalidStateTransition', message);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // No id has a stray percent sign: it is refused as it stands.
    return segment;
  }
}

/** JSON as a header can carry it. */
function headerJson(value: unknown): string {
  if (value === undefined || value === null) return '';
  const json = JSON.stringify(value);
  return json.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
