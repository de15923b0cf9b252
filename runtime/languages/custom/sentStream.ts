import type { IncomingMessage } from 'node:http';
import { streamLimits } from '../../protocol/instance/messages.ts';

/** A body that is passed on while it comes, no further ahead of whoever reads it than the protocol allows. */
export class SentStream {
  readonly #source: IncomingMessage;
  /** Resolves when nothing more comes: whether the body is complete. */
  readonly ended: Promise<boolean>;
  #ahead = 0;

  constructor(source: IncomingMessage, send: (chunk: Buffer) => void) {
    this.#source = source;
    this.ended = new Promise((resolve) => {
      source.once('end', () => resolve(source.complete));
      // It broke off. What comes behind `end` finds the promise settled.
      source.once('close', () => resolve(false));
      source.once('error', () => resolve(false));
      // It broke off before anybody looked.
      if (source.destroyed) resolve(false);
    });
    source.on('data', (chunk: Buffer) => {
      this.#ahead += chunk.byteLength;
      if (this.#ahead >= streamLimits.ahead) source.pause();
      send(chunk);
    });
  }

  taken(bytes: number): void {
    this.#ahead -= bytes;
    if (this.#ahead < streamLimits.ahead) this.#source.resume();
  }
}
