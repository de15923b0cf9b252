import type { ResultSink, StreamStart } from '../model/resultStream.ts';
import { ResultPassedOn } from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import type { Clock } from '../support/clock.ts';

/** A client that has this much to read gets no more before it has read. */
const mostBuffered = 1024 * 1024;

/** How often is looked whether it has, in milliseconds: connections do not tell. */
const lookEveryMs = 10;

/** Tells a client of a result while it is made. */
export class NoticeSink implements ResultSink {
  readonly #connection: RpcConnection;
  readonly #stream: string;
  readonly #clock: Clock;
  #begun = false;

  /** `stream`: what the client calls it. */
  constructor(connection: RpcConnection, stream: string, clock: Clock) {
    this.#connection = connection;
    this.#stream = stream;
    this.#clock = clock;
  }

  /** The client has what came of the result. */
  get begun(): boolean {
    return this.#begun;
  }

  begin({ web }: StreamStart): boolean {
    // The answer of a server to an HTTP request is told as JSON, which is made when it is complete.
    this.#begun = web === undefined;
    return this.#begun;
  }

  write(bytes: Uint8Array, taken: () => void): void {
    const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    this.#connection.sendNotification(ResultPassedOn, { stream: this.#stream, data });
    this.#whenRead(taken);
  }

  #whenRead(taken: () => void): void {
    const { closed, carrier } = this.#connection;
    if (closed || carrier.bufferedBytes < mostBuffered) taken();
    else this.#clock.after(lookEveryMs, () => this.#whenRead(taken));
  }
}
