import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  FrameReader,
  maskedHeader,
  opcodes,
  wholeMessageBytes,
  WebSocketFrameError,
} from '../../../../../runtime/languages/nodejs/webSocketFrames.ts';

/** A server's frame, unmasked unless a key is given. */
function frame(
  opcode: number,
  payload: Buffer,
  { fin = true, key }: { fin?: boolean; key?: Buffer } = {},
): Buffer {
  const mask = key ? 0x80 : 0;
  const start = [(fin ? 0x80 : 0) | opcode];
  let header: Buffer;
  if (payload.length < 126) header = Buffer.from([...start, mask | payload.length]);
  else if (payload.length < 65536)
    header = Buffer.from([...start, mask | 126, payload.length >> 8, payload.length & 255]);
  else {
    header = Buffer.alloc(10);
    header[0] = start[0]!;
    header[1] = mask | 127;
    header.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  if (!key) return Buffer.concat([header, payload]);
  return Buffer.concat([header, key, payload.map((byte, i) => byte ^ key[i & 3]!)]);
}

/** Reads chunks; the result spells what was found, pieces of one message joined by `+`. */
function read(chunks: Buffer[]): string[] {
  const found: string[] = [];
  const reader = new FrameReader({
    onPiece: (piece, first, last) => {
      const text = piece.length > 40 ? `${piece.length} bytes` : piece.toString();
      found.push(`${first ? '' : '+'}${text}${last ? '' : '…'}`);
    },
    onPing: (payload) => found.push(`ping ${payload}`),
    onClose: () => found.push('close'),
  });
  for (const chunk of chunks) reader.push(chunk);
  return found;
}

const text = (value: string, options?: Parameters<typeof frame>[2]) =>
  frame(opcodes.text, Buffer.from(value), options);

suite('frames of a WebSocket', () => {
  const cases: { name: string; bytes: Buffer; found: string[] }[] = [
    { name: 'two messages', bytes: Buffer.concat([text('one'), text('two')]), found: ['one', 'two'] },
    { name: 'an empty message', bytes: Buffer.concat([text(''), text('x')]), found: ['', 'x'] },
    { name: 'a mask', bytes: text('masked', { key: Buffer.from([1, 2, 3, 4]) }), found: ['masked'] },
    {
      name: 'fragments with a ping between',
      bytes: Buffer.concat([
        text('a', { fin: false }),
        frame(opcodes.ping, Buffer.from('?')),
        frame(opcodes.continuation, Buffer.from('b')),
      ]),
      found: ['a…', 'ping ?', '+b'],
    },
    { name: 'a 16-bit length', bytes: text('y'.repeat(300)), found: ['300 bytes'] },
    { name: 'a 64-bit length', bytes: text('z'.repeat(70_000)), found: ['70000 bytes'] },
    { name: 'a close', bytes: frame(opcodes.close, Buffer.from([3, 232])), found: ['close'] },
    { name: 'an unasked pong', bytes: frame(opcodes.pong, Buffer.alloc(0)), found: [] },
  ];
  for (const { name, bytes, found } of cases) {
    test(name, () => {
      assert.deepEqual(read([Buffer.from(bytes)]), found);
      const bytewise = Array.from(bytes, (byte) => Buffer.from([byte]));
      assert.deepEqual(read(bytewise), found, 'byte by byte');
    });
  }

  test('a large message is passed on as it comes', () => {
    const bytes = text('l'.repeat(wholeMessageBytes + 10));
    assert.deepEqual(read([bytes.subarray(0, 110), bytes.subarray(110)]), [
      '100 bytes…',
      `+${wholeMessageBytes - 90} bytes`,
    ]);
  });

  test('what is no frame is refused', () => {
    const bad = [
      Buffer.from([0xf1, 0]),
      Buffer.from([0x80, 1, 65]),
      Buffer.concat([text('a', { fin: false }), text('b')]),
      frame(opcodes.ping, Buffer.alloc(126)),
      Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]),
    ];
    for (const bytes of bad) assert.throws(() => read([bytes]), WebSocketFrameError);
  });

  test('our own headers are read back', () => {
    for (const length of [0, 125, 126, 65_535, 65_536]) {
      const payload = Buffer.alloc(length, ' ');
      const bytes = Buffer.concat([maskedHeader(opcodes.text, length), payload]);
      assert.equal(read([bytes]).length, 1, `${length}`);
    }
  });
});
