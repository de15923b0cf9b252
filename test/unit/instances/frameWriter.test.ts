import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { FrameWriter } from '../../../runtime/instances/frameWriter.ts';
import { FrameReader } from '../../../runtime/protocol/instance/frames.ts';

/** A stream that notes each write that reaches the system. */
class Wire extends Writable {
  readonly writes: Buffer[] = [];

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.writes.push(Buffer.from(chunk));
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  /** The messages in all writes. */
  get messages(): string[] {
    const read: string[] = [];
    const reader = new FrameReader((message, body) => read.push(`${message.type} ${body.length}`));
    for (const bytes of this.writes) reader.push(bytes);
    return read;
  }
}

const invoke = (id: string) => ({ type: 'invoke', id, timeoutMs: 1, context: {}, debugged: false }) as const;

/** The writer's own turn has come by then. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('frames to an instance', () => {
  it('of one turn leave together, in order', async () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire);
    writer.send({ type: 'giveBack' });
    writer.send(invoke('a'), Buffer.from('event'));
    await Promise.resolve();
    // Large bodies are not copied together with their header.
    writer.send(invoke('b'), Buffer.alloc(100_000, 1));
    assert.equal(wire.writes.length, 0);
    await turn();
    assert.equal(wire.writes.length, 1);
    assert.deepEqual(wire.messages, ['giveBack 0', 'invoke 5', 'invoke 100000']);
  });

  it('of a later turn leave by themselves', async () => {
    const wire = new Wire();
    const writer = new FrameWriter(wire);
    writer.send({ type: 'inspect' });
    await turn();
    writer.send({ type: 'giveBack' });
    await turn();
    assert.deepEqual([wire.writes.length, wire.messages], [2, ['inspect 0', 'giveBack 0']]);
  });

  it('go nowhere when there is no process', async () => {
    for (const nowhere of [undefined, null]) {
      const writer = new FrameWriter(nowhere);
      writer.send({ type: 'giveBack' }, Buffer.from('x'));
      await turn();
    }
  });
});
