import { connect, type Socket } from 'node:net';
import { DebugMessageReader, encodeDebugMessage } from '../../runtime/languages/debugMessages.ts';
import { Deferred } from '../../runtime/support/deferred.ts';

interface Message {
  type: string;
  event?: string;
  request_seq?: number;
  success?: boolean;
  message?: string;
  body?: Record<string, unknown>;
}

/** A debugger that speaks the Debug Adapter Protocol, as far as tests need one. */
export class DapClient {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #sequence = 0;
  readonly #answers = new Map<number, Deferred<Record<string, unknown>>>();
  readonly #events: Message[] = [];
  #waiting: { event: string; answer: Deferred<Message> } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new DebugMessageReader((message) => this.#take(message as Message));
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
  }

  static async connect(url: string): Promise<DapClient> {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new DapClient(socket);
  }

  /** Sends a request; its answer's body. */
  send(command: string, args: object = {}): Promise<Record<string, unknown>> {
    const seq = ++this.#sequence;
    const answer = new Deferred<Record<string, unknown>>();
    this.#answers.set(seq, answer);
    this.#socket.write(encodeDebugMessage({ seq, type: 'request', command, arguments: args }));
    return answer.promise;
  }

  /** The next event of a name, or one that came and nobody asked for. */
  async event(name: string): Promise<Record<string, unknown>> {
    const index = this.#events.findIndex(({ event }) => event === name);
    if (index >= 0) return this.#events.splice(index, 1)[0]!.body ?? {};
    const answer = new Deferred<Message>();
    this.#waiting = { event: name, answer };
    return (await answer.promise).body ?? {};
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(message: Message): void {
    if (message.type === 'response') {
      const answer = this.#answers.get(message.request_seq!);
      if (message.success) answer?.resolve(message.body ?? {});
      else answer?.reject(new Error(message.message));
    } else if (message.event === this.#waiting?.event) {
      const { answer } = this.#waiting!;
      this.#waiting = undefined;
      answer.resolve(message);
    } else this.#events.push(message);
  }
}
