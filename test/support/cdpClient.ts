import { once } from 'node:events';
import { WebSocket } from 'ws';

interface CdpMessage {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** A bare Chrome DevTools Protocol client, the debugger's part in tests. */
export class CdpClient {
  #socket: WebSocket;
  #lastId = 0;
  #replies = new Map<number, (message: CdpMessage) => void>();
  #waiting: { method: string; resolve: (params: Record<string, unknown>) => void }[] = [];
  /** Events nobody waited for yet. */
  #events: CdpMessage[] = [];
  readonly closed: Promise<unknown>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = once(socket, 'close');
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)) as CdpMessage));
  }

  static async connect(url: string, headers: Record<string, string> = {}): Promise<CdpClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false, headers });
    const client = new CdpClient(socket);
    await once(socket, 'open');
    return client;
  }

  async send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const reply = new Promise<CdpMessage>((resolve) => this.#replies.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await reply;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** The next event of this name, also one that came before and was not asked for. */
  event(method: string): Promise<Record<string, unknown>> {
    const index = this.#events.findIndex((message) => message.method === method);
    if (index >= 0) return Promise.resolve(this.#events.splice(index, 1)[0]!.params ?? {});
    return new Promise((resolve) => this.#waiting.push({ method, resolve }));
  }

  ping(): Promise<unknown> {
    const pong = once(this.#socket, 'pong');
    this.#socket.ping();
    return pong;
  }

  close(): void {
    this.#socket.close();
  }

  #receive(message: CdpMessage): void {
    if (message.id !== undefined) {
      this.#replies.get(message.id)?.(message);
      this.#replies.delete(message.id);
      return;
    }
    const index = this.#waiting.findIndex(({ method }) => method === message.method);
    if (index >= 0) this.#waiting.splice(index, 1)[0]!.resolve(message.params ?? {});
    else this.#events.push(message);
  }
}
