import { readWebEvent, webResult, type WebRequest } from '../../model/webMessage.ts';
import type { InvokeCommand } from '../../protocol/instance/messages.ts';
import { Deferred } from '../../support/deferred.ts';
import type { Conversation, Listener, Pipes } from './conversation.ts';

/** How long the first request of a new instance is waited for, in milliseconds: it mostly is there at once. */
const sparePatienceMs = 1000;

/**
 * A process per request, as OpenFaaS's watchdog runs it in the modes `serializing` and `streaming` (openfaas/of-watchdog): the
 * body is its input, what it writes is the answer, and the request's headers are variables. It is started when there is a
 * request.
 */
export class WatchdogProcess implements Conversation {
  readonly piped = true;
  readonly awaitsEvent: boolean;
  readonly #listener: Listener;
  readonly #request = new Deferred<WebRequest>();
  #call: { id: string; isHttp: boolean; startUs: number } | undefined;
  #input: Uint8Array = Buffer.alloc(0);
  readonly #output: Buffer[] = [];
  #bytes = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
    // Under a debugger the program is there before its request.
    this.awaitsEvent = !listener.debugged;
  }

  async open(): Promise<Record<string, string>> {
    if (!this.awaitsEvent) return {};
    const { clock } = this.#listener;
    // A spare is started without a request: then nothing is known of one.
    const none = new Promise<undefined>((resolve) => clock.after(sparePatienceMs, () => resolve(undefined)));
    const request = await Promise.race([this.#request.promise, none]);
    return request ? variablesOf(request) : {};
  }

  started(pipes?: Pipes): void {
    // A turn later, when its start has been told.
    setImmediate(() => this.#listener.ready());
    if (!pipes) return;
    pipes.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    // A program need not read what it is given.
    pipes.stdin.on('error', () => {});
    void this.#request.promise.then(() => {
      if (this.#call) this.#call.startUs = this.#listener.clock.nowUs();
      pipes.stdin.end(this.#input);
    });
  }

  load(): void {}

  invoke({ id }: InvokeCommand, event: Buffer): void {
    const web = readWebEvent(event);
    const request = web ?? { method: 'POST', url: '/', headers: [], body: event };
    this.#call = { id, isHttp: web !== undefined, startUs: this.#listener.clock.nowUs() };
    this.#input = request.body;
    this.#request.resolve(request);
  }

  stop(): void {
    this.#listener.terminate();
  }

  ended({ code, signal }: { code: number | null; signal: string | null }): void {
    const call = this.#call;
    if (!call) return;
    this.#call = undefined;
    const { id, startUs, isHttp } = call;
    const body = Buffer.concat(this.#output);
    if (code !== 0) {
      const end = signal === null ? `exit status ${code ?? 0}` : `signal: ${signal}`;
      const answer = { status: 500, headers: contentType(this.#listener.env), body: Buffer.from(end) };
      const error = { type: 'ProcessFailed', message: `The process ended with ${end}.`, stack: [] };
      const said = isHttp ? Buffer.from(webResult(answer)) : answer.body;
      return this.#listener.failed(id, startUs, error, said, true);
    }
    if (this.#bytes > this.#listener.limits.responseBytes) {
      return this.#listener.answered(id, { startUs, body: Buffer.alloc(0), omittedBytes: this.#bytes });
    }
    const answer = { status: 200, headers: contentType(this.#listener.env), body };
    this.#listener.answered(id, { startUs, body: isHttp ? Buffer.from(webResult(answer)) : body });
  }

  close(): void {}

  /** What is too large to be answered is counted, not kept. */
  #take(chunk: Buffer): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes <= this.#listener.limits.responseBytes) this.#output.push(chunk);
    else this.#output.length = 0;
  }
}

function contentType(env: Readonly<Record<string, string>>): [string, string][] {
  return [['Content-Type', env['content_type'] ?? 'application/octet-stream']];
}

/** `Http_*` variables of a request, in the watchdog's spelling. */
function variablesOf({ method, url, headers }: WebRequest): Record<string, string> {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  const variables: Record<string, string> = {};
  for (const [name, value] of headers) {
    const canonical = name
      .toLowerCase()
      .replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
    const key = `Http_${canonical.replaceAll('-', '_')}`;
    // Nothing that a caller sends can be a variable of another form.
    if (/^Http_\w+$/.test(key) && !value.includes('\0')) variables[key] ??= value;
  }
  return {
    ...variables,
    Http_Method: method,
    ...(query !== '' && { Http_Query: query }),
    Http_Path: path,
  };
}
