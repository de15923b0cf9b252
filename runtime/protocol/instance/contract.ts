import type { StreamStart } from '../../model/resultStream.ts';
import type { RawError } from './messages.ts';

/** A result that is sent while it is made. */
export interface CallStream {
  /**
   * Sends the next bytes. `done` is called when more may follow, which may be long after: whoever reads the result may
   * be slow. What is written behind the call's answer is dropped.
   */
  write(bytes: Uint8Array, done: () => void): void;
}

/** One event on its way through a handler; settled once, later calls are ignored. */
export interface HandlerCall {
  readonly id: string;
  readonly event: Buffer;
  /** When its time is over, in milliseconds since the epoch. */
  readonly deadline: number;
  /** What the platform's host side provided for the context object. */
  readonly data: Record<string, unknown>;
  /** Data that holds for the life of the instance. */
  readonly lifetime: Record<string, unknown>;
  succeed(body: Buffer): void;
  /** Begins a result that is sent while it is made; `succeed` with nothing, or `fail`, ends it. Called once at most. */
  stream(start: StreamStart): CallStream;
  /** `handled`: the code reported the error through the contract instead of throwing it. */
  fail(error: unknown, handled: boolean): void;
  /**
   * Calls user code: what it throws or rejects with fails the call; otherwise `done` gets the value, and whether it
   * was a promise's. While a debugger is attached nothing of ours catches on the stack, so that 'uncaught' breakpoints stop.
   */
  run(code: () => unknown, done: (value: unknown, fromPromise: boolean) => void): void;
  /** Calls back when the event loop has nothing left to do; the last one registered wins, undefined removes it. */
  whenIdle(callback: (() => void) | undefined): void;
}

/** An export that a handler string names, in a module that has been loaded. */
export interface NamedExport {
  exports: unknown;
  exportName: string;
  /** The handler string as configured. */
  handler: string;
  entry: string;
}

/** How a platform calls a handler; one bundle per platform, loaded by the bootstrap. Uses nothing but Node. */
export interface HandlerContract {
  /** The function behind an export name, or a thrown `ContractError` that says what the platform would say. */
  resolve(named: NamedExport, lifetime: Record<string, unknown>): (...args: never[]) => unknown;
  /** Turns what failed while loading into the platform's error. */
  loadError(error: unknown, handler: string): RawError;
  /** Environment variables it sets anew for each call: they are no state of the user's. */
  ownVariables?: readonly string[];
  /** Prepares globals the platform provides; called before user code loads. */
  prepare?(lifetime: Record<string, unknown>): void;
  /** An initializer that the module brings along, once it is resolved; one that a project file names goes before it. */
  initializer?(): ((...args: never[]) => unknown) | undefined;
  start(handler: (...args: never[]) => unknown, call: HandlerCall): void;
  /** Runs an initializer or pre-stop hook. */
  hook?(hook: (...args: never[]) => unknown, lifetime: Record<string, unknown>): Promise<void>;
  /** What is reported for an error of user code. */
  describe(error: unknown, handled: boolean): RawError;
  /** The body an invoke caller gets for it. `call`: whose error it is. */
  errorBody(error: unknown, handled: boolean, call: HandlerCall): Buffer;
  /** What happens when code outside of a handler's promise fails: exit code after reporting, or leaving it to Node. */
  uncaught(kind: 'exception' | 'rejection', error: unknown): { report: unknown; exitCode: number } | 'crash';
}

/** An error whose type the platform names, e.g. `Runtime.HandlerNotFound`. */
export class ContractError extends Error {
  readonly type: string;

  constructor(type: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.type = type;
    this.name = type;
  }
}

declare const __dirname: string | undefined;

/** Characters of an error's text and of a line of its stack that are told: with them it fits into a frame's header. */
const longest = { text: 100_000, line: 4000 };

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length)}…` : text;

/** Name, text and raw stack of anything that was thrown. Getters of hostile objects cannot break it. */
export function describeThrown(value: unknown): RawError {
  try {
    if (value instanceof Error || isErrorLike(value)) {
      const error = value as Error;
      return {
        type: cut(String(error.name || 'Error'), longest.line),
        message: cut(String(error.message), longest.text),
        stack: stackLines(error.stack),
      };
    }
    return {
      type: value === null ? 'null' : typeof value,
      message: cut(textOf(value), longest.text),
      stack: [],
    };
  } catch {
    return { type: 'Error', message: 'The thrown value cannot be shown: reading it throws.', stack: [] };
  }
}

function isErrorLike(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Error).stack === 'string' &&
    'message' in value
  );
}

/** The folder of our bundles, where this is part of one: `contracts` lies in it. Otherwise nothing is known to be ours. */
const ownFolder = typeof __dirname === 'string' ? __dirname.replace(/[\\/]contracts$/, '') : undefined;

/** Under this name a process keeps the files whose first line is moved by the wrapper they are compiled in. */
const wrappedFiles = Symbol.for('porchlight.wrappedFiles');

/** Columns by which first lines are moved, by file. */
type WrappedFiles = Map<string, number>;

/** The files of this process: noted by whoever compiles, read by contracts, which are bundles of their own. */
export function wrappedFilesHere(): WrappedFiles {
  const holder = globalThis as { [wrappedFiles]?: WrappedFiles };
  if (!holder[wrappedFiles]) {
    Object.defineProperty(globalThis, wrappedFiles, { value: new Map(), enumerable: false });
  }
  return holder[wrappedFiles]!;
}

/** A frame with the column that its place has in the file. */
function inFile(line: string): string {
  const found = /^(\s+at .*?\(?)((?:[A-Za-z]:)?[^():]*[\\/][^()]*?):1:(\d+)(\)?)$/.exec(line);
  if (!found) return line;
  const [, head, file, column, end] = found;
  const moved = wrappedFilesHere().get(file!);
  return moved === undefined ? line : `${head}${file}:1:${Math.max(1, Number(column) - moved)}${end}`;
}

/** Without our own frames: they say nothing to users, and less to those who call their functions. */
function stackLines(stack: unknown): string[] {
  if (typeof stack !== 'string') return [];
  const lines = stack.split('\n', 60).map((line) => inFile(cut(line, longest.line)));
  return ownFolder === undefined ? lines : lines.filter((line) => !isOwnFrame(line, ownFolder));
}

function isOwnFrame(line: string, folder: string): boolean {
  return /^\s+at /.test(line) && line.includes(folder) && /\.cjs:\d+:\d+\)?$/.test(line);
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
