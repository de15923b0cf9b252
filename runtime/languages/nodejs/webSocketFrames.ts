/*
 * WebSocket frames (RFC 6455 §5) on a raw socket. The relay needs its own: it announces frames before their content is
 * known (`inspectorSocket.ts`), and passes messages of a hundred megabytes on without holding them.
 */

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Messages up to this size are delivered in one piece, so that they can be looked into; larger ones as they arrive. */
export const wholeMessageBytes = 1024 * 1024;

/** No inspector message is larger; js-debug refuses more than this as well. */
export const maxMessageBytes = 256 * 1024 * 1024;

/** Thrown for bytes that are no frames, or too large ones. */
export class WebSocketFrameError extends Error {
  override readonly name = 'WebSocketFrameError';
}

/** Header of a client's final frame, masked with the key 0: that is legal, and the payload stays as it is. */
export function maskedHeader(opcode: number, length: number): Buffer {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, 0x80 | length, 0, 0, 0, 0]);
  if (length < 65536) return Buffer.from([first, 0xfe, length >> 8, length & 255, 0, 0, 0, 0]);
  const header = Buffer.alloc(14);
  header[0] = first;
  header[1] = 0xff;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/** What a reader finds. `first` and `last` tell where in its message a piece stands. */
export interface FrameHandlers {
  onPiece(piece: Buffer, first: boolean, last: boolean): void;
  onPing(payload: Buffer): void;
  onClose(): void;
}

interface Frame {
  opcode: number;
  fin: boolean;
  mask: Buffer | undefined;
  length: number;
  taken: number;
}

/** Cuts a stream of chunks into messages and control frames. */
export class FrameReader {
  #handlers: FrameHandlers;
  #pending: Buffer = Buffer.alloc(0);
  #frame: Frame | undefined;
  #parts: Buffer[] = [];
  #insideMessage = false;
  #messageBytes = 0;

  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers;
  }

  /** Takes the next chunk; throws a `WebSocketFrameError` when it breaks the format. */
  push(chunk: Buffer): void {
    let rest = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    this.#pending = Buffer.alloc(0);
    for (;;) {
      if (!this.#frame) {
        const headerLength = this.#readHeader(rest);
        if (headerLength === 0) {
          this.#pending = Buffer.from(rest);
          return;
        }
        rest = rest.subarray(headerLength);
      }
      const frame = this.#frame!;
      const part = rest.subarray(0, frame.length - frame.taken);
      if (frame.mask) unmask(part, frame.mask, frame.taken);
      frame.taken += part.length;
      rest = rest.subarray(part.length);
      this.#take(frame, part);
      if (frame.taken < frame.length) return;
      this.#frame = undefined;
      if (rest.length === 0) return;
    }
  }

  #readHeader(data: Buffer): number {
    if (data.length < 2) return 0;
    const masked = (data[1]! & 0x80) !== 0;
    let length = data[1]! & 0x7f;
    let at = 2;
    if (length === 126) {
      if (data.length < 4) return 0;
      length = data.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (data.length < 10) return 0;
      length = Number(data.readBigUInt64BE(2));
      at = 10;
    }
    if (masked) at += 4;
    if (data.length < at) return 0;
    const opcode = data[0]! & 0x0f;
    const mask = masked ? Buffer.from(data.subarray(at - 4, at)) : undefined;
    this.#frame = { opcode, fin: (data[0]! & 0x80) !== 0, mask, length, taken: 0 };
    this.#check(this.#frame, (data[0]! & 0x70) !== 0);
    return at;
  }

  #check(frame: Frame, reserved: boolean): void {
    if (reserved) throw new WebSocketFrameError('A frame has reserved bits set.');
    if (frame.opcode >= 8) {
      if (frame.length > 125 || !frame.fin) throw new WebSocketFrameError('A control frame is too long.');
      return;
    }
    if ((frame.opcode === opcodes.continuation) !== this.#insideMessage) {
      throw new WebSocketFrameError('A frame continues no message, or interrupts one.');
    }
    this.#messageBytes = (this.#insideMessage ? this.#messageBytes : 0) + frame.length;
    if (this.#messageBytes > maxMessageBytes) {
      throw new WebSocketFrameError(`A message has more than ${maxMessageBytes} bytes.`);
    }
  }

  #take(frame: Frame, part: Buffer): void {
    const ended = frame.taken === frame.length;
    if (frame.opcode >= 8 || frame.length <= wholeMessageBytes) {
      if (!ended) {
        this.#parts.push(part);
        return;
      }
      const whole = this.#parts.length > 0 ? Buffer.concat([...this.#parts, part]) : part;
      this.#parts = [];
      if (frame.opcode >= 8) this.#control(frame.opcode, whole);
      else this.#deliver(frame, whole, ended);
    } else if (part.length > 0 || ended) {
      this.#deliver(frame, part, ended);
    }
  }

  #deliver(frame: Frame, piece: Buffer, frameEnded: boolean): void {
    const first = !this.#insideMessage;
    const last = frameEnded && frame.fin;
    this.#insideMessage = !last;
    this.#handlers.onPiece(piece, first, last);
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode === opcodes.close) this.#handlers.onClose();
    else if (opcode === opcodes.ping) this.#handlers.onPing(payload);
  }
}

function unmask(part: Buffer, mask: Buffer, offset: number): void {
  for (let i = 0; i < part.length; i++) part[i]! ^= mask[(offset + i) & 3]!;
}
