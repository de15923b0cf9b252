import {
  ContractError,
  describeThrown,
  type HandlerCall,
  type HandlerContract,
} from '../../protocol/instance/contract.ts';
import type { RawError } from '../../protocol/instance/messages.ts';

/*
 * How Alibaba Function Compute calls a Node.js handler: `(event: Buffer, context, callback)`; from Node 18 on a
 * returned promise counts as well. Sources: FC documentation "Node.js handlers", and the published runtimes.
 */

type Data = Record<string, unknown>;

const empty = Buffer.alloc(0);

function encode(value: unknown): Buffer {
  if (value === null || value === undefined) return empty;
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  if (typeof value === 'object') return Buffer.from(JSON.stringify(value) ?? '', 'utf8');
  return Buffer.from(String(value), 'utf8');
}

/** Before Node 18 the value of a promise is ignored and only its rejection counts. */
function usesPromiseValues(lifetime: Data): boolean {
  const version = /^nodejs(\d+)/.exec(String(lifetime['runtime'] ?? ''))?.[1];
  return version === undefined || Number(version) >= 18;
}

function logger(): Record<string, (...args: unknown[]) => void> {
  return {
    debug: console.debug,
    info: console.info,
    warn: console.warn,
    error: console.error,
    log: console.log,
  };
}

/** The context object; `data` is the invocation's own copy, so it may be handed out. */
function contextOf(data: Data): Data {
  const { runtime: _, ...shown } = data;
  return { ...shown, logger: logger(), waitsForEmptyEventLoopBeforeCallback: false };
}

function callbackOf(call: HandlerCall, context: Data): (error?: unknown, result?: unknown) => void {
  let used = false;
  return (error, result) => {
    if (used) return;
    used = true;
    const finish = () => {
      if (error !== null && error !== undefined) return call.fail(error, true);
      try {
        call.succeed(encode(result));
      } catch (failure) {
        call.fail(failure, false);
      }
    };
    if (context['waitsForEmptyEventLoopBeforeCallback']) call.whenIdle(() => setImmediate(finish));
    else process.nextTick(finish);
  };
}

function describe(error: unknown, handled: boolean): RawError {
  const described = describeThrown(error);
  if (!(error instanceof Error) && handled) return { ...described, type: 'FunctionHandledError' };
  return described;
}

/** Hooks take `(context[, callback])` or return a promise. */
function runHook(hook: (...args: never[]) => unknown, lifetime: Data): Promise<void> {
  return new Promise((resolve, reject) => {
    const callback = (error?: unknown) =>
      error === null || error === undefined ? resolve() : reject(error as Error);
    const context = contextOf(lifetime);
    const value = (hook as (...args: unknown[]) => unknown)(context, callback) as
      PromiseLike<unknown> | undefined;
    if (typeof value?.then === 'function') value.then(() => resolve(), reject);
    else if (hook.length < 2) resolve();
  });
}

/** The contract of Alibaba Function Compute, event functions. */
export const contract: HandlerContract = {
  resolve({ exports, exportName, entry }) {
    const own = (exports as Data | null | undefined)?.[exportName];
    const found =
      own ?? ((exports as { default?: Data } | undefined)?.default as Data | undefined)?.[exportName];
    if (typeof found !== 'function') {
      throw new ContractError('HandlerNotFound', `Handler '${exportName}' is missing on module '${entry}'`);
    }
    return found as (...args: never[]) => unknown;
  },
  loadError(error) {
    const described = describeThrown(error);
    if (error instanceof SyntaxError) return { ...described, type: 'UserCodeSyntaxError' };
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      return { ...described, type: 'ImportModuleError' };
    }
    return described;
  },
  start(handler, call) {
    const context = contextOf(call.data);
    const callback = callbackOf(call, context);
    call.run(
      () => (handler as (...args: unknown[]) => unknown)(call.event, context, callback),
      (value, fromPromise) => {
        if (fromPromise && usesPromiseValues(call.lifetime)) call.succeed(encode(value));
      },
    );
  },
  hook: runHook,
  describe,
  errorBody(error, handled) {
    const { type, message, stack } = describe(error, handled);
    return Buffer.from(JSON.stringify({ errorMessage: message, errorType: type, stackTrace: stack }), 'utf8');
  },
  uncaught(kind, error) {
    if (kind === 'rejection') return { report: error, exitCode: 1 };
    const { message } = describeThrown(error);
    const report = new Error(`uncaughtException: ${message}`);
    report.name = 'FunctionUnhandledError';
    if (error instanceof Error && error.stack) report.stack = error.stack;
    return { report, exitCode: 1 };
  },
};
