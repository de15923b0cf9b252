import type { Writable } from 'node:stream';
import { encodeFrame } from '../protocol/instance/frames.ts';
import type { HostToInstance } from '../protocol/instance/messages.ts';

/**
 * Sends frames to an instance. What is said in one turn of the event loop leaves in one write: waking the other process
 * is what a hand-over costs, not its bytes.
 */
export class FrameWriter {
  readonly #out: Writable | null | undefined;
  #parts: Uint8Array[] = [];
  #scheduled = false;

  /** Without a stream (the process could not be started) nothing is sent. */
  constructor(out: Writable | null | undefined) {
    this.#out = out;
  }

  send(message: HostToInstance, body?: Uint8Array): void {
    for (const part of encodeFrame(message, body)) this.#parts.push(part);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    const parts = this.#parts;
    const out = this.#out;
    this.#parts = [];
    if (!out) return;
    // A single write needs no gathering by the stream.
    if (parts.length > 1) out.cork();
    for (const part of parts) out.write(part);
    if (parts.length > 1) out.uncork();
  };
}
