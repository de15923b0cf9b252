import type { LogLevel } from '../../model/words.ts';
import { currentCall } from './bootstrap.callContext.ts';
import { nowUs, send } from './bootstrap.channel.ts';
import { interceptStream } from './bootstrap.streams.ts';

/*
 * What a function prints from JavaScript goes to the host as messages: in order with its answer, complete before any
 * exit, attributed to its invocation, and with the call site of console calls. Only native code and child processes
 * still write to the descriptors themselves.
 */

type Frame = [file: string, line: number, column: number];

const levels: Record<string, LogLevel> = {
  trace: 'trace',
  debug: 'debug',
  log: 'info',
  info: 'info',
  dir: 'info',
  table: 'info',
  warn: 'warn',
  error: 'error',
  assert: 'error',
  // These are written in terms of the ones above, which would take Node's own code for the call site.
  dirxml: 'info',
  count: 'info',
  group: 'info',
  groupCollapsed: 'info',
  timeLog: 'info',
  timeEnd: 'info',
};

/** Set while one of the console's methods writes. */
let site: { level: LogLevel; frame?: Frame } | undefined;

/** Whether anybody is going to look at call sites. */
let positions = false;

/** From now on console calls are told with their call site, or without. */
export function tellPositions(wanted: boolean): void {
  positions = wanted;
}

let observer: (() => void) | undefined;

/** Tells of each output; undefined: no longer. */
export function observeOutput(callback: (() => void) | undefined): void {
  observer = callback;
}

/** Reads one raw frame above `below` without formatting a stack: 1 to 3 µs. */
function callSite(below: (...args: unknown[]) => unknown): Frame | undefined {
  const holder: { stack?: NodeJS.CallSite } = {};
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_, sites) => sites[0];
  try {
    Error.captureStackTrace(holder, below);
    const frame = holder.stack;
    const file = frame?.getFileName();
    return frame && file ? [file, frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0] : undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function patchConsole(): void {
  const target = console as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const [name, level] of Object.entries(levels)) {
    const original = target[name]!;
    const patched = function (this: unknown, ...args: unknown[]): unknown {
      // Some methods are written in terms of others (`assert` calls `warn`): the outermost call is the user's.
      if (site) return Reflect.apply(original, this, args);
      const frame = positions ? callSite(patched) : undefined;
      site = frame ? { level, frame } : { level };
      try {
        return Reflect.apply(original, this, args);
      } finally {
        site = undefined;
      }
    };
    Object.defineProperty(patched, 'name', { value: name });
    target[name] = patched;
  }
}

/** Characters of one message: a header of any of them stays far below its bound. */
const longestPiece = 64 * 1024;

/** A console call is one entry, of which no log keeps more than this; what is written otherwise is told whole. */
function pieces(text: string, entry: boolean): string[] {
  if (text.length <= longestPiece) return [text];
  if (entry) return [text.slice(0, longestPiece)];
  const found: string[] = [];
  for (let at = 0; at < text.length; at += longestPiece) found.push(text.slice(at, at + longestPiece));
  return found;
}

/** Sends what is written to a stream; `site` says which call of the console did it. */
function sendOutput(stream: 'stdout' | 'stderr', chunk: string | Uint8Array): void {
  const text =
    typeof chunk === 'string'
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8');
  observer?.();
  const call = currentCall();
  for (const piece of pieces(text, site !== undefined)) {
    send({
      type: 'log',
      ...(call ? { id: call.id } : {}),
      atUs: nowUs(),
      stream,
      ...site,
      text: piece,
    });
  }
}

/** Routes the output of this process to the host. */
export function captureOutput(): void {
  interceptStream('stdout', (chunk) => sendOutput('stdout', chunk));
  interceptStream('stderr', (chunk) => sendOutput('stderr', chunk));
  patchConsole();
}
