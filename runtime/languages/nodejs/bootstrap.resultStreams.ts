import type { CallStream } from '../../protocol/instance/contract.ts';
import { streamLimits } from '../../protocol/instance/messages.ts';
import { send } from './bootstrap.channel.ts';

/* Results that are sent while they are made: no further ahead of whoever reads them than the protocol allows. */

const open = new Map<string, SentStream>();

/** Of a call that has its answer: nobody is left who reads, and code that goes on behind its answer is not to fail for it. */
export const endedStream: CallStream = { write: (_bytes, done) => done() };

class SentStream implements CallStream {
  readonly #id: string;
  #ahead = 0;
  #closed = false;
  #goOn: (() => void) | undefined;

  constructor(id: string) {
    this.#id = id;
  }

  write(bytes: Uint8Array, done: () => void): void {
    let from = 0;
    const go = () => {
      while (from < bytes.byteLength && !this.#closed) {
        if (this.#ahead >= streamLimits.ahead) {
          this.#goOn = go;
          return;
        }
        const chunk = bytes.subarray(from, from + streamLimits.chunk);
        from += chunk.byteLength;
        this.#ahead += chunk.byteLength;
        send({ type: 'chunk', id: this.#id }, chunk);
      }
      done();
    };
    go();
  }

  taken(bytes: number): void {
    this.#ahead -= bytes;
    this.#continue();
  }

  close(): void {
    this.#closed = true;
    this.#continue();
  }

  #continue(): void {
    const goOn = this.#goOn;
    this.#goOn = undefined;
    goOn?.();
  }
}

/** The result of a call, which has been said to begin. */
export function openStream(id: string): CallStream {
  const stream = new SentStream(id);
  open.set(id, stream);
  return stream;
}

/** The call has its answer. */
export function closeStream(id: string): void {
  if (open.size === 0) return;
  open.get(id)?.close();
  open.delete(id);
}

/** Bytes have left the host. */
export function streamTaken(id: string, bytes: number): void {
  open.get(id)?.taken(bytes);
}
