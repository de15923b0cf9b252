import { crc32 } from 'node:zlib';

/*
 * Messages of AWS's event stream encoding: `[u32 total][u32 headers][u32 CRC of these][headers][payload][u32 CRC of
 * all]`, big endian; a header is `[u8 length][name][u8 type = 7][u16 length][text]`.
 */

const textType = 7;

function header(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  return Buffer.concat([Buffer.of(nameBytes.length), nameBytes, Buffer.of(textType), length, valueBytes]);
}

/** One event of a stream, e.g. `PayloadChunk`. */
export function encodeEvent(eventType: string, contentType: string, payload: Uint8Array): Buffer {
  const headers = Buffer.concat([
    header(':event-type', eventType),
    header(':content-type', contentType),
    header(':message-type', 'event'),
  ]);
  const message = Buffer.alloc(16 + headers.length + payload.byteLength);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  headers.copy(message, 12);
  message.set(payload, 12 + headers.length);
  message.writeUInt32BE(crc32(message.subarray(0, -4)), message.length - 4);
  return message;
}
