import { readSync, writeSync, writevSync } from 'node:fs';
import type * as Net from 'node:net';
import { encodeFrame, frameLimits, FrameReader } from '../../protocol/instance/frames.ts';
import {
  instanceDescriptors,
  type HostToInstance,
  type InstanceToHost,
} from '../../protocol/instance/messages.ts';
import { builtin } from './bootstrap.builtins.ts';

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

/** The way from the host to here. */
export interface Channel {
  /** Whether waiting for the host keeps the process alive. */
  hold(): void;
  release(): void;
}

/**
 * Listens to the host. The first message is waited for without the event loop: a booted instance has nothing else to
 * do, and in a cold start it is there already. Node's network code is loaded after it has been dealt with, that is, as
 * a rule, when the first answer is out.
 */
export function listen(onMessage: (message: HostToInstance, body: Buffer) => void): Channel & {
  start(): void;
  /** Loads what listening needs, unless that has been done. */
  open(): void;
} {
  let socket: Net.Socket | undefined;
  let held = true;
  let heard = false;
  const reader = new FrameReader((message, body) => {
    heard = true;
    onMessage(message as HostToInstance, body);
  });
  const open = () => {
    if (socket) return;
    const net = builtin<typeof Net>('node:net');
    try {
      socket = new net.Socket({ fd: instanceDescriptors.in, readable: true, writable: false });
    } catch {
      // User code closed the descriptor: nothing will be heard any more, and no other call served.
      process.exit(1);
    }
    if (!held) socket.unref();
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    // An instance without a host must not live on.
    socket.on('close', () => process.exit(0));
    socket.on('error', () => process.exit(1));
  };
  return {
    open,
    hold: () => {
      held = true;
      socket?.ref();
    },
    release: () => {
      held = false;
      socket?.unref();
    },
    start() {
      // Windows' pipes are read by the event loop only.
      if (process.platform !== 'win32') readFirst(reader, () => heard);
      if (heard) setImmediate(open);
      else open();
    },
  };
}

/** Reads until a message is complete, or until it turns out that this cannot be done here. */
function readFirst(reader: FrameReader, heard: () => boolean): void {
  const chunk = Buffer.allocUnsafeSlow(64 * 1024);
  while (!heard()) {
    let length: number;
    try {
      length = readSync(instanceDescriptors.in, chunk);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EINTR') continue;
      if (code === 'EAGAIN') return;
      throw error;
    }
    if (length === 0) process.exit(0);
    reader.push(chunk.subarray(0, length));
  }
}

/** Microseconds on the clock shared with the host. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
