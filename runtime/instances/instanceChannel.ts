import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { FrameReader } from '../protocol/instance/frames.ts';
import type { Clock } from '../support/clock.ts';

/** Milliseconds between the end of a channel and that of its process that are taken for one event. */
const channelPatienceMs = 500;

/** Who hears a channel. */
export interface ChannelListener {
  message(message: { type: string }, body: Buffer): void;
  /** Nothing comes any more. */
  closed(): void;
  /** What came, or did not, is against the protocol. */
  broken(how: string): void;
}

/** Reads what an instance says over its channel (descriptors 3 and 4) until that closes. */
export function hearChannel(child: ChildProcess, clock: Clock, listener: ChannelListener): void {
  const [heard, spoken] = [child.stdio[3] as Readable, child.stdio[4] as Readable];
  const reader = new FrameReader((message, body) => listener.message(message, body));
  spoken.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch (error) {
      listener.broken((error as Error).message);
    }
  });
  for (const stream of [heard, spoken]) {
    stream.on('error', () => {});
    // It closes with the process, mostly a moment before its exit is known. A process that lives on without it would
    // never answer again.
    stream.once('end', () => listener.closed());
    stream.once('close', () => {
      listener.closed();
      clock.after(channelPatienceMs, () => listener.broken('it closed its channel.'));
    });
  }
  // Nothing comes over it, but only a stream that is read tells of its end.
  heard.on('data', () => {});
}
