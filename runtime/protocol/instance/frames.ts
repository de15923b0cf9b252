/*
 * A frame: `[u32 header length][u32 body length][header: JSON][body: bytes]`, little endian. Bodies are never encoded,
 * so an event of a megabyte costs a copy and no parsing.
 */

/** Bounds of one frame in bytes; a peer that exceeds them is not speaking this protocol. */
export const frameLimits = { header: 4 * 1024 * 1024, body: 256 * 1024 * 1024 } as const;

const prefixLength = 8;

/** Encodes prefix and header; the body is written as it is, behind. */
export function encodeHeader(message: object, bodyLength: number): Buffer {
  const header = Buffer.from(JSON.stringify(message), 'utf8');
  const frame = Buffer.allocUnsafe(prefixLength + header.length);
  frame.writeUInt32LE(header.length, 0);
  frame.writeUInt32LE(bodyLength, 4);
  header.copy(frame, prefixLength);
  return frame;
}

/** Bodies up to this many bytes travel in one buffer with their header: a copy is cheaper than a second write. */
const smallBody = 16 * 1024;

/** Encodes a whole frame: one buffer for a small body, otherwise header and body, which is not copied. */
export function encodeFrame(message: object, body?: Uint8Array): Uint8Array[] {
  const bodyLength = body?.byteLength ?? 0;
  if (body && bodyLength > smallBody) return [encodeHeader(message, bodyLength), body];
  const header = JSON.stringify(message);
  const headerLength = Buffer.byteLength(header, 'utf8');
  const frame = Buffer.allocUnsafe(prefixLength + headerLength + bodyLength);
  frame.writeUInt32LE(headerLength, 0);
  frame.writeUInt32LE(bodyLength, 4);
  frame.write(header, prefixLength, 'utf8');
  if (body) frame.set(body, prefixLength + headerLength);
  return [frame];
}

/** Thrown for bytes that are no frames. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Cuts a stream of chunks into frames. Bodies are the receiver's own copies. */
export class FrameReader {
  #onFrame: (message: { type: string }, body: Buffer) => void;
  /** Bytes of an unfinished prefix or header. */
  #pending: Buffer = Buffer.alloc(0);
  #message: { type: string } | undefined;
  #body: Buffer | undefined;
  #bodyFilled = 0;

  constructor(onFrame: (message: { type: string }, body: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Takes the next chunk; throws a `FrameError` when it breaks the format. */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 || this.#body?.length === 0) {
      if (this.#body) {
        const taken = rest.copy(this.#body, this.#bodyFilled);
        this.#bodyFilled += taken;
        rest = rest.subarray(taken);
        if (this.#bodyFilled < this.#body.length) return;
        const message = this.#message!;
        const body = this.#body;
        this.#body = undefined;
        this.#message = undefined;
        this.#onFrame(message, body);
        continue;
      }
      if (this.#pending.length > 0) {
        rest = Buffer.concat([this.#pending, rest]);
        this.#pending = Buffer.alloc(0);
      }
      const taken = this.#readHeader(rest);
      if (taken === 0) {
        this.#pending = Buffer.from(rest);
        return;
      }
      rest = rest.subarray(taken);
    }
  }

  #readHeader(data: Buffer): number {
    if (data.length < prefixLength) return 0;
    const headerLength = data.readUInt32LE(0);
    const bodyLength = data.readUInt32LE(4);
    if (headerLength > frameLimits.header || bodyLength > frameLimits.body) {
      throw new FrameError(`A frame announces ${headerLength} and ${bodyLength} bytes, more than allowed.`);
    }
    const end = prefixLength + headerLength;
    if (data.length < end) return 0;
    this.#message = parseHeader(data.toString('utf8', prefixLength, end));
    // Small ones share the pool's slabs: allocating for each would cost more than reading it.
    this.#body =
      bodyLength <= smallBody ? Buffer.allocUnsafe(bodyLength) : Buffer.allocUnsafeSlow(bodyLength);
    this.#bodyFilled = 0;
    return end;
  }
}

function parseHeader(text: string): { type: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FrameError('The header of a frame is not JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || typeof (value as { type?: unknown }).type !== 'string') {
    throw new FrameError('The header of a frame has no type.');
  }
  return value as { type: string };
}
