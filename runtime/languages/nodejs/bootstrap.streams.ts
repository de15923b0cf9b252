type StreamName = 'stdout' | 'stderr';
interface Handle {
  setBlocking?(on: boolean): void;
  unref?(): void;
}
type Write = (chunk: string | Uint8Array) => void;

/*
 * Making `process.stdout` loads Node's network code and costs about 3 ms, more than all the rest of the bootstrap. So
 * it is made when somebody asks for it, and the console, which asks for it in every call, writes past it until then.
 */

/** Replaces `write` of a standard stream as soon as there is one; the console needs none. */
export function interceptStream(name: StreamName, write: Write): void {
  const original = Object.getOwnPropertyDescriptor(process, name)!;
  let stream: NodeJS.WriteStream | undefined;
  const make = (): NodeJS.WriteStream => {
    if (stream) return stream;
    stream = (original.get ? original.get.call(process) : original.value) as NodeJS.WriteStream;
    const handle = (stream as unknown as { _handle?: Handle })._handle;
    // Other writers of the descriptor (child processes) expect it to block; without this `process.exit` cuts their output off.
    handle?.setBlocking?.(true);
    // Nothing is ever under way on it, so it is no work that an invocation leaves open.
    handle?.unref?.();
    stream.write = writeOf(write);
    return stream;
  };
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get: make });
  /** Whether a program may have put its own `write` or its own stream in place of ours. */
  const touched = () => stream !== undefined || Object.getOwnPropertyDescriptor(process, name)?.get !== make;
  (console as unknown as Record<string, unknown>)[`_${name}`] = consoleStream(
    writeOf(write),
    touched,
    () => process[name],
  );
}

/** `write` as streams have it, done when it returns. The console looks into the stream for anything but null. */
function writeOf(write: Write) {
  return (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    write(chunk);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') process.nextTick(done as (error: null) => void, null);
    return true;
  };
}

/** What the console does with a stream, done without one; for any other use it is the stream itself. */
function consoleStream(
  write: ReturnType<typeof writeOf>,
  touched: () => boolean,
  real: () => NodeJS.WriteStream,
): object {
  const light: Record<string | symbol, unknown> = {
    write,
    isTTY: undefined,
    listenerCount: () => 0,
    once: () => undefined,
    removeListener: () => undefined,
  };
  return new Proxy(light, {
    get(target, key) {
      if (!touched() && key in target && Object.hasOwn(target, key)) return target[key];
      const stream = real();
      const value: unknown = Reflect.get(stream, key);
      return typeof value === 'function' ? (value.bind(stream) as unknown) : value;
    },
    set: (_, key, value) => Reflect.set(real(), key, value),
    has: (_, key) => Reflect.has(real(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(real()),
  });
}
