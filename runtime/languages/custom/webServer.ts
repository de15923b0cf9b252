import { Agent, type IncomingMessage } from 'node:http';
import { readWebEvent, webResult, type WebRequest } from '../../model/webMessage.ts';
import type { HookName } from '../../model/platform.ts';
import type {
  InvokeCommand,
  LoadCommand,
  PreFreezeCommand,
  RawError,
  StopCommand,
} from '../../protocol/instance/messages.ts';
import type { Conversation, Listener } from './conversation.ts';
import { call, NoAnswer, type Call, type CallAnswer, type CallHead } from './httpCall.ts';
import { ServerStart } from './serverStart.ts';

/** What is particular to a kind of server. */
export interface ServerKind {
  /** Variables that name the port. */
  portVariables: readonly string[];
  /** The request for an event that is no HTTP request. */
  eventRequest(event: Buffer, context: Record<string, unknown>): WebRequest;
  /** A request as it arrives at the server. */
  forward(request: WebRequest, context: Record<string, unknown>): WebRequest;
  /** The request of a hook; undefined: there is none. */
  hookRequest?(hook: HookName, context: Record<string, unknown>): WebRequest;
  /** What of an answer to an event is a failure; of one whose body is not there yet, whether it is one. */
  failureOf(answer: CallHead & Partial<CallAnswer>, path: string): RawError | undefined;
  /** The same for the answer to an HTTP request; a status alone is none. */
  webFailureOf(answer: CallHead & Partial<CallAnswer>): RawError | undefined;
}

/** How long a connection that broke off is taken for the end of the process, whose word then counts, in milliseconds. */
const exitPatienceMs = 200;

/** How hooks are asked. */
const wholeAnswer: Pick<Call, 'streams' | 'signal'> = { streams: () => false };

const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Speaks to a program that is an HTTP server. */
export class WebServer implements Conversation {
  readonly #listener: Listener;
  readonly #kind: ServerKind;
  readonly #start: ServerStart;
  readonly #agent = new Agent({ keepAlive: true });
  #context: Record<string, unknown> = {};
  #port = 0;
  #ready = false;
  /** Events that came before the server listened. */
  #waiting: (() => void)[] = [];
  #load: LoadCommand | undefined;
  #closed = false;
  /** Breaks off the request of an event. */
  #asking = new Map<string, AbortController>();

  constructor(listener: Listener, kind: ServerKind) {
    this.#listener = listener;
    this.#kind = kind;
    this.#start = new ServerStart(listener, (port) => this.#listens(port));
  }

  async open(): Promise<Record<string, string>> {
    const port = String(await this.#start.choosePort());
    return Object.fromEntries(this.#kind.portVariables.map((name) => [name, port]));
  }

  started(): void {
    this.#start.watch();
  }

  load(command: LoadCommand): void {
    this.#load = command;
    this.#context = command.context;
    this.#initialize();
  }

  invoke(command: InvokeCommand, event: Buffer): void {
    const run = () => void this.#run(command, event);
    if (this.#ready) run();
    else this.#waiting.push(run);
  }

  cancel(id: string): void {
    this.#asking.get(id)?.abort();
  }

  preFreeze({ context }: PreFreezeCommand): void {
    void this.#lastHook('preFreeze', { ...this.#context, ...context });
  }

  stop({ context }: StopCommand): void {
    void this.#lastHook('preStop', { ...this.#context, ...context }).finally(() =>
      this.#listener.terminate(),
    );
  }

  close(): void {
    this.#closed = true;
    this.#start.dispose();
    this.#agent.destroy();
  }

  #listens(port: number): void {
    this.#port = port;
    this.#initialize();
  }

  /** The initializer runs when the server listens and its time is being measured. */
  #initialize(): void {
    if (this.#port === 0 || this.#ready) return;
    const command = this.#load;
    // A spare: its initializer waits for the call.
    if (!command) return;
    this.#load = undefined;
    if (command.initializer) void this.#runInitializer(command);
    else this.#serve();
  }

  async #runInitializer({ hookContext }: LoadCommand): Promise<void> {
    const { hookRequest } = this.#kind;
    if (!hookRequest) return this.#serve();
    void this.#listener.hook('initializer', 'start');
    const context = { ...this.#context, ...hookContext };
    const failure = await this.#hook(hookRequest('initializer', context), (status) => status >= 500);
    if (this.#closed) return;
    await this.#listener.hook('initializer', 'end', failure);
    if (this.#closed) return;
    if (failure) this.#listener.initFailed(failure);
    else this.#serve();
  }

  async #lastHook(hook: 'preFreeze' | 'preStop', context: Record<string, unknown>): Promise<void> {
    const { hookRequest } = this.#kind;
    if (!hookRequest || !this.#ready || !this.#listener.definition[hook]) return;
    void this.#listener.hook(hook, 'start');
    const failure = await this.#hook(hookRequest(hook, context), (status) => status >= 400);
    if (!this.#closed) await this.#listener.hook(hook, 'end', failure);
  }

  /** Calls a hook; gives what is wrong with its answer. */
  async #hook(request: WebRequest, isBad: (status: number) => boolean): Promise<RawError | undefined> {
    try {
      const answer = await this.#ask(request);
      const reported = this.#kind.failureOf(answer, request.url);
      if (reported) return reported;
      if (!isBad(answer.status)) return undefined;
      const said = (answer.body ?? Buffer.alloc(0)).toString('utf8').slice(0, 10_000).trim();
      const message = `${request.method} ${request.url} was answered with ${answer.status}${said ? `: ${said}` : ''}`;
      return { type: 'HookError', message, stack: [] };
    } catch (error) {
      await new Promise<void>((resolve) => this.#listener.clock.after(exitPatienceMs, resolve));
      return { type: 'HookError', message: (error as Error).message, stack: [] };
    }
  }

  #serve(): void {
    this.#ready = true;
    this.#listener.ready();
    for (const run of this.#waiting.splice(0)) run();
  }

  async #run(command: InvokeCommand, event: Buffer): Promise<void> {
    const { clock } = this.#listener;
    const context = { ...this.#context, ...command.context };
    const web = readWebEvent(event);
    const request = web ? this.#kind.forward(web, context) : this.#kind.eventRequest(event, context);
    const startUs = clock.nowUs();
    const asking = new AbortController();
    this.#asking.set(command.id, asking);
    const failureOf = (answer: CallHead & Partial<CallAnswer>) =>
      web ? this.#kind.webFailureOf(answer) : this.#kind.failureOf(answer, request.url);
    try {
      const streams = (head: CallHead) => failureOf(head) === undefined;
      const answer = await this.#ask(request, { streams, signal: asking.signal });
      const failure = answer.stream ? undefined : failureOf(answer);
      if (failure) this.#fail(command.id, startUs, failure, answer.body);
      else if (answer.stream)
        await this.#passOn(command.id, startUs, answer, web !== undefined, answer.stream);
      else this.#tell(command.id, startUs, answer, web !== undefined);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#listener.mayHaveEnded();
      // Its process has mostly ended with the connection, and that says more.
      clock.after(exitPatienceMs, () => {
        const message = `The server closed the connection without ${error.begun ? 'the end of its' : 'an'} answer to ${request.method} ${request.url} (${error.message}).`;
        this.#fail(command.id, startUs, { type: 'NoAnswer', message, stack: [] });
      });
    } finally {
      this.#asking.delete(command.id);
    }
  }

  /** An answer that is given while it comes. */
  async #passOn(
    id: string,
    startUs: number,
    { status, rawHeaders: headers, headers: { 'content-type': contentType } }: CallHead,
    web: boolean,
    source: IncomingMessage,
  ): Promise<void> {
    const start = web ? { web: { status, headers } } : contentType === undefined ? {} : { contentType };
    const { complete } = await this.#listener.stream(id, start, source);
    if (!complete) throw new NoAnswer('it broke off', true);
    this.#listener.answered(id, { startUs, body: Buffer.alloc(0) });
  }

  #tell(id: string, startUs: number, answer: CallAnswer, web: boolean): void {
    if (!answer.body) {
      const body = Buffer.alloc(0);
      return this.#listener.answered(id, { startUs, body, omittedBytes: answer.bytes });
    }
    const { status, rawHeaders: headers, body } = answer;
    const result = web ? Buffer.from(webResult({ status, headers, body })) : body;
    this.#listener.answered(id, { startUs, body: result });
  }

  #fail(id: string, startUs: number, error: RawError, body?: Buffer): void {
    const json = () => Buffer.from(JSON.stringify({ errorMessage: error.message, errorType: error.type }));
    this.#listener.failed(id, startUs, error, body?.byteLength ? body : json(), false);
  }

  /** A connection that was kept may have been closed at the same moment: then what is safe to repeat is repeated. */
  async #ask(
    request: WebRequest,
    { streams, signal }: Pick<Call, 'streams' | 'signal'> = wholeAnswer,
  ): Promise<CallAnswer> {
    const { url: path, ...rest } = request;
    const { responseBytes: limit, streamedBytes: streamLimit = limit } = this.#listener.limits;
    const once = () =>
      call(this.#agent, {
        ...rest,
        path,
        port: this.#port,
        limit,
        streamLimit,
        streams,
        ...(signal && { signal }),
      });
    try {
      return await once();
    } catch (error) {
      if (this.#closed || signal?.aborted || !(error instanceof NoAnswer) || !idempotent.has(request.method))
        throw error;
      return once();
    }
  }
}
