import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import { FrameReader, maskedHeader, opcodes, type FrameHandlers } from './webSocketFrames.ts';

/** A connection to the inspector of a Node process that acknowledges what it receives without delay. */
export interface InspectorSocket {
  /** Sends one message of the Chrome DevTools Protocol. */
  send(message: Buffer): void;
  /** Stops reading while the other side cannot keep up. */
  pause(): void;
  resume(): void;
  /** Ends the inspector's session: a paused process runs on. */
  close(): void;
}

export interface InspectorSocketHandlers {
  /** `first` and `last` tell where in its message a piece stands. */
  onPiece: FrameHandlers['onPiece'];
  /** The inspector, or `close()`, ended the connection. Called once. */
  onClose(error?: Error): void;
}

/** Bytes announced for the padding of one frame. */
const paddingBytes = 8192;

/** Id of the command that fills a frame up when its padding is used up; its reply goes nowhere. */
export const fillerId = 2_000_000_001;
const filler = Buffer.from(JSON.stringify({ id: fillerId, method: 'Porchlight.fill' }));
const fillerReply = Buffer.from(`"id":${fillerId}`);
const space = Buffer.from(' ');

/** Connects to the address an inspector reported, `ws://127.0.0.1:port/uuid`. */
export function connectInspector(url: string, handlers: InspectorSocketHandlers): Promise<InspectorSocket> {
  const { hostname, port, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = get({
      host: hostname,
      port,
      path: pathname,
      agent: false,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        'Sec-WebSocket-Version': '13',
      },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      response.resume();
      reject(new Error(`The inspector refused the connection with status ${response.statusCode}.`));
    });
    request.once('upgrade', (_response, socket, head) => {
      resolve(new PaddedSocket(socket as Socket, head, handlers));
    });
  });
}

/**
 * The inspector writes with Nagle's algorithm on, so it holds a message back until the one before is acknowledged,
 * and the system delays acknowledgements by some 40 ms. Data sent at once carries them along; but pongs make the
 * inspector hang up, and every command provokes a reply that waits in turn. So a text frame of 8 KB is announced, and
 * each chunk received is answered with one space of it: white space around the command that will end up in the frame
 * is legal JSON.
 */
class PaddedSocket implements InspectorSocket {
  #socket: Socket;
  #reader: FrameReader;
  #handlers: InspectorSocketHandlers;
  /** Bytes left in the frame announced to the inspector. */
  #room = 0;
  #closed = false;

  constructor(socket: Socket, head: Buffer, handlers: InspectorSocketHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#reader = new FrameReader({
      onPiece: (piece, first, last) => {
        if (first && last && piece.length < 200 && piece.includes(fillerReply)) return;
        handlers.onPiece(piece, first, last);
      },
      // A pong would make the inspector hang up; it does not send pings either.
      onPing: () => {},
      onClose: () => this.close(),
    });
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#finish(error));
    socket.on('end', () => this.close());
    socket.on('close', () => this.#finish());
    // What came along with the answer to the upgrade is read in the next turn, when the caller knows this object.
    if (head.length > 0) socket.unshift(head);
  }

  send(message: Buffer): void {
    if (this.#closed) return;
    if (this.#room > 0 && message.length > this.#room) this.#fill();
    if (this.#room === 0) {
      this.#socket.write(Buffer.concat([maskedHeader(opcodes.text, message.length), message]));
    } else {
      this.#socket.write(padded(message, this.#room));
      this.#room = 0;
    }
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
    this.#finish();
  }

  #receive(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#socket.destroy();
      this.#finish(error as Error);
      return;
    }
    if (!this.#closed) this.#acknowledge();
  }

  #acknowledge(): void {
    if (this.#room === 0) {
      this.#room = paddingBytes;
      this.#socket.write(maskedHeader(opcodes.text, paddingBytes));
    } else if (this.#room > filler.length) {
      this.#room--;
      this.#socket.write(space);
    } else {
      this.#fill();
    }
  }

  #fill(): void {
    this.#socket.write(padded(filler, this.#room));
    this.#room = 0;
  }

  #finish(error?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers.onClose(error);
  }
}

function padded(message: Buffer, length: number): Buffer {
  const frame = Buffer.alloc(length, ' ');
  message.copy(frame);
  return frame;
}
