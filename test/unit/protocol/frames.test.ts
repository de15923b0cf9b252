import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeHeader, FrameError, FrameReader } from '../../../runtime/protocol/instance/frames.ts';

function read(chunks: Buffer[]): [unknown, string][] {
  const frames: [unknown, string][] = [];
  const reader = new FrameReader((message, body) => frames.push([message, body.toString('utf8')]));
  for (const chunk of chunks) reader.push(chunk);
  return frames;
}

const stream = Buffer.concat([
  encodeHeader({ type: 'a', n: 1 }, 0),
  encodeHeader({ type: 'b' }, 5),
  Buffer.from('hello'),
  encodeHeader({ type: 'c' }, 0),
  encodeHeader({ type: 'd', text: 'ü' }, 2),
  Buffer.from('ok'),
]);
const frames = [
  [{ type: 'a', n: 1 }, ''],
  [{ type: 'b' }, 'hello'],
  [{ type: 'c' }, ''],
  [{ type: 'd', text: 'ü' }, 'ok'],
];

describe('instance frames', () => {
  it('are the same however the stream is cut', () => {
    for (let size = 1; size <= stream.length; size++) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
      assert.deepEqual(read(chunks), frames, `chunks of ${size} bytes`);
    }
  });

  it('are refused when they announce too much, hold no JSON, or have no type', () => {
    const huge = Buffer.alloc(8);
    huge.writeUInt32LE(0xffffffff, 0);
    const frame = (text: string) => {
      const header = Buffer.from(text);
      const prefix = Buffer.alloc(8);
      prefix.writeUInt32LE(header.length, 0);
      return Buffer.concat([prefix, header]);
    };
    for (const bytes of [huge, frame('no json'), frame('null'), frame('[]'), frame('{"type":1}')]) {
      assert.throws(() => read([bytes]), FrameError);
    }
  });
});
