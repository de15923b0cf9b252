import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Listener } from './conversation.ts';
import { readBody, sendError, sendJson } from './httpServer.ts';

/*
 * Lambda's extensions API (developer guide "Lambda Extensions API"): registering, and hearing of invocations and the end.
 * Statuses, types and texts as Lambda's runtime interface emulator gives them.
 */

const base = '/2020-01-01/extension';
const telemetry = /^\/(2022-07-01\/telemetry|2020-08-15\/logs)$/;

/** Bytes of a request that are read. */
const mostBytes = 64 * 1024;
const mostExtensions = 10;
/** Time until the end, in milliseconds, that extensions are told of. */
export const shutdownMs = 2000;

interface Extension {
  name: string;
  events: Set<string>;
  queue: object[];
  asking: ServerResponse | undefined;
  /** It has asked for an event, and is through with what it began with. */
  ready: boolean;
  /** It has not asked again since it heard of an invocation. */
  busy: boolean;
}

/** An invocation as extensions hear of it. */
interface Invoked {
  requestId: string;
  deadlineMs: number;
  arn: string;
  trace: string;
}

/** Why an extension ends its instance. */
export type ExtensionFailure = { name: string; type: string; message: string };

/** Extensions: programs beside the function's, and those that run inside of it or were started by it. */
export class Extensions {
  readonly #listener: Listener;
  readonly #known = new Map<string, Extension>();
  /** External ones that have not registered. */
  readonly #expected = new Set<string>();
  #external = new Set<string>();
  #closed = false;
  #waiting: { until: () => boolean; run: () => void }[] = [];
  /** What extensions said of themselves before they ended. */
  readonly #reported = new Map<string, ExtensionFailure>();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Programs that will register by these names. */
  expect(names: string[]): void {
    this.#external = new Set(names);
    for (const name of names) this.#expected.add(name);
  }

  /** Those that have not registered. */
  get missing(): string[] {
    return [...this.#expected];
  }

  /** All external ones have registered. */
  get registered(): Promise<void> {
    return this.#once(() => this.#expected.size === 0);
  }

  /** All that registered have asked for their first event: only then is the initialization over. */
  get ready(): Promise<void> {
    return this.#once(() => [...this.#known.values()].every(({ ready }) => ready));
  }

  /** All are through with the invocation they heard of: only then can there be another. */
  get atRest(): boolean {
    return [...this.#known.values()].every(({ busy }) => !busy);
  }

  /** Calls back when they are. */
  whenAtRest(run: () => void): void {
    void this.#once(() => this.atRest).then(run);
  }

  /** What an extension that ended is to be told as: what it said of itself, otherwise that it ended. */
  failureOf(name: string, message: string): ExtensionFailure {
    return this.#reported.get(name) ?? { name, type: 'Extension.Crash', message };
  }

  #once(until: () => boolean): Promise<void> {
    if (until()) return Promise.resolve();
    return new Promise((run) => void this.#waiting.push({ until, run }));
  }

  #look(): void {
    const due = this.#waiting.filter(({ until }) => until());
    this.#waiting = this.#waiting.filter((each) => !due.includes(each));
    for (const { run } of due) run();
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

  shutDown(shutdownReason: 'SPINDOWN' | 'TIMEOUT' | 'FAILURE'): void {
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
        extension.ready = true;
        extension.busy = extension.queue.length > 0;
        this.#look();
        response.once('close', () => {
          if (extension.asking === response) extension.asking = undefined;
        });
        return this.#handOut(extension);
      case 'POST /init/error':
      case 'POST /exit/error':
        return this.#takeError(extension, call.endsWith('/init/error'), request, response, body);
      default:
        response.writeHead(404).end();
    }
  }

  /** An extension says why it will end; the failure is told when it has. */
  #takeError(
    { name, ready }: Extension,
    atInit: boolean,
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): void {
    const type = single(request, 'lambda-extension-function-error-type');
    if (type === undefined || type === '') {
      const detail = 'Missing Lambda-Extension-Function-Error-Type header';
      return sendError(response, 403, 'Extension.MissingHeader', detail);
    }
    if (atInit && ready) {
      const detail = `State transition from Ready to InitError failed for extension ${name}. Error: State transition is not allowed`;
      return sendError(response, 403, 'Extension.InvalidExtensionState', detail);
    }
    const said = messageIn(body);
    const message = `${type}${said === undefined ? '' : `: ${said}`}`;
    this.#reported.set(name, {
      name,
      type: atInit ? 'Extension.InitError' : 'Extension.ExitError',
      message,
    });
    sendJson(response, 202, { status: 'OK' });
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
    if ([...this.#known.values()].some((known) => known.name === name)) {
      const detail = `State transition from Registered to Registered failed for extension ${name}. Error: State transition is not allowed`;
      return sendError(response, 403, 'Extension.InvalidExtensionState', detail);
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
    const about = { name, events: new Set(events), queue: [], asking: undefined };
    this.#known.set(id, { ...about, ready: false, busy: false });
    this.#expected.delete(name);
    if (events.includes('SHUTDOWN') && this.#external.size === 0) this.#listener.listensForTermination();
    this.#look();
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
      extension.busy = event.eventType === 'INVOKE';
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

/** The text of an error body as runtimes write it. */
function messageIn(body: Buffer): string | undefined {
  try {
    const { errorMessage } = JSON.parse(body.toString('utf8')) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage.slice(0, 4000) : undefined;
  } catch {
    return undefined;
  }
}
