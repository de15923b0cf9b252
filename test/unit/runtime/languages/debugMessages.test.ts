import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DebugMessageReader, encodeDebugMessage } from '../../../../runtime/languages/debugMessages.ts';

test('messages are read however they are cut, and large ones pass by', () => {
  const bytes = Buffer.concat([
    encodeDebugMessage({ type: 'event', event: 'initialized' }),
    encodeDebugMessage({ type: 'response', body: 'é'.repeat(300_000) }),
    encodeDebugMessage({ type: 'event', event: 'stopped', body: { text: 'ü' } }),
  ]);
  for (const size of [7, 1000, 70_000, bytes.length]) {
    const seen: unknown[] = [];
    const reader = new DebugMessageReader(({ event }) => seen.push(event));
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    assert.deepEqual(seen, ['initialized', 'stopped'], `in pieces of ${size}`);
  }
});

test('what is no message is refused', () => {
  const reader = new DebugMessageReader(() => {});
  assert.throws(() => reader.push(Buffer.alloc(5000, 'x')), /no header/);
  assert.throws(() => new DebugMessageReader(() => {}).push(Buffer.from('Hello: x\r\n\r\n')), /no length/);
});
