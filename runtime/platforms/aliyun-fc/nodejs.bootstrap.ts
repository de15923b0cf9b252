import {
  ContractError,
  describeThrown,
  type HandlerCall,
  type HandlerContract,
} from '../../protocol/instance/contract.ts';
import { startRequest } from './instance/httpHandler.ts';
import type { RawError } from '../../protocol/instance/messages.ts';

/*
 * How Alibaba Function Compute calls a Node.js handler: `(event: Buffer, context, callback)`; from Node 18 on a
 * returned promise counts as well. Handlers of HTTP triggers of 2.0 get `(req, resp, context)`. Sources: FC documentation "Node.js handlers", and the published runtimes.
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
  const { runtime: _, takesRequests: __, ...shown } = data;
  return { ...shown, logger: logger(), waitsForEmptyEventLoopBeforeCallback: false };
}

function callbackOf(
  call: HandlerCall,
  context: Data,
  use: { used: boolean },
): (error?: unknown, result?: unknown) => void {
  return (error, result) => {
    if (use.used) return;
    use.used = true;
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

/** A proxy can make even this question throw. */
function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function describe(error: unknown, handled: boolean): RawError {
  const described = describeThrown(error);
  // What is no error but was thrown or rejected keeps the name of its type.
  if (handled && !isError(error)) return { ...described, type: 'FunctionHandledError' };
  return described;
}

/**
 * Hooks take `(context[, callback])`; from Node 18 on they may return a promise instead. Before, only the callback and
 * a rejection count, as for handlers. A hook without a callback that returns no promise has done its work.
 */
function runHook(hook: (...args: never[]) => unknown, lifetime: Data): Promise<void> {
  return new Promise((resolve, reject) => {
    const callback = (error?: unknown) =>
      error === null || error === undefined ? resolve() : reject(error as Error);
    const context = contextOf(lifetime);
    const value = (hook as (...args: unknown[]) => unknown)(context, callback) as
      PromiseLike<unknown> | undefined;
    const byPromise = usesPromiseValues(lifetime);
    if (typeof value?.then === 'function') value.then(() => byPromise && resolve(), reject);
    else if (byPromise && hook.length < 2) resolve();
  });
}

/** The contract of Alibaba Function Compute, event functions. */
export const contract: HandlerContract = {
  resolve({ exports, exportName, handler }) {
    const own = (exports as Data | null | undefined)?.[exportName];
    const found =
      own ?? ((exports as { default?: Data } | undefined)?.default as Data | undefined)?.[exportName];
    if (typeof found !== 'function') {
      // As configured: what runs may be a bundle that its author never saw.
      const [, module, name] = /^(.*)\.(.*)$/.exec(handler) ?? [];
      throw new ContractError('HandlerNotFound', `Handler '${name}' is missing on module '${module}'`);
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
    if (call.lifetime['takesRequests'] === true) return startRequest(handler, call, context);
    const use = { used: false };
    const callback = callbackOf(call, context, use);
    call.run(
      () => (handler as (...args: unknown[]) => unknown)(call.event, context, callback),
      (value, fromPromise) => {
        // The callback came first, though its answer goes out a tick later.
        if (use.used) return;
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
    const { message, stack } = describeThrown(error);
    const report = new Error(`uncaughtException: ${message}`);
    report.name = 'FunctionUnhandledError';
    if (isError(error) && stack.length > 0) report.stack = stack.join('\n');
    return { report, exitCode: 1 };
  },
};
