import { closeSync, openSync, readSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { Deferred } from '../../support/deferred.ts';
import { DebugMessageReader, encodeDebugMessage } from '../debugMessages.ts';
import { findDelve, howToInstallDelve } from './findDelve.ts';

/** Stands around a program that is started for its debugger. */
export interface ProgramDebugger {
  /** The command that starts the program in it. */
  wrap(program: string, args: string[]): { command: string; args: string[] };
  /** A line of output; true: it is the debugger's own. */
  hear(line: string): boolean;
  /** Where it listens. Never settles when the process ends before. */
  readonly listening: Promise<string>;
  /** Resolves when nobody of ours is with the debugger: two at a time would take each other's breakpoints. */
  alone(): Promise<void>;
  /** Nobody will come, or whoever was there has left: the program runs on, or `ended` is told how it ended. */
  left(ended: (code: number) => void): void;
  /** The program may have ended; whoever is attached is told by the debugger itself. */
  look(ended: (code: number) => void): void;
  dispose(): void;
}

/** How a program is debugged, or what it lacks for that. */
export function programDebugger(
  program: string,
): ProgramDebugger | { missing: string } | { declined: string } {
  if (!isGoProgram(program)) return { declined: 'of programs, only those written in Go can be debugged.' };
  const delve = findDelve();
  return delve === undefined
    ? { missing: `the debugger dlv is not installed. Install it: ${howToInstallDelve()}` }
    : new Delve(delve);
}

/** What Go's linker writes into every program it makes (`debug/buildinfo`). */
const goMark = Buffer.from('\xff Go buildinf:', 'latin1');
const chunkBytes = 1024 * 1024;

function isGoProgram(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // A name on the PATH, or nothing: what it is shows when it is started.
    return false;
  }
  try {
    const chunk = Buffer.alloc(chunkBytes + goMark.length);
    for (let at = 0; ; at += chunkBytes) {
      const bytes = readSync(file, chunk, 0, chunk.length, at);
      if (chunk.subarray(0, bytes).includes(goMark)) return true;
      if (bytes < chunk.length) return false;
    }
  } finally {
    closeSync(file);
  }
}

/** What `dlv` prints of itself. */
const ownLines =
  /^(API server listening at:|\d{4}-\d\d-\d\dT\S+ (debug|info|warning|error) layer=|Type 'dlv help')/;

/** What a refusal says of a program that has ended. */
function exitCodeIn(message: object): number | undefined {
  const code = /has exited with status (-?\d+)/.exec(JSON.stringify(message))?.[1];
  return code === undefined ? undefined : Number(code);
}

/** Delve, headless: the program does not begin before a client has come and said that it may. */
class Delve implements ProgramDebugger {
  readonly #delve: string;
  readonly #listening = new Deferred<string>();
  #port = 0;
  #socket: Socket | undefined;
  /** Asked for once more while it is being told. */
  #again = false;
  #disposed = false;
  #gone: Promise<void> | undefined;
  /** Somebody may be attached. */
  #awaited = true;

  constructor(delve: string) {
    this.#delve = delve;
  }

  get listening(): Promise<string> {
    return this.#listening.promise;
  }

  wrap(program: string, args: string[]): { command: string; args: string[] } {
    const own = ['exec', '--headless', '--accept-multiclient', '--api-version=2', '--listen=127.0.0.1:0'];
    const quiet = ['--check-go-version=false', '--log=false'];
    const rest = args.length > 0 ? ['--', ...args] : [];
    return { command: this.#delve, args: [...own, ...quiet, program, ...rest] };
  }

  hear(line: string): boolean {
    const address = /^API server listening at: (?:127\.0\.0\.1|\[::1\]):(\d+)/.exec(line)?.[1];
    if (address !== undefined) {
      this.#port = Number(address);
      this.#listening.resolve(`tcp://127.0.0.1:${address}`);
    }
    return ownLines.test(line);
  }

  /** Without a client it would never begin, and when its last one has left it may be stopped: it is told to run. */
  async alone(): Promise<void> {
    while (this.#socket) await this.#gone;
  }

  look(ended: (code: number) => void): void {
    if (!this.#awaited) this.left(ended);
  }

  left(ended: (code: number) => void): void {
    this.#awaited = false;
    if (this.#port === 0 || this.#disposed) return;
    if (this.#socket) {
      this.#again = true;
      return;
    }
    const socket = connect({ host: '127.0.0.1', port: this.#port });
    this.#socket = socket;
    this.#gone = new Promise((resolve) => socket.once('close', () => resolve()));
    let seq = 0;
    const send = (command: string, given: object = {}) =>
      socket.write(encodeDebugMessage({ seq: ++seq, type: 'request', command, arguments: given }));
    const reader = new DebugMessageReader((message) => {
      const { type, event, command, success } = message;
      const code = success === false ? exitCodeIn(message) : undefined;
      if (code !== undefined) ended(code);
      if (success === false) socket.end();
      if (type === 'event' && event === 'initialized') send('configurationDone');
      if (type === 'response' && command === 'configurationDone') {
        send('disconnect', { terminateDebuggee: false });
      }
      if (type === 'response' && command === 'disconnect') socket.end();
    });
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    // It ended meanwhile, and needs nobody any more.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#socket = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.left(ended);
    });
    send('initialize', { adapterID: 'porchlight', linesStartAt1: true });
    send('attach', { mode: 'remote', stopOnEntry: false });
  }

  dispose(): void {
    this.#disposed = true;
    this.#socket?.destroy();
  }
}
