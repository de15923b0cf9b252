import {
  ContractError,
  describeThrown,
  type HandlerCall,
  type HandlerContract,
} from '../../protocol/instance/contract.ts';
import { isStreaming, offerStreaming, startStreaming } from './streaming.bootstrap.ts';

/*
 * How AWS Lambda calls a Node.js handler. Up to nodejs22 as runtime interface client 3 does (callback, `context.done`,
 * null once the event loop is empty), from nodejs24 on as version 4 does (promise or plain value only, and nothing that
 * catches what nobody else does).
 */

type Data = Record<string, unknown>;
type AnyFunction = (...args: unknown[]) => unknown;

const traceVariable = '_X_AMZN_TRACE_ID';

function isLegacy(lifetime: Data): boolean {
  const version = /^nodejs(\d+)/.exec(String(lifetime['runtime'] ?? ''))?.[1];
  return version === undefined || Number(version) < 24;
}

function encode(value: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(value === undefined ? null : value) ?? 'null', 'utf8');
  } catch (cause) {
    throw new ContractError('Runtime.JSONStringifyError', 'Unable to stringify response body', { cause });
  }
}

function parseEvent(call: HandlerCall): unknown {
  return JSON.parse(call.event.toString('utf8')) as unknown;
}

/** A call is answered by the first of callback, `context.*` and promise; an answer that cannot be encoded is an error. */
function answer(call: HandlerCall, value: unknown): void {
  try {
    call.succeed(encode(value));
  } catch (error) {
    call.fail(error, false);
  }
}

function baseContext(call: HandlerCall): Data {
  const { traceHeader: _, runtime: __, ...shown } = call.data;
  const logStreamName = process.env['AWS_LAMBDA_LOG_STREAM_NAME'];
  return { ...shown, logStreamName, getRemainingTimeInMillis: () => call.deadline - Date.now() };
}

/** Adds what only the older runtimes offer. `settle`: the promise's value; the first of all ways to answer counts. */
function legacyContext(call: HandlerCall): {
  context: Data;
  callback: AnyFunction;
  settle: (value: unknown) => void;
} {
  let waits = true;
  let used = false;
  const first = (): boolean => !used && (used = true);
  const finish = (error: unknown, value: unknown) => {
    call.whenIdle(undefined);
    if (error !== null && error !== undefined) call.fail(error, true);
    else answer(call, value);
  };
  const done = (error?: unknown, value?: unknown) => {
    if (first()) finish(error, value);
  };
  const callback = (error?: unknown, value?: unknown) => {
    if (!first()) return;
    if ((error !== null && error !== undefined) || !waits) finish(error, value);
    else call.whenIdle(() => setImmediate(() => answer(call, value)));
  };
  const context = baseContext(call);
  Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
    enumerable: true,
    get: () => waits,
    set: (value: unknown) => {
      waits = Boolean(value);
    },
  });
  Object.assign(context, {
    done,
    succeed: (value?: unknown) => done(null, value),
    fail: (error?: unknown) => done(error ?? 'handled'),
  });
  return { context, callback, settle: (value) => done(null, value) };
}

function nested(exports: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Data | null | undefined)?.[key], exports);
}

function errorJson(error: unknown): Data {
  const { type, message, stack } = describeThrown(error);
  return {
    errorType: type,
    errorMessage: message,
    trace: stack,
    ...(stack.length === 0 && plainText(error)),
  };
}

/** What is no error is told by its kind and as text (runtime interface client): an object by neither name nor content. */
function plainText(thrown: unknown): Data | undefined {
  try {
    return thrown instanceof Error ? undefined : { errorType: typeof thrown, errorMessage: String(thrown) };
  } catch {
    // It cannot be turned into text; what was found out about it stands.
    return undefined;
  }
}

/** Which rules hold, for what happens outside of calls. */
let legacy = true;

/** The contract of AWS Lambda's Node.js runtimes. */
export const contract: HandlerContract = {
  ownVariables: [traceVariable],
  prepare(lifetime) {
    legacy = isLegacy(lifetime);
    offerStreaming();
  },
  resolve({ exports, exportName, handler }, lifetime) {
    const found =
      nested(exports, exportName) ?? nested((exports as { default?: unknown } | null)?.default, exportName);
    if (found === undefined || found === null) {
      throw new ContractError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
    }
    if (typeof found !== 'function') {
      throw new ContractError('Runtime.HandlerNotFound', `${handler} is not a function`);
    }
    // Read by its mark: a streaming one takes three arguments, of which none is a callback.
    if (!isStreaming(found) && !isLegacy(lifetime) && found.length >= 3) {
      throw new ContractError(
        'Runtime.CallbackHandlerDeprecated',
        'This Node.js runtime no longer supports callback handlers: make the handler async and return its result.',
      );
    }
    return found as (...args: never[]) => unknown;
  },
  loadError(error) {
    const described = describeThrown(error);
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      return { ...described, type: 'Runtime.ImportModuleError', message: `Error: ${described.message}` };
    }
    if (error instanceof SyntaxError) {
      return {
        ...described,
        type: 'Runtime.UserCodeSyntaxError',
        message: `SyntaxError: ${described.message}`,
      };
    }
    return described;
  },
  start(handler, call) {
    const event = parseEvent(call);
    const traceHeader = String(call.data['traceHeader']);
    process.env[traceVariable] = traceHeader;
    if (isStreaming(handler)) {
      const context = { ...baseContext(call), ...(!legacy && { xRayTraceId: traceHeader }) };
      // The older client throws texts, the newer one errors.
      const refusal = (message: string) => (legacy ? message : new Error(message));
      return startStreaming(handler as AnyFunction, call, { event, context, refusal });
    }
    if (!legacy) {
      const context = { ...baseContext(call), xRayTraceId: traceHeader };
      return call.run(
        () => (handler as AnyFunction)(event, context),
        (value) => answer(call, value),
      );
    }
    const { context, callback, settle } = legacyContext(call);
    // A handler that leaves nothing to wait for and never answers is answered with null, as in the cloud.
    call.whenIdle(() => setImmediate(() => answer(call, null)));
    return call.run(
      () => (handler as AnyFunction)(event, context, callback),
      (value, fromPromise) => {
        if (fromPromise) settle(value);
      },
    );
  },
  describe: (error) => describeThrown(error),
  errorBody: (error) => Buffer.from(JSON.stringify(errorJson(error)), 'utf8'),
  uncaught(kind, error) {
    // The newer client has no handlers: Node prints it and ends, and Lambda sees a runtime that exited.
    if (!legacy) return 'crash';
    if (kind === 'exception') return { report: error, exitCode: 129 };
    const { message, stack } = describeThrown(error);
    const report = new ContractError('Runtime.UnhandledPromiseRejection', message, { cause: error });
    report.stack = [`${report.type}: ${message}`, ...stack.slice(1)].join('\n');
    return { report, exitCode: 128 };
  },
};
