import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Listener } from './conversation.ts';
import { readBody, sendError, sendJson } from './httpServer.ts';

/* Lambda's extensions API (developer guide "Lambda Extensions API"): registering, and hearing of invocations and the end. */

const base = '/2020-01-01/extension';
const telemetry = /^\/(2022-07-01\/telemetry|2020-08-15\/logs)$/;

/** Bytes of a request that are read. */
const mostBytes = 64 * 1024;
const mostExtensions = 10;
/** Time until the end, in milliseconds, that extensions are told of. */
const shutdownMs = 2000;

interface Extension {
  events: Set<string>;
  queue: object[];
  asking: ServerResponse | undefined;
}

/** An invocation as extensions hear of it. */
interface Invoked {
  requestId: string;
  deadlineMs: number;
  arn: string;
  trace: string;
}

/** Extensions that run inside the program or were started by it. */
export class Extensions {
  readonly #listener: Listener;
  readonly #known = new Map<string, Extension>();
  #closed = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  serves(path: string): boolean {
    return path.startsWith(`${base}/`) || telemetry.test(path);
  }

  /** The program asks for events: what wanted to register has done so. */
  closeRegistration(): void {
    this.#closed = true;
  }

  invoked({ requestId, deadlineMs, arn, trace }: Invoked): void {
    const tracing = { type: 'X-Amzn-Trace-Id', value: trace };
    this.#tell({ eventType: 'INVOKE', deadlineMs, requestId, invokedFunctionArn: arn, tracing });
  }

  shutDown(shutdownReason: 'SPINDOWN' | 'FAILURE'): void {
    const deadlineMs = Math.floor(this.#listener.clock.epochMs()) + shutdownMs;
    this.#tell({ eventType: 'SHUTDOWN', shutdownReason, deadlineMs });
  }

  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const { body = Buffer.alloc(0) } = await readBody(request, mostBytes);
    if (telemetry.test(path)) {
      const errorMessage = 'Telemetry API is not supported';
      return sendJson(response, 202, { errorMessage, errorType: 'Telemetry.NotSupported' });
    }
    const call = `${request.method} ${path.slice(base.length)}`;
    if (call === 'POST /register') return this.#register(request, response, body);
    const id = single(request, 'lambda-extension-identifier');
    if (id === undefined) {
      const detail = 'Missing Lambda-Extension-Identifier header';
      return sendError(response, 403, 'Extension.MissingExtensionIdentifier', detail);
    }
    const extension = this.#known.get(id);
    if (!extension) {
      return sendError(response, 403, 'Extension.UnknownExtensionIdentifier', `Unknown extension ${id}`);
    }
    switch (call) {
      case 'GET /event/next':
        extension.asking = response;
        response.once('close', () => {
          if (extension.asking === response) extension.asking = undefined;
        });
        return this.#handOut(extension);
      case 'POST /init/error':
      case 'POST /exit/error':
        return sendJson(response, 202, { status: 'OK' });
      default:
        response.writeHead(404).end();
    }
  }

  #register(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const name = single(request, 'lambda-extension-name') ?? '';
    if (name === '') {
      return sendError(response, 403, 'Extension.InvalidExtensionName', 'Invalid extension name');
    }
    if (this.#closed) {
      return sendError(
        response,
        403,
        'Extension.RegistrationClosed',
        'Extension registration closed already',
      );
    }
    if (this.#known.size >= mostExtensions) {
      const detail = `Extension limit (${mostExtensions}) reached`;
      return sendError(response, 403, 'Extension.TooManyExtensions', detail);
    }
    const events = readEvents(body);
    if (!events) return sendError(response, 400, 'InvalidRequestFormat', 'Invalid request format');
    const unknown = events.find((event) => event !== 'INVOKE' && event !== 'SHUTDOWN');
    if (unknown !== undefined) {
      return sendError(response, 403, 'Extension.InvalidEventType', `${unknown}: invalid event type`);
    }
    const id = randomUUID();
    this.#known.set(id, { events: new Set(events), queue: [], asking: undefined });
    if (events.includes('SHUTDOWN')) this.#listener.listensForTermination();
    const { definition } = this.#listener;
    const facts = {
      functionName: definition.name,
      functionVersion: '$LATEST',
      handler: definition.handler,
      ...(single(request, 'lambda-extension-accept-feature') === 'accountId'
        ? { accountId: definition.accountId }
        : {}),
    };
    sendJson(response, 200, facts, { 'Lambda-Extension-Identifier': id });
  }

  #tell(event: { eventType: string; [name: string]: unknown }): void {
    for (const extension of this.#known.values()) {
      if (!extension.events.has(event.eventType)) continue;
      extension.queue.push(event);
      this.#handOut(extension);
    }
  }

  #handOut(extension: Extension): void {
    const { asking, queue } = extension;
    if (!asking || queue.length === 0) return;
    extension.asking = undefined;
    sendJson(asking, 200, queue.shift(), { 'Lambda-Extension-Event-Identifier': randomUUID() });
  }
}

function single(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function readEvents(body: Buffer): string[] | undefined {
  try {
    const { events = [] } = JSON.parse(body.toString('utf8') || '{}') as { events?: unknown };
    return Array.isArray(events) && events.every((event) => typeof event === 'string') ? events : undefined;
  } catch {
    return undefined;
  }
}
