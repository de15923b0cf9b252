import { writeSync, writevSync } from 'node:fs';
import { Socket } from 'node:net';
import { encodeFrame, frameLimits, FrameReader } from '../../protocol/instance/frames.ts';
import {
  instanceDescriptors,
  type HostToInstance,
  type InstanceToHost,
} from '../../protocol/instance/messages.ts';

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sends a frame before returning: what was said before `process.exit()` or a crash has left the process. The host
 * always reads, so this waits for nothing but the kernel.
 */
export function send(message: InstanceToHost, body?: Uint8Array): void {
  if (body && body.byteLength > frameLimits.body) {
    return send({ ...message, omittedBytes: body.byteLength } as InstanceToHost);
  }
  let parts = encodeFrame(message, body);
  for (;;) {
    let written: number;
    try {
      written =
        parts.length === 1
          ? writeSync(instanceDescriptors.out, parts[0]!)
          : writevSync(instanceDescriptors.out, parts);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN') {
        Atomics.wait(sleeper, 0, 0, 1);
        continue;
      }
      // The host is gone; nobody is left to answer to.
      if (code === 'EPIPE' || code === 'EBADF') process.exit(1);
      throw error;
    }
    parts = remaining(parts, written);
    if (parts.length === 0) return;
  }
}

function remaining(parts: Uint8Array[], written: number): Uint8Array[] {
  let rest = written;
  const left: Uint8Array[] = [];
  for (const part of parts) {
    if (rest >= part.length) rest -= part.length;
    else {
      left.push(part.subarray(rest));
      rest = 0;
    }
  }
  return left;
}

/** Listens to the host. The result decides whether waiting for it keeps the process alive. */
export function listen(onMessage: (message: HostToInstance, body: Buffer) => void): {
  hold(): void;
  release(): void;
} {
  const socket = new Socket({ fd: instanceDescriptors.in, readable: true, writable: false });
  const reader = new FrameReader((message, body) => onMessage(message as HostToInstance, body));
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  // An instance without a host must not live on.
  socket.on('close', () => process.exit(0));
  socket.on('error', () => process.exit(1));
  return { hold: () => socket.ref(), release: () => socket.unref() };
}

/** Microseconds on the clock shared with the host. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
