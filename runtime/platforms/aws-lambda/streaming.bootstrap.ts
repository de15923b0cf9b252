import type * as Stream from 'node:stream';
import { builtin } from '../../languages/nodejs/bootstrap.builtins.ts';
import { ContractError, type CallStream, type HandlerCall } from '../../protocol/instance/contract.ts';

/*
 * Handlers that write their result bit by bit: `awslambda.streamifyResponse((event, responseStream, context) => …)`, as
 * Lambda's runtime interface client offers it (developer guide "Response streaming").
 */

type AnyFunction = (...args: unknown[]) => unknown;

const mark = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

const webType = 'application/vnd.awslambda.http-integration-response';
const separator = Buffer.alloc(8);

/** What the code writes its result to. */
type ResponseStream = Stream.Writable & {
  setContentType(type: string): void;
  /** What has to come before the first bytes; set by `HttpResponseStream`, and by libraries in its place. */
  _onBeforeFirstWrite?: (write: (bytes: string | Uint8Array) => void) => void;
};

/** Whether a handler asked for a response stream; a mark of another kind is an error of its author's. */
export function isStreaming(handler: unknown): boolean {
  const marked = (handler as Record<symbol, unknown>)[mark];
  if (!marked) return false;
  if (marked !== 'response') {
    throw new ContractError('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.');
  }
  return true;
}

/** Makes the global `awslambda`, by which code asks for a response stream. */
export function offerStreaming(): void {
  if (/^(1|true)$/.test(process.env['AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA'] ?? '')) return;
  const streamifyResponse = (handler: AnyFunction, options?: { highWaterMark?: unknown }): AnyFunction => {
    const marked = handler as AnyFunction & Record<symbol, unknown>;
    marked[mark] = 'response';
    const given = options?.highWaterMark;
    if (given !== undefined) marked[highWaterMark] = Number.parseInt(String(given), 10);
    return handler;
  };
  const HttpResponseStream = {
    from(stream: ResponseStream, prelude: unknown): ResponseStream {
      stream.setContentType(webType);
      const text = JSON.stringify(prelude);
      stream._onBeforeFirstWrite = (write) => {
        write(text);
        write(separator);
      };
      return stream;
    },
  };
  Object.defineProperty(globalThis, 'awslambda', {
    value: { ...(globalThis as { awslambda?: object }).awslambda, streamifyResponse, HttpResponseStream },
    configurable: true,
    writable: true,
    enumerable: true,
  });
}

/**
 * Calls a handler that writes its result; the call ends when all of that is on its way, also when the handler has
 * returned before. `refusal`: what its runtime makes of a message of its own.
 */
export function startStreaming(
  handler: AnyFunction,
  call: HandlerCall,
  given: { event: unknown; context: object; refusal: (message: string) => unknown },
): void {
  const stream = responseStream(call, (handler as unknown as Record<symbol, unknown>)[highWaterMark]);
  const refuse = (message: string) => call.fail(given.refusal(message), false);
  const end = () => {
    call.whenIdle(undefined);
    if (stream.writableFinished) call.succeed(Buffer.alloc(0));
    else refuse('Response stream is not finished.');
  };
  call.run(
    () => handler(given.event, stream, given.context),
    (value, fromPromise) => {
      if (!fromPromise) return refuse('Streaming does not support non-async handlers.');
      if (value !== undefined) console.warn('Streaming handlers ignore return values.');
      if (stream.writableFinished || stream.destroyed) return end();
      stream.once('close', end);
      // Nothing is left that could end it. In the cloud it would be waited for until the time is over.
      if (!stream.writableEnded) call.whenIdle(end);
    },
  );
}

function responseStream(call: HandlerCall, highWaterMark: unknown): ResponseStream {
  // Loaded when it is needed: most functions answer in one piece.
  const { Writable } = builtin<typeof Stream>('node:stream');
  let contentType = 'application/octet-stream';
  let sent: CallStream | undefined;
  const begin = (): CallStream => {
    if (sent) return sent;
    sent = call.stream({ contentType });
    const parts: Uint8Array[] = [];
    stream._onBeforeFirstWrite?.((bytes) => parts.push(Buffer.from(bytes as string)));
    if (parts.length === 0) return sent;
    const { write } = sent;
    return { write: (bytes, done) => write.call(sent, Buffer.concat([...parts, bytes]), done) };
  };
  const inner = new Writable({
    ...(typeof highWaterMark === 'number' && highWaterMark >= 0 && { highWaterMark }),
    write: (chunk: Uint8Array, _encoding, done) => begin().write(chunk, done),
    final: (done) => begin().write(Buffer.alloc(0), done),
  });
  const write = inner.write.bind(inner) as (chunk: unknown, ...rest: unknown[]) => boolean;
  const stream: ResponseStream = Object.assign(inner, {
    // Objects are written as JSON.
    write: (chunk: unknown, ...rest: unknown[]) => {
      const plain = typeof chunk === 'string' || chunk instanceof Uint8Array || chunk === null;
      return write(plain ? chunk : JSON.stringify(chunk), ...rest);
    },
    setContentType(type: string): void {
      if (sent) {
        throw new ContractError('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
      }
      contentType = String(type);
    },
  });
  return stream;
}
