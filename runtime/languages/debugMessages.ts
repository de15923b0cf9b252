/** A message of the Debug Adapter Protocol, as far as it is looked at here. */
export interface DebugMessage {
  type?: string;
  seq?: number;
  event?: string;
  command?: string;
  request_seq?: number;
  success?: boolean;
}

const longestHeader = 4096;
/** Larger messages pass by unread: those that are waited for are small. */
const longestRead = 256 * 1024;

/** Cuts a stream of the Debug Adapter Protocol into messages, for whoever only listens. */
export class DebugMessageReader {
  #onMessage: (message: DebugMessage) => void;
  #pending: Buffer = Buffer.alloc(0);
  /** Bytes of a large message that are still to pass by. */
  #skip = 0;

  constructor(onMessage: (message: DebugMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** Takes the next chunk; throws when it breaks the protocol. */
  push(chunk: Buffer): void {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    this.#pending = Buffer.concat([this.#pending, chunk.subarray(skipped)]);
    for (;;) {
      const end = this.#pending.indexOf('\r\n\r\n');
      if (end < 0) {
        if (this.#pending.length > longestHeader) throw new Error('There is no header of a debug message.');
        return;
      }
      const length = Number(/^content-length:\s*(\d+)/im.exec(this.#pending.toString('latin1', 0, end))?.[1]);
      if (!Number.isSafeInteger(length)) throw new Error('A debug message has no length.');
      const start = end + 4;
      const there = this.#pending.length - start;
      if (length > longestRead) {
        this.#skip = Math.max(0, length - there);
        this.#pending = this.#pending.subarray(start + Math.min(length, there));
        if (this.#skip > 0) return;
        continue;
      }
      if (there < length) return;
      const text = this.#pending.toString('utf8', start, start + length);
      this.#pending = this.#pending.subarray(start + length);
      this.#onMessage(JSON.parse(text) as DebugMessage);
    }
  }
}

/** A message as it goes over the wire. */
export function encodeDebugMessage(message: object): Buffer {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`, 'latin1'), body]);
}
