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
const setsPrelude = Symbol('prelude');

const webType = 'application/vnd.awslambda.http-integration-response';
const separator = Buffer.alloc(8);

/** What the code writes its result to. */
type ResponseStream = Stream.Writable & {
  setContentType(type: string): void;
  [setsPrelude](prelude: Buffer): void;
};

/** Whether a handler asked for a response stream; a mark of another kind is an error of its author's. */
export function isStreaming(handler: unknown): boolean {
  const marked = (handler as Record<symbol, unknown>)[mark];
  if (marked === undefined) return false;
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
      stream[setsPrelude](Buffer.concat([Buffer.from(JSON.stringify(prelude)), separator]));
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

/** Calls a handler that writes its result; the call ends when all of that is on its way. */
export function startStreaming(
  handler: AnyFunction,
  call: HandlerCall,
  event: unknown,
  context: object,
): void {
  const stream = responseStream(call, (handler as unknown as Record<symbol, unknown>)[highWaterMark]);
  const refuse = (message: string) =>
    call.fail(new ContractError('Runtime.InvalidStreamingOperation', message), false);
  call.run(
    () => handler(event, stream, context),
    (value, fromPromise) => {
      if (!fromPromise) return refuse('Streaming does not support non-async handlers.');
      if (value !== undefined) console.warn('Streaming handlers ignore return values.');
      if (!stream.writableEnded) return refuse('Response stream is not finished.');
      if (stream.writableFinished) return call.succeed(Buffer.alloc(0));
      stream.once('error', (error) => call.fail(error, false));
      stream.once('close', () => {
        if (stream.writableFinished) call.succeed(Buffer.alloc(0));
        else refuse('Response stream is not finished.');
      });
    },
  );
}

function responseStream(call: HandlerCall, highWaterMark: unknown): ResponseStream {
  // Loaded when it is needed: most functions answer in one piece.
  const { Writable } = builtin<typeof Stream>('node:stream');
  let contentType = 'application/octet-stream';
  let prelude: Buffer | undefined;
  let sent: CallStream | undefined;
  const begin = (): CallStream => (sent ??= call.stream({ contentType }));
  const write = (bytes: Uint8Array, done: () => void): void => {
    const stream = begin();
    const before = prelude;
    prelude = undefined;
    if (before) stream.write(before, () => stream.write(bytes, done));
    else stream.write(bytes, done);
  };
  const stream = new Writable({
    ...(typeof highWaterMark === 'number' && highWaterMark >= 0 && { highWaterMark }),
    write: (chunk: Uint8Array, _encoding, done) => write(chunk, done),
    final: (done) => write(Buffer.alloc(0), done),
  });
  return Object.assign(stream, {
    setContentType(type: string): void {
      if (sent) {
        throw new ContractError('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.');
      }
      contentType = String(type);
    },
    [setsPrelude](bytes: Buffer): void {
      if (sent) {
        throw new ContractError(
          'Runtime.InvalidStreamingOperation',
          'The prelude of the response has to be set before anything is written.',
        );
      }
      prelude = bytes;
    },
  });
}
